import type { Pool } from 'undici';
import type { Credentials } from './credentials.ts';
import type { Health } from './health.ts';
import type { InFlight } from './in-flight.ts';
import type { Limiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import type { RetryBudget } from './retry-budget.ts';

/** What all operations share of one source. */
export interface SourceState {
  readonly sourceId: string;
  /** The path of the source's URL, without the slash at its end. */
  readonly prefix: string;
  readonly limits: HttpLimits;
  readonly pool: Pool;
  readonly limiter: Limiter;
  readonly credentials: Credentials;
  readonly retryBudget: RetryBudget;
  readonly health: Health;
  readonly inFlight: InFlight;
  readonly now: () => number;
  readonly random: () => number;
}
