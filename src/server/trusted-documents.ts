import type { GraphQLError, GraphQLSchema } from 'graphql';
import { ConfigError } from '../config/config-error.ts';
import { type DocumentLimits, mistakesIn, parseDocument } from './document-mistakes.ts';

/** A trusted document that the graph cannot answer stops the start: later it would fail in a client that nobody looks at. */
export function checkTrustedDocuments(
  documents: ReadonlyMap<string, string>,
  schema: GraphQLSchema,
  limits: DocumentLimits,
): void {
  const mistakesOf = (text: string): readonly GraphQLError[] => {
    const parsed = parseDocument(text, limits);
    return parsed.kind === 'mistake' ? [parsed.mistake] : mistakesIn(parsed.document, schema, limits);
  };
  const lines = [...documents].flatMap(([id, text]) =>
    mistakesOf(text).map(({ message }) => `server.trustedDocuments  ${JSON.stringify(id)}: ${message}`),
  );
  if (lines.length > 0) throw new ConfigError(lines);
}
