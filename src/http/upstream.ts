import type { z } from 'zod';
import type { ReadKind } from '../domain/read-kind.ts';

/**
 * One platform as one operation may ask it: address, credential, the viewer's identity, deadline, limits and request budget
 * are already part of it. Every failure is an UpstreamError.
 */
export interface Upstream {
  /** The user whom every request names, and whose sessions alone are read; null when it names none. */
  readonly user: string | null;
  /** The JSON at `path`, as `schema` reads it. A null path stands for an id that must not be sent; no request is sent. */
  get<Value>(path: string | null, options: GetOptions<Value>): Promise<Value>;
  /** As `get`, and null when the platform says 404. */
  find<Value>(path: string | null, options: GetOptions<Value>): Promise<Value | null>;
}

export interface GetOptions<Value> {
  /** Parameters that are null are left out, because platforms filter by empty strings too. */
  readonly query?: Readonly<Record<string, string | number | null>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Value>;
  /** What is read, which decides how long it may be shared. Default: sessions. */
  readonly kind?: ReadKind;
  /** Whether the platform itself must be asked, whatever was read before. */
  readonly anew?: boolean;
  /** What an error response means, for platforms whose error bodies say more than the status. */
  readonly explain?: Explain;
}

/** Null where the status says it all. `body` is the JSON of the response, undefined when it is not JSON. */
export type Explain = (status: number, body: unknown) => Explanation | null;

export interface Explanation {
  /** The status that the answer should have had. */
  readonly status: number;
  /** The error message; null for the usual one. Never the platform's own text, which may contain anything. */
  readonly sentence: string | null;
}
