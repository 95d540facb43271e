import type { PlatformStore, Quirks } from './platform.ts';

export interface PlatformRequest {
  readonly method: string;
  /** Each segment decoded once, so an encoded slash stays inside its segment; a trailing slash is a last empty one. */
  readonly segments: readonly string[];
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  /** Scheme and `Host` header. */
  readonly origin: string;
  readonly header: (name: string) => string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** An iterable is sent piece by piece, so that a huge answer never is in memory as a whole. */
  readonly body: string | Iterable<string>;
}

/** What a platform file builds and `listen` puts behind a port. */
export interface PlatformModel extends PlatformStore {
  readonly dialect: string | null;
  readonly basePath: string;
  answer(request: PlatformRequest): Reply;
  /** How this platform words an error of this status. */
  errorReply(status: number): Reply;
}

export interface ModelOptions {
  readonly dialect: string | null;
  readonly seed: number;
  readonly sessions: number;
  readonly agents: number;
  readonly users: readonly string[];
  readonly timezoneOffsetMinutes: number;
  readonly stateBytes: number;
  readonly credential: string | null;
  readonly quirks: Quirks;
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
