import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';

/** One operation of a document, as it is about to be executed. */
export interface ParsedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** As coerced by GraphQL. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What GraphQL's `execute` is given. */
export interface ExecutionRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

const parsed = new WeakMap<ExecutionRequest, { readonly operation: ParsedOperation | null }>();

/** Null where GraphQL executes nothing: there is no such operation, or its variables do not fit. */
export function toParsedOperation(request: ExecutionRequest): ParsedOperation | null {
  const known = parsed.get(request) ?? { operation: parseOperation(request) };
  parsed.set(request, known);
  return known.operation;
}

/** Each operation of a document before anybody calls it: with the defaults of its variables, and without the others. */
export function operationsOf(schema: GraphQLSchema, document: DocumentNode): readonly ParsedOperation[] {
  const fragments = fragmentsOf(document);
  return document.definitions.flatMap((operation) => {
    if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
    const withDefaults = operation.variableDefinitions?.filter(({ defaultValue }) => defaultValue !== undefined) ?? [];
    const variables = getVariableValues(schema, withDefaults, {}).coerced ?? {};
    return [{ schema, operation, fragments, variables }];
  });
}

function parseOperation(request: ExecutionRequest): ParsedOperation | null {
  const { schema, document, operationName, variableValues } = request;
  const operation = getOperationAST(document, operationName);
  const definitions = operation?.variableDefinitions ?? [];
  const variables = getVariableValues(schema, definitions, variableValues ?? {}).coerced;
  if (operation === null || operation === undefined || variables === undefined) return null;
  return { schema, operation, fragments: fragmentsOf(document), variables };
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}
