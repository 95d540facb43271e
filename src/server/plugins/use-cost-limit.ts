import type { Plugin } from 'graphql-yoga';
import { toParsedOperation } from '../../selection/operation.ts';
import { costOf } from '../query-cost.ts';
import { queryError } from '../request-error.ts';

export function useCostLimit(maxCost: number): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const parsed = toParsedOperation(args);
      const cost = parsed === null ? 0 : costOf(parsed);
      if (cost <= maxCost) return;
      const message = `The query costs ${cost}, and the maximum is ${maxCost}. Request smaller pages or fewer nested lists.`;
      setResultAndStopExecution({ errors: [queryError('QUERY_TOO_COMPLEX', message)] });
    },
  };
}
