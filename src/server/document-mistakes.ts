import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse, specifiedRules, validate } from 'graphql';
import { operationsOf } from '../selection/operation.ts';
import { createExtentRule, type ExtentLimits } from './extent-rule.ts';
import { costOf, costRefusal } from './query-cost.ts';

export interface DocumentLimits extends ExtentLimits {
  readonly tokens: number;
}

export type ParsedDocument =
  | { readonly kind: 'document'; readonly document: DocumentNode }
  | { readonly kind: 'mistake'; readonly mistake: GraphQLError };

export function parseDocument(text: string, { tokens }: DocumentLimits): ParsedDocument {
  try {
    return { kind: 'document', document: parse(text, { maxTokens: tokens }) };
  } catch (mistake) {
    if (mistake instanceof GraphQLError) return { kind: 'mistake', mistake };
    throw mistake;
  }
}

/** Why a document would never be answered, whatever its variables are. */
export function mistakesIn(
  document: DocumentNode,
  schema: GraphQLSchema,
  limits: DocumentLimits,
): readonly GraphQLError[] {
  const mistakes = validate(schema, document, [...specifiedRules, createExtentRule(limits)]);
  return [...unsupportedOperations(document, schema), ...mistakes];
}

/** Which operations cost too much when variables without a default are not given. */
export function costMistakesIn(
  document: DocumentNode,
  schema: GraphQLSchema,
  maxCost: number,
): readonly GraphQLError[] {
  return operationsOf(schema, document).flatMap((parsed) => {
    const message = costRefusal(costOf(parsed), maxCost);
    return message === null ? [] : [new GraphQLError(message, { nodes: parsed.operation })];
  });
}

/** Validation looks at no field of an operation that the schema does not have at all. */
function unsupportedOperations({ definitions }: DocumentNode, schema: GraphQLSchema): readonly GraphQLError[] {
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const root = schema.getRootType(definition.operation) ?? null;
    return root === null ? [new GraphQLError(`The graph has no ${definition.operation}s.`, { nodes: definition })] : [];
  });
}
