import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { ConfigError } from '../config/config-error.ts';

/** A trusted document that the graph cannot answer stops the start: later it would fail in a client that nobody looks at. */
export function checkTrustedDocuments(documents: ReadonlyMap<string, string>, schema: GraphQLSchema): void {
  const lines = [...documents].flatMap(([id, text]) =>
    mistakesIn(text, schema).map(({ message }) => `server.trustedDocuments  ${JSON.stringify(id)}: ${message}`),
  );
  if (lines.length > 0) throw new ConfigError(lines);
}

function mistakesIn(text: string, schema: GraphQLSchema): readonly GraphQLError[] {
  try {
    return validate(schema, parse(text));
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
