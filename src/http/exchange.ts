import type { Pool } from 'undici';
import type { UpstreamCode } from '../domain/errors.ts';
import { readText } from './read-text.ts';
import { untilAborted } from './until-aborted.ts';

export type ReplyHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** With its query; sent as it is. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly text: string;
}

export type Exchange =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'failure'; readonly code: UpstreamCode; readonly cause: Error };

// Enough for any error document.
const maxErrorBytes = 64 * 1024;

/** One request and its whole answer. Rejects only with the reason of `signal`. */
export async function exchange(
  pool: Pool,
  request: HttpRequest,
  options: { readonly signal: AbortSignal; readonly maxBytes: number },
): Promise<Exchange> {
  const { signal, maxBytes } = options;
  try {
    signal.throwIfAborted();
    // undici reacts to an abort only once it has a connection, so a hanging connect is abandoned here.
    return await untilAborted(send(pool, request, signal, maxBytes), signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return toFailure(error);
  }
}

async function send(pool: Pool, request: HttpRequest, signal: AbortSignal, maxBytes: number): Promise<Exchange> {
  const { method, path, headers, body } = request;
  const response = await pool.request({ method, path, headers, body, signal });
  const { statusCode: status } = response;
  const success = status >= 200 && status < 300;
  const text = await readText(response.body, {
    declared: Number(response.headers['content-length'] ?? 0),
    maxBytes: success ? maxBytes : Math.min(maxBytes, maxErrorBytes),
  });
  if (text === null && success) {
    return {
      kind: 'failure',
      code: 'UPSTREAM_BAD_RESPONSE',
      cause: new Error(`The response is larger than ${maxBytes} bytes.`),
    };
  }
  return { kind: 'reply', reply: { status, headers: response.headers, text: text ?? '' } };
}

function toFailure(error: unknown): Exchange {
  const name = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
  // Only its code: undici's own errors hold addresses and, for an unacceptable header, its value.
  const cause = new Error(`The request failed: ${name}.`);
  if (name === 'UND_ERR_INVALID_ARG') return { kind: 'failure', code: 'UPSTREAM_REJECTED', cause };
  if (name.startsWith('HPE_') || name === 'UND_ERR_HEADERS_OVERFLOW') {
    return { kind: 'failure', code: 'UPSTREAM_BAD_RESPONSE', cause };
  }
  return { kind: 'failure', code: 'UPSTREAM_UNAVAILABLE', cause };
}
