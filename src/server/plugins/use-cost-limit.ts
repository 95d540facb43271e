import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { type ExecutionRequest, type ParsedOperation, toParsedOperation } from '../../selection/operation.ts';
import type { Journals } from '../journals.ts';
import { costOf, costRefusal } from '../query-cost.ts';
import { queryError } from '../request-error.ts';

export function useCostLimit(maxCost: number, journals: Journals): Plugin<YogaInitialContext> {
  function refusalOf(args: ExecutionRequest, { request }: YogaInitialContext): GraphQLError | null {
    const parsed = toParsedOperation(args);
    const cost = parsed === null ? 0 : knownCostOf(parsed);
    journals.of(request).cost = cost;
    const refusal = costRefusal(cost, maxCost);
    return refusal === null ? null : queryError('QUERY_TOO_COMPLEX', refusal);
  }

  return {
    onExecute({ args, context, setResultAndStopExecution }) {
      const refusal = refusalOf(args, context);
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
    },
    // What each event may cost.
    onSubscribe({ args, context, setResultAndStopExecution }) {
      const refusal = refusalOf(args, context);
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

/** Without variables an operation costs the same each time; most documents are sent again and again. */
const known = new WeakMap<OperationDefinitionNode, number>();

function knownCostOf(parsed: ParsedOperation): number {
  const { operation } = parsed;
  if ((operation.variableDefinitions ?? []).length > 0) return costOf(parsed);
  const cost = known.get(operation) ?? costOf(parsed);
  known.set(operation, cost);
  return cost;
}
