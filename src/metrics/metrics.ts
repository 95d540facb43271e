import type { SourceReading } from '../domain/source-reading.ts';
import type { PageRecord, ReadRecord, RequestRecord } from '../observation/observer.ts';

/** Counts what the process does, for as long as it runs. Nothing that a client chooses becomes a label. */
export interface Metrics {
  operation(operation: OperationRecord): void;
  page(page: PageRecord): void;
  read(read: ReadRecord): void;
  /** One of a subscription was answered. */
  event(): void;
  /** One that has ended. */
  request(request: RequestRecord): void;
  breakerOpened(sourceId: string): void;
  /** Shows what this reads whenever the metrics are printed, until the function that it gives back is called. */
  watch(read: () => Reading): () => void;
  print(): Promise<string>;
  /** Of what is printed. */
  readonly contentType: string;
}

export interface OperationRecord {
  /** The trusted document; null for any other. */
  readonly documentId: string | null;
  readonly result: OperationResult;
  readonly milliseconds: number;
}

export const operationResults = ['ok', 'partial', 'failed', 'refused', 'abandoned'] as const;

/**
 * `ok`: without errors. `partial`: errors beside data. `failed`: no data, because of a source or this server. `refused`: no data,
 * because of the request. `abandoned`: the caller hung up.
 */
export type OperationResult = (typeof operationResults)[number];

/** What is to be seen at one moment. */
export interface Reading {
  readonly sources: readonly SourceReading[];
  readonly keptBytes: number;
  /** How many are under way. */
  readonly subscriptions: number;
  /** How many are open. */
  readonly webSockets: number;
}
