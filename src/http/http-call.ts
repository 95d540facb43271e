import type { Observer } from '../observation/observer.ts';
import type { RequestBudget } from './request-budget.ts';

/** What one operation passes to a source. */
export interface HttpCall {
  /** The user whom `identity` names; null when it names none. */
  readonly user: string | null;
  /** Tells the platform whose data may be read. Nothing else in a request can override it. */
  readonly identity: CallIdentity;
  readonly forwarded: ForwardedHeaders;
  readonly requestId: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly budget: RequestBudget;
  /** Whether the caller wants no answer that was read before. */
  readonly fresh: boolean;
  /** Null when nobody wants to know what is asked. */
  readonly observer: Observer | null;
}

export interface CallIdentity {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Allow-listed headers of the caller, names in lower case. */
export type ForwardedHeaders = Readonly<Record<string, string>>;
