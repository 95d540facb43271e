import {
  buildASTSchema,
  type ConstDirectiveNode,
  findBreakingChanges,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
} from 'graphql';

/** Every difference that can break a client or a company graph, one sentence each. */
export function breakingChanges(before: string, after: string): readonly string[] {
  const [old, current] = [toSchema(before), toSchema(after)];
  const forClients = findBreakingChanges(old, current).map(({ description }) => description);
  return [...forClients, ...lostDirectives(old, current)];
}

/** Directives of a subgraph are not declared in it. */
function toSchema(sdl: string): GraphQLSchema {
  return buildASTSchema(parse(sdl), { assumeValidSDL: true });
}

/** To clients directives mean nothing, but without its key a type no longer composes. */
function lostDirectives(old: GraphQLSchema, current: GraphQLSchema): readonly string[] {
  const kept = directivesOf(current);
  const lost: string[] = [];
  for (const [coordinate, directives] of directivesOf(old)) {
    const remaining = kept.get(coordinate);
    if (remaining === undefined) continue;
    for (const directive of directives) if (!remaining.has(directive)) lost.push(`${coordinate} lost ${directive}.`);
  }
  return lost;
}

function directivesOf(schema: GraphQLSchema): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isSpecifiedScalarType(type) || type.name.startsWith('__')) continue;
    found.set(type.name, toTexts(type.astNode?.directives));
    for (const field of fieldsOf(type)) {
      found.set(`${type.name}.${field.name}`, toTexts(field.astNode?.directives));
    }
  }
  return found;
}

function fieldsOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function toTexts(directives: readonly ConstDirectiveNode[] = []): ReadonlySet<string> {
  return new Set(directives.filter(({ name }) => name.value !== 'deprecated').map(print));
}
