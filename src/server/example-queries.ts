import { toSourceNodeId } from '../entities/node-id.ts';
import { allSessions } from './example-queries/all-sessions.ts';
import { anythingById } from './example-queries/anything-by-id.ts';
import { byNativeId } from './example-queries/by-native-id.ts';
import { conversations } from './example-queries/conversations.ts';
import { explained } from './example-queries/explained.ts';
import { filtered } from './example-queries/filtered.ts';
import { nextPage } from './example-queries/next-page.ts';
import { oneSource } from './example-queries/one-source.ts';
import { searched } from './example-queries/searched.ts';
import { whoRunsThem } from './example-queries/who-runs-them.ts';
import { explainHeader } from './explained.ts';

export interface ExampleQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What GraphiQL opens with, for whoever sees this graph for the first time. `explains`: whether answers can explain themselves. */
export function toExampleQueries(sourceIds: readonly string[], explains: boolean): readonly ExampleQuery[] {
  const source = sourceIds.at(-1) ?? '';
  return [
    { query: allSessions, variables: {} },
    { query: oneSource, variables: { source } },
    { query: whoRunsThem, variables: {} },
    { query: conversations, variables: {} },
    { query: anythingById, variables: { id: toSourceNodeId(source) } },
    { query: byNativeId, variables: { nativeId: 'paste-an-id' } },
    { query: filtered, variables: {} },
    { query: searched, variables: { search: 'refund' } },
    { query: nextPage, variables: { after: null } },
    ...(explains ? [{ query: explained, variables: {}, headers: { [explainHeader]: '1' } }] : []),
  ];
}
