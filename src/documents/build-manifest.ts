import { extname } from 'node:path';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import type { QueryLimits } from '../config/load-query-limits.ts';
import { costMistakesIn, mistakesIn, parseDocument } from '../server/document-mistakes.ts';
import type { FoundFile } from './find-files.ts';
import { type FoundDocument, toMistake } from './found-document.ts';
import { toDocuments } from './graphql-files.ts';
import { readManifestFile } from './manifest-files.ts';

export interface BuiltManifest {
  /** Each once, by id. */
  readonly documents: readonly FoundDocument[];
  /** A line for each; as long as there is one, the documents are not fit to be trusted. */
  readonly mistakes: readonly string[];
  readonly passedOver: readonly string[];
}

/** Everything that these files ask, each document checked as the server checks what it is sent. */
export function buildManifest(files: readonly FoundFile[], schema: GraphQLSchema, limits: QueryLimits): BuiltManifest {
  const [manifestFiles, graphqlFiles] = [files.filter(isJson), files.filter((file) => !isJson(file))];
  const found = [toDocuments(graphqlFiles), ...manifestFiles.map(readManifestFile)];
  const all = found.flatMap(({ documents }) => documents);
  const { documents, mistakes: collisions } = eachOnce(all);
  return {
    documents: [...documents].sort((left, right) => (left.id < right.id ? -1 : 1)),
    mistakes: [
      ...found.flatMap(({ mistakes }) => mistakes),
      ...collisions,
      ...documents.flatMap((document) => linesAbout(document, schema, limits)),
    ],
    passedOver: found.flatMap(({ passedOver }) => passedOver),
  };
}

function isJson({ path }: FoundFile): boolean {
  return extname(path) === '.json';
}

/** Without repetitions; what has the id of another text is kept, so that it is checked too. */
function eachOnce(found: readonly FoundDocument[]) {
  const byId = new Map<string, FoundDocument>();
  const mistakes: string[] = [];
  const documents = found.filter((document) => {
    const { id, file, text } = document;
    const known = byId.get(id);
    if (known === undefined) byId.set(id, document);
    else if (known.text === text) return false;
    else mistakes.push(toMistake(document, file, `${known.file} has another text with this id.`));
    return true;
  });
  return { documents, mistakes };
}

function linesAbout(found: FoundDocument, schema: GraphQLSchema, limits: QueryLimits): readonly string[] {
  const parsed = parseDocument(found.text, limits);
  const mistakes =
    parsed.kind === 'mistake' ? [parsed.mistake] : mistakesInParsed(found.source ?? parsed.document, schema, limits);
  return mistakes.map((mistake) => toMistake(found, placeOf(mistake, found), mistake.message));
}

/** What a document costs can only be said when it is right. */
function mistakesInParsed(document: DocumentNode, schema: GraphQLSchema, limits: QueryLimits): readonly GraphQLError[] {
  const mistakes = mistakesIn(document, schema, limits);
  return mistakes.length > 0 ? mistakes : costMistakesIn(document, schema, limits.cost);
}

/** The line of a file, which may be that of a fragment; in a manifest there are none. */
function placeOf({ source, locations }: GraphQLError, { file, source: found }: FoundDocument): string {
  const line = locations?.[0]?.line;
  return found === null || source === undefined || line === undefined ? file : `${source.name}:${line}`;
}
