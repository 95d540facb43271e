import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readManifest } from './document-manifest.ts';
import type { Problem } from './problem.ts';

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
  const manifest = readManifest(parseJson(text));
  return manifest.kind === 'mistake' ? failure(manifest.message) : manifest;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
