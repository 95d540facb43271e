import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from './problem.ts';

const documentFile = z.record(z.string().min(1), z.string().min(1));

export type DocumentsResult =
  | { readonly kind: 'documents'; readonly documents: ReadonlyMap<string, string> | null }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** The queries that are answered, by their ids; null when all are. */
export function readTrustedDocuments(path: string | null, folder: string): DocumentsResult {
  if (path === null) return { kind: 'documents', documents: null };
  const failure = (message: string): DocumentsResult => ({
    kind: 'problem',
    problem: { path: ['server', 'trustedDocuments'], message },
  });
  let text: string;
  try {
    text = readFileSync(resolve(folder, path), 'utf8');
  } catch {
    return failure('cannot be read');
  }
  const documents = documentFile.safeParse(parseJson(text));
  if (!documents.success) return failure('must be a JSON file that maps ids to queries');
  return { kind: 'documents', documents: new Map(Object.entries(documents.data)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
