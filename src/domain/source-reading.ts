import type { SourceHealth } from './source-health.ts';

/** What is to be seen of a source at one moment. */
export interface SourceReading {
  readonly sourceId: string;
  readonly health: SourceHealth;
  readonly requestsInFlight: number;
  /** Those that wait for their turn. */
  readonly requestsQueued: number;
  /** Breakers that refuse requests: one for each credential and user that the source is asked with. */
  readonly openBreakers: number;
}
