import type { UpstreamCode } from './errors.ts';

export interface SourceHealth {
  /**
   * UP: the source answers. DEGRADED: its last answer was a failure, or it gets no requests for a while. DOWN: both; or it has
   * answered nothing but 404 so far, most recently just now.
   */
  readonly state: 'UP' | 'DEGRADED' | 'DOWN';
  /** Kept after the source has recovered; null when it has never failed. */
  readonly lastErrorCode: UpstreamCode | null;
  /** When its answers last changed between success and failure; null when it has never been asked. */
  readonly since: string | null;
}
