import type { RequestBudget } from './request-budget.ts';

/** What one operation passes to a source. */
export interface HttpCall {
  /** The user whom `identity` names; null when it names none. */
  readonly user: string | null;
  /** Tells the platform whose data may be read. Nothing else in a request can override it. */
  readonly identity: CallIdentity;
  /** Allow-listed headers of the caller, names in lower case. */
  readonly forwarded: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly budget: RequestBudget;
}

export interface CallIdentity {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}
