import { z } from 'zod';
import type { Config, ServerConfig } from './config.ts';
import { findConflicts } from './conflicts.ts';
import { file } from './file-schema.ts';
import { type Environment, interpolate } from './interpolate.ts';
import { toProblems } from './issue-problems.ts';
import { isLoopback } from './loopback.ts';
import { firstOfEachPlace, type Problem } from './problem.ts';
import { readSource } from './read-source.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** The configuration, or every problem with it. */
export function readConfig(raw: unknown, environment: Environment, folder: string): ConfigResult {
  const { value, problems: unset } = interpolate(raw ?? {}, environment);
  const whole = file.safeParse(value);
  const results = sourcesOf(value).map((source, index) => readSource(source, ['sources', index]));
  const documents = readTrustedDocuments(documentsFileOf(value), folder);
  const problems = firstOfEachPlace([
    ...unset,
    ...(whole.success ? [] : toProblems(whole.error, value, [])),
    ...results.flatMap((result) => (result.kind === 'problems' ? result.problems : [])),
    ...findConflicts(value),
    ...(documents.kind === 'problem' ? [documents.problem] : []),
  ]);
  if (!whole.success || documents.kind === 'problem' || problems.length > 0) return { kind: 'problems', problems };

  const { server } = whole.data;
  const sources = results.flatMap((result) =>
    result.kind === 'source' ? [result.source({ limits: server.limits.http, sharing: server.sharing })] : [],
  );
  const forServer: ServerConfig = {
    ...server,
    // GraphiQL sends the text of a query; with trusted documents only their ids are accepted.
    graphiql: documents.documents === null && (server.graphiql ?? !server.production),
    introspection: server.introspection ?? !server.production,
    suggestions: server.suggestions ?? !server.production,
    explain: server.explain ?? (server.auth.mode === 'none' && isLoopback(server.host) && !server.allowAnonymous),
    trustedDocuments: documents.documents,
  };
  return { kind: 'config', config: { server: forServer, sources } };
}

function sourcesOf(value: unknown): readonly unknown[] {
  return z.object({ sources: z.array(z.unknown()) }).safeParse(value).data?.sources ?? [];
}

function documentsFileOf(value: unknown): string | null {
  const file = z.object({ server: z.object({ trustedDocuments: z.string() }) }).safeParse(value);
  return file.data?.server.trustedDocuments ?? null;
}
