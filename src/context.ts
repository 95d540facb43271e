import type { CatalogReader } from './catalog/reader.ts';
import type { Make } from './domain/make.ts';
import type { SourceHealth } from './domain/source-health.ts';
import type { Loaders } from './loaders/loaders.ts';
import type { Observer } from './observation/observer.ts';
import type { Source } from './providers/source.ts';

/** What the resolvers of one operation share. It lives as long as the operation. */
export interface OperationContext {
  /** The name of the caller; null when the caller is anonymous. */
  readonly viewerId: string | null;
  /** In the order of the configuration, by id. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly loaders: Loaders;
  /** Null when no source is copied. */
  readonly catalog: CatalogReader | null;
  readonly make: Make;
  readonly paging: PagingLimits;
  readonly readingOf: (sourceId: string) => Reading;
  /** How long a page of a list waits for a source. */
  readonly listTimeOf: (sourceId: string) => ListTime;
  /** The age of the oldest answer of a source that this operation used because the source failed; null when it used none. */
  readonly staleAgeOf: (sourceId: string) => number | null;
  /** The health of a source, over the operations of all viewers. */
  readonly healthOf: (sourceId: string) => SourceHealth;
  /** Aborted when nobody waits for the operation any more. */
  readonly signal: AbortSignal;
  /** Null when nobody wants to know what is asked. */
  readonly observer: Observer | null;
  /** Writes to the log an error of which the client sees only a summary. */
  readonly report: (error: Error) => void;
}

/** As whom a source is read: with the credential of this server or the caller's own, as the viewer or as one user. */
export interface Reading {
  readonly as: 'server' | 'caller' | 'viewer' | 'user';
  /** The only user whose sessions are read; null when that is not said. */
  readonly userId: string | null;
}

export interface PagingLimits {
  /** Maximum number of rows read from one source for one page when this server applies a filter itself. */
  readonly scanRows: number;
  /** Maximum number of lists of one source that are read at the same time for one page. */
  readonly concurrentReads: number;
}

/** How long one page waits for one source. */
export interface ListTime {
  readonly ms: number;
  /** To be called when that time is used up. */
  ranOut(): void;
}
