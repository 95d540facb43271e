import { parseArgs } from 'node:util';
import type { Environment } from '../config/interpolate.ts';

export type DocumentsCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | {
      readonly kind: 'build';
      /** Files, and folders of files. */
      readonly names: readonly string[];
      /** Null for standard output. */
      readonly out: string | null;
      readonly configFile: string | null;
    };

const usualOut = 'trusted-documents.json';

export const usage = `Usage: npm run trusted-documents -- <folder or file>... [options]

Checks every document in .graphql and .gql files, in persisted queries of Relay and in operation
manifests of Apollo, and writes them to one manifest for server.trustedDocuments.

  --out <file>     write the manifest to this file; - means standard output. Default: ${usualOut}
  --config <file>  take the limits of queries (server.limits.query) from this configuration.
                   Default: the environment variable SESSION_GRAPH_CONFIG, or else the usual limits.
  --help           print this help

Example: npm run trusted-documents -- ../console/src --out trusted.json
`;

const options = { out: { type: 'string' }, config: { type: 'string' }, help: { type: 'boolean' } } as const;

export function readDocumentsCommand(words: readonly string[], environment: Environment): DocumentsCommand {
  const parsed = parse(words);
  if (parsed instanceof Error) return { kind: 'mistake', message: parsed.message };
  const { values, positionals: names } = parsed;
  if (values.help === true) return { kind: 'help' };
  if (names.length === 0) return { kind: 'mistake', message: 'Name a folder or a file with documents.' };
  const { out = usualOut, config = environment.SESSION_GRAPH_CONFIG ?? '' } = values;
  return { kind: 'build', names, out: out === '-' ? null : out, configFile: config === '' ? null : config };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error : new Error('The arguments could not be parsed.');
  }
}
