import { printSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, Kind, parse, print } from 'graphql';

/**
 * The SDL of the subgraph. The schema is defined where @apollo/subgraph prints an extension of it: gateways read both, but
 * relay-compiler panics on the extension.
 */
export function printSchema(schema: GraphQLSchema): string {
  const sdl = printSubgraphSchema(schema);
  const extension = parse(sdl).definitions.find((definition) => definition.kind === Kind.SCHEMA_EXTENSION);
  const query = schema.getQueryType();
  if (extension?.loc === undefined || query === undefined || query === null) {
    throw new Error('The schema has no link to the specification of federation, or no queries.');
  }
  const definition = parse(`schema { query: ${query.name} }`).definitions[0];
  if (definition?.kind !== Kind.SCHEMA_DEFINITION) throw new Error('The schema cannot be defined.');
  const { start, end } = extension.loc;
  const defined = print({ ...definition, directives: extension.directives ?? [] });
  return `${`${sdl.slice(0, start)}${defined}${sdl.slice(end)}`.trim()}\n`;
}
