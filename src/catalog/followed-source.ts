import type { CatalogEntry } from './entry.ts';

/** A source as a follower reads it, with the identity of this server. */
export interface FollowedSource {
  readonly id: string;
  /** Another one when it is another platform, or read as another user. It has no secret in it. */
  readonly identity: string;
  /** An operation of its own: what it has read once it may answer again. Aborted, it sends no more requests. */
  begin(signal: AbortSignal): FollowedOperation;
  /** For how many milliseconds the platform still asks not to be asked. What is read before fails, and nothing is sent. */
  restsFor(): number;
}

export type FollowedOrder = 'createdAt' | 'updatedAt';

export interface FollowedOperation {
  /** What the source orders by itself. */
  readonly orders: readonly string[];
  /** Whether it answers its whole list at once. */
  readonly listsWhole: boolean;
  /** Whether its list shows sessions that were deleted, though they cannot be read alone any more. */
  readonly listsDeleted: boolean;
  /** A page of all sessions, the latest first. Fails when nothing could be read. */
  page(order: FollowedOrder, after: string | null): Promise<FollowedPage>;
  /** One answer for each key, in order: null when there is no such session, or what went wrong with it alone. */
  sessions(keys: readonly string[]): Promise<readonly (FollowedSession | null | Error)[]>;
  /** How many requests it has sent. */
  requests(): number;
}

export interface FollowedPage {
  readonly sessions: readonly FollowedSession[];
  /** Where the next page begins; null when there is none. */
  readonly next: string | null;
  /** How many sessions the platform says there are; null when it does not say, and after the first page. */
  readonly total: number | null;
  /** Why sessions may be missing from it; null when it is complete. */
  readonly problem: FollowProblem | null;
}

export interface FollowProblem {
  /** For people. */
  readonly message: string;
  /** Whether the same page may be complete a while later. */
  readonly mayPass: boolean;
}

export interface FollowedSession {
  readonly entry: CatalogEntry;
  /** False when a list says less of it than is to be read of it alone. */
  readonly complete: boolean;
}
