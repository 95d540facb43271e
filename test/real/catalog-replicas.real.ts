import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { createServer } from '../../src/server/server.ts';
import { startPlatform } from '../sandbox-controls/platform.ts';
import { type PostgresqlServer, startPostgresql } from './postgresql-server.ts';

const patience = { timeout: 60_000 };
const query =
  '{ catalog { sessions(first: 100) { totalCount precision nodes { id } } } sessions(first: 100) { nodes { id } } }';

let database: PostgresqlServer;

beforeAll(async () => {
  database = await startPostgresql();
});

afterAll(() => database.close());

interface Seen {
  readonly catalog: { readonly sessions: { totalCount: number; precision: string; nodes: readonly { id: string }[] } };
  readonly sessions: { readonly nodes: readonly { id: string }[] };
}

async function ask(url: string): Promise<Seen> {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return ((await answer.json()) as { data: Seen }).data;
}

async function untilTheCatalogIsTheList(url: string, sessions: number): Promise<void> {
  await vi.waitFor(async () => {
    const { catalog, sessions: live } = await ask(url);
    expect(catalog.sessions).toEqual({ totalCount: sessions, precision: 'EXACT', nodes: live.nodes });
  }, patience);
}

test('two servers share one catalog, and when the one that follows ends, the other follows on', async () => {
  const platform = await startPlatform({ platform: 'agno', sessions: 40 });
  onTestFinished(() => platform.close());
  const config = toConfig({
    server: {
      port: 0,
      log: { level: 'silent' },
      catalog: { postgres: database.urlOf({}), requestsPerMinute: 6_000, sweepMinutes: 1 },
    },
    sources: [{ id: 'a', provider: 'agno', url: platform.url, catalog: true }],
  });
  const [first, second] = [createServer(config), createServer(config)];
  onTestFinished(() => second.close());
  const firstUrl = (await first.listen()).endpoint;
  await untilTheCatalogIsTheList(firstUrl, 40);
  const secondUrl = (await second.listen()).endpoint;
  await untilTheCatalogIsTheList(secondUrl, 40);
  platform.addSession();
  await untilTheCatalogIsTheList(secondUrl, 41);
  await first.close();
  platform.addSession();
  platform.addSession();
  await untilTheCatalogIsTheList(secondUrl, 43);
});
