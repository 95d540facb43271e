import type { Loaders } from './loaders/loaders.ts';
import type { Source } from './providers/source.ts';

/** What one operation may touch. It is made for one operation of one viewer and is gone with it. */
export interface OperationContext {
  readonly viewer: Viewer;
  /** In the order of the configuration, by id. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly loaders: Loaders;
  readonly paging: PagingLimits;
  /** How a source has been doing, for every viewer. */
  readonly healthOf: (sourceId: string) => SourceHealth;
  /** Writes to the log what a client is told only in part. */
  readonly report: (error: Error) => void;
}

export interface Viewer {
  /** Null for an anonymous caller. */
  readonly id: string | null;
}

export interface PagingLimits {
  /** Rows read of one source for one page, when a filter is evaluated here. */
  readonly scanRows: number;
  /** Reads of feeds at a time, over all sources of one page. */
  readonly concurrentReads: number;
}

export interface SourceHealth {
  readonly state: 'UP' | 'DEGRADED' | 'DOWN';
  readonly lastErrorCode: string | null;
  readonly since: string | null;
}
