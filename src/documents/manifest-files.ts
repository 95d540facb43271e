import { isApolloManifest, readManifest } from '../config/document-manifest.ts';
import type { FoundFile } from './find-files.ts';
import type { FoundDocument } from './found-document.ts';

export interface ManifestDocuments {
  readonly documents: readonly FoundDocument[];
  readonly mistakes: readonly string[];
  /** Files below a folder that hold something else. */
  readonly passedOver: readonly string[];
}

/** The documents of a file that a tool of a client has written, with the ids that the client sends. */
export function readManifestFile({ path, text, isNamed }: FoundFile): ManifestDocuments {
  const value = parseJson(text);
  if (!isNamed && !looksLikeManifest(value)) return { documents: [], mistakes: [], passedOver: [path] };
  const manifest = readManifest(value);
  if (manifest.kind === 'mistake') {
    return { documents: [], mistakes: [`${path}  ${manifest.message}`], passedOver: [] };
  }
  const documents = [...manifest.documents].map(([id, body]) => ({
    id,
    text: body,
    file: path,
    operation: /\b(?:query|mutation|subscription)\s+(\w+)/.exec(body)?.[1] ?? null,
    source: null,
  }));
  return { documents, mistakes: [], passedOver: [] };
}

const beginningOfDocument = /^(?:\s|#.*)*(?:\{|(?:query|mutation|subscription|fragment)\b)/;

function looksLikeManifest(value: unknown): boolean {
  if (isApolloManifest(value)) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((text) => typeof text === 'string' && beginningOfDocument.test(text))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
