import { onTestFinished } from 'vitest';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { type CatalogReader, createCatalogReader } from '../../src/catalog/reader.ts';
import type { CatalogStore, CatalogWriter } from '../../src/catalog/store.ts';
import { toConfig } from '../../src/config/load-config.ts';
import { createContexts } from '../../src/create-context.ts';
import { type App, createApp } from '../../src/server/app.ts';
import { createLog } from '../../src/server/log.ts';
import { schema } from '../schema/execute.ts';
import type { AskedConfig } from './ask.ts';

export interface CatalogServer {
  readonly app: App;
  readonly url: string;
  readonly store: CatalogStore;
  readonly catalog: CatalogReader;
  /** Of the source `a`. */
  readonly writer: CatalogWriter;
  /** What was logged, parsed. */
  readonly logged: () => readonly Readonly<Record<string, unknown>>[];
}

const nowhere = 'http://127.0.0.1:9';
const never = new AbortController().signal;
const twoSources = [
  { id: 'a', provider: 'everruns', url: nowhere },
  { id: 'b', provider: 'everruns', url: nowhere },
];

/** A server that listens, whose catalog has the source `a` alone and is written by the test. It ends with the test. */
export async function startCatalogServer(
  { server = {}, sources = twoSources }: AskedConfig = {},
  wrap: (store: CatalogStore) => CatalogStore = (store) => store,
): Promise<CatalogServer> {
  const store = createMemoryStore({ maxSessions: 100_000 });
  const kept = new Set(['title', 'preview', 'user', 'tags'] as const);
  const catalog = createCatalogReader({ store: wrap(store), kept, followed: ['a'] });
  const config = toConfig({ server: { port: 0, ...server }, sources });
  const lines: string[] = [];
  const log = createLog({ level: 'info', secrets: [], stream: { write: (line) => void lines.push(line) } });
  const app = createApp(config, { log, schema, contexts: createContexts(config, undefined, catalog) });
  const url = await app.listen();
  onTestFinished(() => app.close());
  const writer = await store.lead('a', never);
  return { app, url, store, catalog, writer, logged: () => lines.map((line) => JSON.parse(line)) };
}
