import type { ExecutionResult } from 'graphql';

/** The results of a subscription, one for each event. */
export type Results = AsyncGenerator<ExecutionResult, void>;
