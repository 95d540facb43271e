import { request } from 'undici';
import { expect, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { createServer } from '../../src/server/server.ts';
import { secret } from '../contract.ts';
import { patient } from '../server/ask.ts';
import { type EventClient, subscribe } from '../server/event-client.ts';
import { startRealServer } from './real-server.ts';
import { chosenReleases, type Release } from './releases.ts';
import { createTwin } from './seed.ts';

/** The newest of each platform: the others are followed in the same way. */
const followed = (['agno', 'agentscope'] as const).flatMap(
  (platform) => chosenReleases().find((release) => release.platform === platform) ?? [],
);
/** Also of those of alice, as whom AgentScope is read, there are more than a follower reads in one page. */
const sessions = 160;

const fields = 'id nativeId kind title preview status createdAt updatedAt agent { nativeId }';
const page = `totalCount nodes { ${fields} } pageInfo { hasNextPage endCursor }`;
const queries = {
  live: `query Live($after: String) { list: sessions(first: 100, after: $after) { ${page} } }`,
  catalog: `query Copied($after: String) {
    catalog { list: sessions(first: 100, after: $after) { precision ${page} } freshness { status sessions } }
  }`,
};
const changes = `subscription {
  sessionsChanged {
    __typename
    ... on SessionUpserted { session { id nativeId title } }
    ... on SessionGone { id deleted }
  }
}`;

interface SeenSession {
  readonly id: string;
  readonly nativeId: string;
  readonly kind: string;
  readonly agent: { readonly nativeId: string } | null;
}

interface Page {
  readonly totalCount: number | null;
  readonly precision?: string;
  readonly nodes: readonly SeenSession[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Catalog {
  readonly list: Page;
  readonly freshness: readonly { readonly status: string; readonly sessions: number }[];
}

interface Change {
  readonly __typename: string;
  readonly session?: { readonly id: string; readonly nativeId: string; readonly title: string };
  readonly id?: string;
  readonly deleted?: boolean;
}

async function ask<Data>(url: string, query: string, after: string | null): Promise<Data> {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables: { after } }) });
  const { data, errors } = (await answer.json()) as { readonly data: Data; readonly errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

async function walk(read: (after: string | null) => Promise<Page>): Promise<readonly SeenSession[]> {
  const nodes: SeenSession[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes: more, pageInfo } = await read(after);
    nodes.push(...more);
    if (!pageInfo.hasNextPage) return nodes;
    after = pageInfo.endCursor;
  }
}

async function liveList(url: string): Promise<readonly SeenSession[]> {
  return walk(async (after) => (await ask<{ readonly list: Page }>(url, queries.live, after)).list);
}

/** Answers the list that both are. */
async function untilTheCatalogIsTheList(url: string): Promise<readonly SeenSession[]> {
  return vi.waitFor(
    async () => {
      const live = await liveList(url);
      const { catalog } = await ask<{ readonly catalog: Catalog }>(url, queries.catalog, null);
      expect(catalog.freshness).toEqual([{ status: 'CURRENT', sessions: live.length }]);
      expect(catalog.list).toMatchObject({ totalCount: live.length, precision: 'EXACT' });
      const copied = await walk(async (after) => {
        const { catalog: next } = await ask<{ readonly catalog: Catalog }>(url, queries.catalog, after);
        return next.list;
      });
      expect(copied).toEqual(live);
      return live;
    },
    { timeout: 120_000, interval: 1_000 },
  );
}

async function untilTold(events: EventClient, isWanted: (change: Change) => boolean): Promise<Change> {
  for (;;) {
    const { data } = (await events.next()) as { readonly data: { readonly sessionsChanged: Change } };
    if (isWanted(data.sessionsChanged)) return data.sessionsChanged;
  }
}

/** What a client of the platform does. */
interface Client {
  /** Answers the platform's own id of the session. */
  create(title: string): Promise<string>;
  rename(session: SeenSession, title: string): Promise<void>;
  remove(session: SeenSession): Promise<void>;
}

function createClient({ platform }: Release, url: string): Client {
  const isAgno = platform === 'agno';
  const credentials = isAgno ? { authorization: `Bearer ${secret}` } : { 'X-User-ID': 'alice' };

  async function send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const headers = { ...credentials, 'content-type': 'application/json' };
    const sent = body === undefined ? null : JSON.stringify(body);
    const answer = await request(url + path, { method, headers, body: sent });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} answers ${answer.statusCode}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  function pathOf({ nativeId, agent }: SeenSession): string {
    return `/sessions/${encodeURIComponent(nativeId)}${isAgno ? '' : `?agent_id=${agent?.nativeId}`}`;
  }

  return {
    async create(title) {
      const { agents } = isAgno ? { agents: [] } : ((await send('GET', '/agent/')) as { agents: { id: string }[] });
      const made = isAgno
        ? await send('POST', '/sessions?type=agent', { session_name: title })
        : await send('POST', '/sessions/', { agent_id: agents[0]?.id, workspace_id: 'made', name: title });
      return (made as { readonly session_id: string }).session_id;
    },
    async rename(session, title) {
      if (!isAgno) return void (await send('PATCH', pathOf(session), { name: title }));
      const path = `${pathOf(session)}/rename?type=${session.kind.toLowerCase()}`;
      await send('POST', path, { session_name: title });
    },
    remove: async (session) => void (await send('DELETE', pathOf(session))),
  };
}

test.concurrent.for(followed)(
  'what is made, renamed and deleted at $name is seen in the catalog and told to subscribers',
  { timeout: 400_000 },
  async (release, { onTestFinished }) => {
    const [platform, { sandbox, seed }] = await Promise.all([startRealServer(release), createTwin(release, sessions)]);
    onTestFinished(() => platform.close());
    await sandbox.close();
    const world = await platform.open(seed);
    const client = createClient(release, world.url);
    const own =
      release.platform === 'agno'
        ? { auth: { bearer: secret } }
        : { user: { constant: 'alice' }, timezone: release.timezone };
    const server = createServer(
      toConfig({
        server: {
          port: 0,
          log: { level: 'silent' },
          // What is deleted is to be seen without waiting for the next sweep.
          catalog: { requestsPerMinute: 600, sweepMinutes: 600 },
          ...patient,
        },
        sources: [{ id: 'real', provider: release.platform, url: world.url, catalog: true, ...own }],
      }),
    );
    onTestFinished(() => server.close());
    const { endpoint } = await server.listen();

    const before = await untilTheCatalogIsTheList(endpoint);
    expect(before.length).toBeGreaterThan(100);
    const events = await subscribe(endpoint, { query: changes });
    onTestFinished(() => events.leave());
    await untilTold(events, ({ __typename }) => __typename === 'SessionsMark');

    const nativeId = await client.create('Made now');
    const made = await untilTold(events, ({ session }) => session?.nativeId === nativeId);
    expect(made).toMatchObject({ __typename: 'SessionUpserted', session: { title: 'Made now' } });
    const [newest, ...others] = await untilTheCatalogIsTheList(endpoint);
    expect(newest?.nativeId).toBe(nativeId);
    expect(others).toEqual(before);

    const oldest = before.at(-1);
    if (newest === undefined || oldest === undefined) throw new Error('Sessions are missing.');
    await client.rename(oldest, 'Renamed now');
    const renamed = await untilTold(events, ({ session }) => session?.id === oldest.id);
    expect(renamed).toMatchObject({ __typename: 'SessionUpserted', session: { title: 'Renamed now' } });
    await untilTheCatalogIsTheList(endpoint);

    await client.remove(newest);
    const gone = await untilTold(events, ({ id }) => id === newest.id);
    expect(gone).toEqual({ __typename: 'SessionGone', id: newest.id, deleted: true });
    const after = await untilTheCatalogIsTheList(endpoint);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  },
);
