import { expect, test } from 'vitest';
import type { Asked } from '../server/ask.ts';
import { as, auth, openServer, start, stopClock, toSource } from './kept-world.ts';
import { everySource } from './sources.ts';

const fresh = { 'cache-control': 'no-cache' };

const outcomes = 'outcomes { status ageMs error { code } scanned totalCount }';
const page = `{ sessions(first: 7) { nodes { id title agent { id name } } ${outcomes} } }`;

interface Sessions {
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  readonly outcomes: readonly unknown[];
}

async function sessionsOf(asking: ReturnType<Asked['ask']>): Promise<Sessions> {
  const { json } = await asking;
  expect(json).not.toHaveProperty('errors');
  return (json as { data: { sessions: Sessions } }).data.sessions;
}

test('a query that selects more is given nothing that another document made', async () => {
  stopClock();
  const { ask } = openServer({ sources: [toSource(await start({ platform: 'agentscope' }))] });
  const query = (more: string) => ({ query: `{ sessions(first: 7) { nodes { id ${more} } } }` });
  for (let time = 1; time <= 3; time += 1) await sessionsOf(ask(query('')));
  const { nodes } = await sessionsOf(ask(query('... on AgentScopeSession { state { replyId } }')));
  expect(nodes).toHaveLength(7);
  for (const node of nodes) expect(node.state).toHaveProperty('replyId');
});

test.each(['foundry', 'agentscope', 'agno'] as const)(
  'a page of %s that is empty for one viewer is not given to another',
  async (name) => {
    stopClock();
    const platform = await start({ platform: name });
    const { ask } = openServer({ server: { auth }, sources: [toSource(platform, { user: 'viewer' })] });
    const query = '{ sessions(first: 7, filter: { users: ["alice"] }) { nodes { id } outcomes { status } } }';
    for (let time = 1; time <= 3; time += 1) {
      expect((await sessionsOf(ask({ query }, as('bob')))).nodes).toEqual([]);
      expect((await sessionsOf(ask({ query }, as('alice')))).nodes).toHaveLength(7);
    }
  },
);

const everything = `query ($after: String, $before: String) {
  newest: sessions(first: 4, after: $after) { ...Page }
  again: sessions(first: 4, after: $after) { ...Page }
  oldest: sessions(last: 4, before: $before) { ...Page }
  found: sessions(first: 3, filter: { search: "a" }) { ...Page }
}
fragment Page on SessionConnection {
  edges {
    cursor
    node {
      id
      title
      status
      team { id name }
      agent { id name recent: sessions(first: 2) { ...Nested } first: sessions(last: 1) { ...Nested } }
    }
  }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  totalCount
  ${outcomes}
}
fragment Nested on SessionConnection {
  edges { cursor node { id title agent { name } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  totalCount
}`;

interface Walked {
  readonly data: Readonly<Record<'newest' | 'oldest', { readonly pageInfo: Readonly<Record<string, string>> }>>;
}

test.each(everySource)('what is given again of $id is what is made anew, byte for byte', async ({ id: _id, ...of }) => {
  stopClock();
  const server = { limits: { upstreamRequests: 1_000, query: { cost: 1_000_000 } } };
  const { ask } = openServer({ server, sources: [toSource(await start(of))] });
  let variables: Readonly<Record<string, string | undefined>> = {};
  for (let pages = 1; pages <= 3; pages += 1) {
    const body = { query: everything, variables };
    const anew = await ask(body, fresh);
    expect(anew.json).not.toHaveProperty('errors');
    for (let time = 1; time <= 3; time += 1) expect((await ask(body)).text).toBe(anew.text);
    const together = await Promise.all([ask(body), ask({ query: page }), ask(body, fresh), ask(body)]);
    expect([0, 2, 3].map((index) => together[index]?.text)).toEqual([anew.text, anew.text, anew.text]);
    const { newest, oldest } = (anew.json as Walked).data;
    variables = { after: newest.pageInfo.endCursor, before: oldest.pageInfo.startCursor };
  }
});

test.each(everySource)('what $id refuses now is not given by way of a page', async ({ id: _id, ...of }) => {
  stopClock();
  const platform = await start(of);
  const { ask } = openServer({ sources: [toSource(platform)] });
  const known = await sessionsOf(ask({ query: page }));
  for (let time = 1; time <= 3; time += 1) await ask({ query: page });
  const heal = platform.fail({ kind: 'status', status: 403 });
  expect((await ask({ query: page }, fresh)).text).toContain('UPSTREAM_FORBIDDEN');
  for (let time = 1; time <= 3; time += 1) {
    const { json, text } = await ask({ query: page });
    expect(text).toContain('UPSTREAM_FORBIDDEN');
    expect(json).toMatchObject({ data: { sessions: null } });
  }
  heal();
  expect(await sessionsOf(ask({ query: page }))).toEqual(known);
});

test.each(everySource)(
  'old answers of $id that stand for a failure are told as such each time',
  async ({ id: _id, ...of }) => {
    const clock = stopClock();
    const platform = await start(of);
    const limits = { http: { retries: 0, breakerFailures: 1_000 } };
    const server = { sharing: { staleMs: 600_000, directoryMs: 1_000 }, limits };
    const { ask } = openServer({ server, sources: [toSource(platform)] });
    const known = await sessionsOf(ask({ query: page }));
    for (let time = 1; time <= 3; time += 1) expect(await sessionsOf(ask({ query: page }))).toEqual(known);
    clock.advance(2_000);
    const heal = platform.fail({ kind: 'status', status: 503 });
    for (let time = 1; time <= 3; time += 1) {
      const told = await sessionsOf(ask({ query: page }));
      expect(told.nodes).toEqual(known.nodes);
      expect(told.outcomes).toMatchObject([{ status: 'STALE', ageMs: 2_000 }]);
    }
    heal();
    clock.advance(120_000);
    for (let time = 1; time <= 3; time += 1) expect(await sessionsOf(ask({ query: page }))).toEqual(known);
  },
);

test.each(everySource)('agents of $id that cannot be read are asked for each time', async ({ id: _id, ...of }) => {
  stopClock();
  const platform = await start(of);
  const { ask } = openServer({ server: { limits: { http: { retries: 0 } } }, sources: [toSource(platform)] });
  const isAgents = ({ url }: { readonly url: string }) => /agent/.test(url) && !/session/.test(url);
  const heal = platform.fail({ kind: 'status', status: 400, match: isAgents });
  const first = await ask({ query: page });
  for (let time = 1; time <= 3; time += 1) expect((await ask({ query: page })).text).toBe(first.text);
  heal();
  const anew = await sessionsOf(ask({ query: page }, fresh));
  for (let time = 1; time <= 3; time += 1) expect(await sessionsOf(ask({ query: page }))).toEqual(anew);
});

test.each([0, 1, 40_000, 90_000, 1_000_000])(
  'with %i bytes of memory, it asks for no more than what it cannot keep',
  async (maxBytes) => {
    stopClock();
    const platform = await start({ platform: 'everruns' });
    const { ask } = openServer({ server: { sharing: { maxBytes } }, sources: [toSource(platform)] });
    const anew = await ask({ query: page });
    const isEnough = maxBytes >= 40_000;
    for (let time = 1; time <= 4; time += 1) {
      platform.clearRequests();
      expect((await ask({ query: page })).text).toBe(anew.text);
      expect(platform.requests.length === 0).toBe(isEnough);
    }
  },
);
