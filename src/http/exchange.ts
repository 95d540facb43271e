import type { Dispatcher, Pool } from 'undici';
import type { UpstreamCode } from '../domain/errors.ts';
import type { Stop } from './stop.ts';

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
  /** As it came in. */
  readonly bytes: number;
}

export type Exchange =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'failure'; readonly code: UpstreamCode; readonly cause: Error; readonly sentence?: string };

export interface ExchangeOptions {
  readonly stop: Stop;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

// Enough for any error document.
const maxErrorBytes = 64 * 1024;
const longestTimer = 2 ** 31 - 1;

/**
 * One request and its whole answer. Rejects only with the reason of `stop`. It takes the answer from undici piece by piece,
 * because the stream around it, its signal and its timers cost more than all the rest of a small request.
 */
export function exchange(pool: Pool, request: HttpRequest, options: ExchangeOptions): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    if (options.stop.reason !== null) return reject(options.stop.reason);
    const body = createBody(options.maxBytes);
    let controller: Dispatcher.DispatchController | null = null;
    let isOver = false;

    function end(): boolean {
      if (isOver) return false;
      isOver = true;
      if (timer !== null) clearTimeout(timer);
      unfollow();
      return true;
    }

    /** undici reacts to an abort only once it has a connection, so whoever waits is answered before. */
    function giveUp(cause: Error): boolean {
      if (!end()) return false;
      controller?.abort(cause);
      return true;
    }

    // A longer delay would make setTimeout fire at once.
    const timer = options.timeoutMs > longestTimer ? null : setTimeout(runOut, Math.max(0, options.timeoutMs)).unref();
    const unfollow = options.stop.onStop((reason) => {
      if (giveUp(reason)) reject(reason);
    });

    function runOut(): void {
      const cause = new Error(`No answer within ${Math.round(options.timeoutMs)} ms.`);
      if (giveUp(cause)) resolve({ kind: 'failure', code: 'UPSTREAM_TIMEOUT', cause });
    }

    function cutOff(): void {
      if (giveUp(new Error('The response is too large.'))) resolve(body.cutOff());
    }

    function fail(error: Error): void {
      if (end()) resolve(toFailure(error));
    }

    try {
      pool.dispatch(request, {
        onRequestStart(started) {
          controller = started;
          if (isOver) started.abort(new Error('Nobody waits for this any more.'));
        },
        onResponseStart(_controller, status, headers) {
          if (!body.begin(status, headers)) cutOff();
        },
        onResponseData(_controller, chunk) {
          if (!body.add(chunk)) cutOff();
        },
        onResponseEnd() {
          if (!end()) return;
          try {
            resolve({ kind: 'reply', reply: body.reply() });
          } catch {
            // Longer than any text can be.
            resolve(body.cutOff());
          }
        },
        onResponseError: (_controller, error) => fail(error),
      });
    } catch (error) {
      fail(error instanceof Error ? error : new Error('The request could not be sent.'));
    }
  });
}

/** The answer as it comes in. Of an error no more than a document's length is read. */
function createBody(maxBytes: number) {
  const chunks: Buffer[] = [];
  let status = 0;
  let headers: ReplyHeaders = {};
  let size = 0;

  const isSuccess = () => status >= 200 && status < 300;
  const limit = () => (isSuccess() ? maxBytes : Math.min(maxBytes, maxErrorBytes));

  return {
    /** False when it says that it will be too large. Also called for each interim answer before the true one. */
    begin(newStatus: number, newHeaders: ReplyHeaders): boolean {
      status = newStatus;
      headers = newHeaders;
      return Number(headers['content-length'] ?? 0) <= limit();
    },
    /** False when it has become too large. */
    add(chunk: Buffer): boolean {
      size += chunk.length;
      chunks.push(chunk);
      return size <= limit();
    },
    reply: (): Reply => ({ status, headers, text: toText(chunks, size), bytes: size }),
    /** What an answer comes to that is too large to be read to its end. */
    cutOff(): Exchange {
      if (!isSuccess()) return { kind: 'reply', reply: { status, headers, text: '', bytes: size } };
      const cause = new Error(`The response is larger than ${maxBytes} bytes.`);
      const sentence = `gave an answer of more than ${maxBytes} bytes, which is the maximum`;
      return { kind: 'failure', code: 'UPSTREAM_BAD_RESPONSE', cause, sentence };
    },
  };
}

const byteOrderMark = 0xfeff;

function toText(chunks: readonly Buffer[], size: number): string {
  const [first] = chunks;
  const text = (first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, size)).toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

function toFailure(error: Error): Exchange {
  const name = 'code' in error ? String(error.code) : 'no code';
  // Only its code: undici's own errors hold addresses and, for an unacceptable header, its value.
  const cause = new Error(`The request failed: ${name}.`);
  if (name === 'UND_ERR_INVALID_ARG') return { kind: 'failure', code: 'UPSTREAM_REJECTED', cause };
  if (name.startsWith('HPE_') || name === 'UND_ERR_HEADERS_OVERFLOW') {
    return { kind: 'failure', code: 'UPSTREAM_BAD_RESPONSE', cause };
  }
  return { kind: 'failure', code: 'UPSTREAM_UNAVAILABLE', cause };
}
