import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { toParsedOperation } from '../../selection/operation.ts';
import type { Journals } from '../journals.ts';
import { costOf, costRefusal } from '../query-cost.ts';
import { queryError } from '../request-error.ts';

export function useCostLimit(maxCost: number, journals: Journals): Plugin<YogaInitialContext> {
  return {
    onExecute({ args, context, setResultAndStopExecution }) {
      const parsed = toParsedOperation(args);
      const cost = parsed === null ? 0 : costOf(parsed);
      journals.of(context.request).cost = cost;
      const refusal = costRefusal(cost, maxCost);
      if (refusal !== null) setResultAndStopExecution({ errors: [queryError('QUERY_TOO_COMPLEX', refusal)] });
    },
  };
}
