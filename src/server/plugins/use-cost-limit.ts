import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { costOf } from '../query-cost.ts';
import { rejection } from '../rejection.ts';

export function useCostLimit(maxCost: number): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const cost = costOfRequest(args.schema, args.document, args.operationName, args.variableValues ?? {});
      if (cost <= maxCost) return;
      const message = `The query costs ${cost}, but at most ${maxCost} are allowed: ask for smaller pages or fewer nested lists.`;
      setResultAndStopExecution({ errors: [rejection('QUERY_TOO_COMPLEX', message)] });
    },
  };
}

function costOfRequest(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  given: Readonly<Record<string, unknown>>,
): number {
  const operation = getOperationAST(document, operationName);
  const variables = getVariableValues(schema, operation?.variableDefinitions ?? [], given).coerced;
  // Without an operation, or with variables that do not fit, nothing is executed.
  if (operation === null || operation === undefined || variables === undefined) return 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return costOf({ schema, operation, fragments, variables });
}
