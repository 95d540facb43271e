import type { SourceHealth } from './domain/source-health.ts';
import type { Loaders } from './loaders/loaders.ts';
import type { Source } from './providers/source.ts';

/** What one operation may touch. It is made for one operation of one viewer and is gone with it. */
export interface OperationContext {
  /** In the order of the configuration, by id. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly loaders: Loaders;
  readonly paging: PagingLimits;
  /** How long a page of a list waits for a source now. */
  readonly listTimeOf: (sourceId: string) => ListTime;
  /** How a source has been doing, for every viewer. */
  readonly healthOf: (sourceId: string) => SourceHealth;
  /** Writes to the log what a client is told only in part. */
  readonly report: (error: Error) => void;
}

export interface PagingLimits {
  /** Rows read of one source for one page, when a filter is evaluated here. */
  readonly scanRows: number;
  /** Lists of one source that are read at a time for one page. */
  readonly concurrentReads: number;
}

/** The time that one page may wait for one source. */
export interface ListTime {
  readonly ms: number;
  /** To be called when that time is used up. */
  ranOut(): void;
}
