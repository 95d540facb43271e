import type { UpstreamCode } from '../domain/errors.ts';
import type { ReadKind } from '../domain/read-kind.ts';

/** Is told what one operation asks of its sources, and what becomes of it. Times are those of `performance.now()`. */
export interface Observer {
  /** A request is about to be sent for this operation. It may end after the operation, when others wait for it too. */
  request(request: RequestRecord): RequestObserver | null;
  /** A read begins. Its record says more as time goes on. It may end after the operation, when that does not wait for it. */
  readBegins(read: ReadRecord): void;
  /** It has ended. */
  read(read: ReadRecord): void;
  /** A page of a list was made. */
  page(page: PageRecord): void;
}

export interface RequestObserver {
  /** Sent with the request. */
  readonly headers: Readonly<Record<string, string>>;
  ended(): void;
}

/** What is read from a source. */
export interface ReadTarget {
  readonly sourceId: string;
  readonly kind: ReadKind;
  /** Path and query; instead of the user whom every request names there is `[user]`. */
  readonly path: () => string;
  /** The method, the path and the names of its parameters, without their values, which may name a person. */
  readonly name: () => string;
}

/** One request as it was sent to a platform. What is not known yet is null. */
export interface RequestRecord {
  readonly target: ReadTarget;
  /** 1 for the first request of its read; more for retries, and after a redirect. */
  readonly attempt: number;
  /** How long it waited for its turn, because only so many requests are sent to a source at the same time. */
  readonly waitedMs: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly status: number | null;
  /** Why there is no answer. */
  readonly failure: UpstreamCode | 'ABANDONED' | null;
  readonly bytes: number | null;
}

/**
 * Where an answer came from: `asked` the platform; `joined` a request of another operation; `kept` from a short while ago;
 * `replica` of this server, which shared it; `stale`, kept for the case that the platform fails.
 */
export type ReadOrigin = 'asked' | 'joined' | 'kept' | 'replica' | 'stale';

/** What became of one read of one operation. Until it has ended, rows and failure are null. */
export interface ReadRecord {
  readonly target: ReadTarget;
  readonly origin: ReadOrigin;
  readonly startedAt: number;
  /** Null when it has not ended. */
  readonly endedAt: number | null;
  /** Of this operation, or of the one that it joined. */
  readonly requests: readonly RequestRecord[];
  /** How many things the answer lists; null when it is no list. */
  readonly rows: number | null;
  readonly failure: UpstreamCode | null;
}

/** What one source had to do with a page of a list. */
export interface PageRecord {
  /** `sessions`, `agents`, ... */
  readonly list: string;
  readonly sourceId: string;
  /** Null when it was not asked, because nothing in it can be what is looked for. */
  readonly plan: PagePlan | null;
  /** The lists of the platform that were to be merged. */
  readonly feeds: readonly string[];
  /** Rows that the platform sent for it. */
  readonly scanned: number;
  /** Rows of it that are on the page. */
  readonly delivered: number;
  readonly status: PageStatus;
  /** The code of what is wrong with it. */
  readonly problem: string | null;
}

export type PageStatus = 'COMPLETE' | 'PARTIAL' | 'STALE' | 'FAILED' | 'UNSUPPORTED';

/** What a platform does itself, and what is left to be done here. */
export interface PagePlan {
  readonly orderBy: string;
  readonly direction: 'asc' | 'desc';
  readonly ordersItself: boolean;
  /** The filters that were given. */
  readonly filtersItself: readonly string[];
  readonly filteredHere: readonly string[];
}
