import type { z } from 'zod';

/**
 * One platform as one operation may ask it: address, credential, the viewer's identity, deadline, limits and request budget
 * are already part of it. Every failure is an UpstreamError.
 */
export interface Upstream {
  /** The JSON at `path`, as `schema` reads it. A path of null is of an id that must not be sent: nothing is asked. */
  get<Value>(path: string | null, options: GetOptions<Value>): Promise<Value>;
  /** As `get`, and null when the platform says 404. */
  find<Value>(path: string | null, options: GetOptions<Value>): Promise<Value | null>;
}

export interface GetOptions<Value> {
  /** Parameters that are null are left out: platforms filter by empty texts. */
  readonly query?: Readonly<Record<string, string | number | null>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Value>;
  /** What a refusal means, for platforms whose words say more than their status. */
  readonly explain?: Explain;
}

/** Null where the status says it all. `body` is the JSON of the answer, and undefined when it is none. */
export type Explain = (status: number, body: unknown) => Explanation | null;

export interface Explanation {
  /** The status that the answer should have had. */
  readonly status: number;
  /** Our words for it; null for the usual ones. Never the platform's own, which may quote anything. */
  readonly sentence: string | null;
}
