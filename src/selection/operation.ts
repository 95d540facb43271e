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

function parseOperation(request: ExecutionRequest): ParsedOperation | null {
  const { schema, document, operationName, variableValues } = request;
  const operation = getOperationAST(document, operationName);
  const definitions = operation?.variableDefinitions ?? [];
  const variables = getVariableValues(schema, definitions, variableValues ?? {}).coerced;
  if (operation === null || operation === undefined || variables === undefined) return null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return { schema, operation, fragments, variables };
}
