import { expect, onTestFinished, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { createServer, type Server } from '../../src/server/server.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { patient } from './ask.ts';

interface Followed {
  readonly slug: string;
  readonly status: string;
  readonly sessions: number;
  readonly sweptAt: string | null;
}

const query = '{ catalog { sessions { totalCount precision } freshness { source { slug } status sessions sweptAt } } }';

async function start(options: PlatformOptions): Promise<RunningPlatform> {
  const platform = await startPlatform(options);
  onTestFinished(() => platform.close());
  return platform;
}

function configOf(sources: readonly object[], server: object = {}) {
  return toConfig({ server: { port: 0, log: { level: 'silent' }, ...patient, ...server }, sources });
}

async function open(config: ReturnType<typeof configOf>): Promise<{ server: Server; url: string }> {
  const server = createServer(config);
  onTestFinished(() => server.close());
  const { endpoint } = await server.listen();
  return { server, url: endpoint };
}

async function ask(url: string) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await answer.json()) as {
    data: { catalog: { sessions: { totalCount: number; precision: string }; freshness: (Followed & Named)[] } | null };
  };
  if (data.catalog === null) return null;
  const { sessions, freshness } = data.catalog;
  return {
    ...sessions,
    freshness: freshness.map(({ source, status, sessions: count, sweptAt }) => [source.slug, status, count, sweptAt]),
  };
}

interface Named {
  readonly source: { readonly slug: string };
}

async function untilCurrent(url: string, sessions: number) {
  await vi.waitFor(
    async () => {
      const seen = await ask(url);
      expect(seen?.freshness.filter(([, status]) => status === 'CURRENT').map(([, , count]) => count)).toEqual([
        sessions,
      ]);
    },
    { timeout: 60_000 },
  );
  return ask(url);
}

test('a server follows what it may copy, and nothing that is read as somebody else', async () => {
  const [copied, uncopied, viewers, callers] = await Promise.all([
    start({ platform: 'agno', sessions: 120 }),
    start({ platform: 'everruns', sessions: 10 }),
    start({ platform: 'agno', sessions: 10 }),
    start({ platform: 'everruns', sessions: 10 }),
  ]);
  const auth = {
    mode: 'header',
    header: 'x-viewer',
    secretHeader: 'x-secret',
    secret: 'a-secret-that-is-long-enough-to-be-one',
  };
  const { url } = await open(
    configOf(
      [
        { id: 'copied', provider: 'agno', url: copied.url, catalog: true },
        { id: 'uncopied', provider: 'everruns', url: uncopied.url },
        { id: 'viewers', provider: 'agno', url: viewers.url, user: 'viewer' },
        { id: 'callers', provider: 'everruns', url: callers.url, auth: { forward: 'x-token' } },
      ],
      { auth },
    ),
  );
  const headers = { 'content-type': 'application/json', 'x-viewer': 'alice', 'x-secret': auth.secret };
  await vi.waitFor(
    async () => {
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
      const { data } = (await answer.json()) as { data: { catalog: { freshness: (Followed & Named)[] } } };
      expect(data.catalog.freshness.map(({ source, status, sessions }) => [source.slug, status, sessions])).toEqual([
        ['copied', 'CURRENT', 120],
        ['uncopied', 'NOT_FOLLOWED', 0],
        ['viewers', 'NOT_FOLLOWED', 0],
        ['callers', 'NOT_FOLLOWED', 0],
      ]);
    },
    { timeout: 60_000 },
  );
  expect([uncopied, viewers, callers].flatMap(({ requests }) => requests)).toEqual([]);
});

test('another configuration goes on with the catalog of the one before', async () => {
  const platform = await start({ platform: 'agno', sessions: 120 });
  const source = { id: 'a', provider: 'agno', url: platform.url, catalog: true };
  const { server, url } = await open(configOf([source]));
  const before = await untilCurrent(url, 120);
  platform.fail({ kind: 'status', status: 503 });
  server.change(configOf([source], { explain: true }));
  expect(await ask(url)).toEqual(before);
  platform.heal();
  platform.addSession();
  await untilCurrent(url, 121);
});

test('a source that is not copied any more is not kept', async () => {
  const [first, second] = await Promise.all([
    start({ platform: 'agno', sessions: 30 }),
    start({ platform: 'everruns', sessions: 20 }),
  ]);
  const sources = [
    { id: 'first', provider: 'agno', url: first.url, catalog: true },
    { id: 'second', provider: 'everruns', url: second.url },
  ];
  const { server, url } = await open(configOf(sources));
  await untilCurrent(url, 30);
  server.change(
    configOf([
      { ...sources[0], catalog: false },
      { ...sources[1], catalog: true },
    ]),
  );
  await untilCurrent(url, 20);
  server.change(configOf(sources));
  expect(await ask(url)).toMatchObject({ totalCount: 0, precision: 'AT_LEAST' });
  await untilCurrent(url, 30);
  server.change(configOf(sources.map((source) => ({ ...source, catalog: false }))));
  expect(await ask(url)).toBeNull();
});

test('a server that stops does not wait for a platform that does not answer its follower', async () => {
  const platform = await start({ platform: 'agno', sessions: 30 });
  platform.fail({ kind: 'black-hole' });
  const { server } = await open(configOf([{ id: 'a', provider: 'agno', url: platform.url, catalog: true }]));
  await vi.waitFor(() => expect(platform.requests.length).toBe(1), { timeout: 60_000 });
  await server.close();
  expect(platform.requests.length).toBe(1);
});

test('another platform of the same id, or other fields, begin an empty copy', async () => {
  const [first, second] = await Promise.all([
    start({ platform: 'agno', sessions: 30 }),
    start({ platform: 'agno', sessions: 20 }),
  ]);
  const source = { id: 'a', provider: 'agno', url: first.url, catalog: true };
  const { server, url } = await open(configOf([source]));
  await untilCurrent(url, 30);
  second.fail({ kind: 'status', status: 503 });
  server.change(configOf([{ ...source, url: second.url }]));
  await vi.waitFor(async () => expect(await ask(url)).toMatchObject({ totalCount: 0, precision: 'AT_LEAST' }), 60_000);
  second.heal();
  await untilCurrent(url, 20);
});

test('a database that cannot be reached fails the catalog alone', async () => {
  const platform = await start({ platform: 'agno', sessions: 5 });
  const postgres = 'postgres://graph:not-to-be-shown@127.0.0.1:1/graph';
  const { url } = await open(
    configOf([{ id: 'a', provider: 'agno', url: platform.url, catalog: true }], { catalog: { postgres } }),
  );
  const body = JSON.stringify({ query: '{ sessions { totalCount } catalog { sessions { totalCount } } }' });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await answer.json()).toEqual({
    data: { sessions: { totalCount: 5 }, catalog: { sessions: null } },
    errors: [
      {
        message: 'The database of the catalog cannot be reached (ECONNREFUSED).',
        locations: [{ line: 1, column: 37 }],
        path: ['catalog', 'sessions'],
        extensions: { code: 'CATALOG_UNAVAILABLE', retryable: true },
      },
    ],
  });
});
