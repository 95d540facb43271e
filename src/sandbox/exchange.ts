import type { IncomingHttpHeaders } from 'node:http';

export interface PlatformRequest {
  readonly method: string;
  /** Path and query exactly as they arrived. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Each segment decoded once, so an encoded slash stays inside its segment; a trailing slash is a last empty one. */
  readonly segments: readonly string[];
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  /** Scheme and `Host` header. */
  readonly origin: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** An iterable is sent piece by piece, so that a huge answer never is in memory as a whole. */
  readonly body: string | Iterable<string>;
}

/** What arrived, as a platform reads it. */
export function toPlatformRequest(
  method: string,
  url: string,
  incoming: IncomingHttpHeaders,
  scheme: string,
): PlatformRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const mark = url.indexOf('?');
  const rawPath = mark === -1 ? url : url.slice(0, mark);
  const rawQuery = mark === -1 ? '' : url.slice(mark + 1);
  return {
    method,
    url,
    headers,
    segments: rawPath.split('/').slice(1).map(decodeSegment),
    rawPath,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    origin: `${scheme}://${headers.host ?? ''}`,
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign is taken literally, as the Python and Rust servers do.
    return segment;
  }
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function textReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: '' };
}

/** The value of a parameter as the Python servers see it: of a repeated one the last wins. */
export function lastValue(query: URLSearchParams, name: string): string | null {
  return query.getAll(name).at(-1) ?? null;
}
