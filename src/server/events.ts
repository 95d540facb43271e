import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Metrics } from '../metrics/metrics.ts';
import { type ClientResultSettings, toClientResult } from './client-result.ts';
import { codesOf } from './error-codes.ts';
import type { Explain } from './explained.ts';
import type { Journals } from './journals.ts';
import type { OperationContexts } from './operation-contexts.ts';
import type { Tracing } from './tracing.ts';

export interface EventSettings extends ClientResultSettings {
  readonly contextOf: OperationContexts;
  readonly journals: Journals;
  readonly tracing: Tracing | null;
  readonly metrics: Metrics | null;
  /** Null where nobody may ask for it. */
  readonly explain: Explain | null;
}

/** One event of a subscription. */
export interface Event {
  readonly args: ExecutionArgs;
  readonly request: Request;
  readonly rootValue: unknown;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Answers each event as an operation of its own, with loaders, deadline and budgets that begin anew: those of the request would
 * be over, and hold all that was ever read.
 */
export function createEvents(settings: EventSettings) {
  const { contextOf, journals, tracing, metrics, explain } = settings;
  return async ({ args, request, rootValue, signal }: Event): Promise<ExecutionResult> => {
    const journal = journals.ofEvent(request);
    tracing?.begin(journal, request);
    const contextValue = contextOf({ args, request, observer: journal.observer, signal });
    const result = toClientResult(request, await execute({ ...args, rootValue, contextValue }), settings);
    tracing?.fail(journal, codesOf(result));
    tracing?.end(journal, 200);
    metrics?.event();
    for (const page of journal.pages) metrics?.page(page);
    return explain === null ? result : explain(request, result, journal);
  };
}
