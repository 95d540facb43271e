import type { Pool } from 'undici';
import type { Credentials } from './credentials.ts';
import type { Flight } from './flight.ts';
import type { Health } from './health.ts';
import type { Limiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { SourceSharing } from './sharing.ts';

/** What all operations share of one source. */
export interface SourceState {
  readonly sourceId: string;
  /** Tells this source from others of the same id in other processes: address and credential. Null without replicas. */
  readonly fingerprint: string | null;
  /** The path of the source's URL, without the slash at its end. */
  readonly prefix: string;
  readonly limits: HttpLimits;
  readonly pool: Pool;
  readonly limiter: Limiter;
  readonly credentials: Credentials;
  readonly retryBudget: RetryBudget;
  readonly health: Health;
  /** Reads under way. */
  readonly flights: Set<Flight<unknown>>;
  /** Null when each operation reads for itself. */
  readonly sharing: SourceSharing | null;
  readonly now: () => number;
  readonly random: () => number;
}
