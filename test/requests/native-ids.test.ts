import { describe, expect, test } from 'vitest';
import { type PlatformOptions, startPlatform } from '../sandbox-controls/platform.ts';
import { open } from '../server/ask.ts';
import { type Answer, startWorld, type World } from './world.ts';

const find = `query ($ids: [String!]!) { sessions(first: 10, filter: { nativeIds: $ids }) {
  nodes { __typename nativeId kind source { slug } agent { nativeId } team { nativeId } }
  totalCount pageInfo { hasNextPage } outcomes { source { slug } status error { code } }
} }`;

const hour = Date.UTC(2026, 9, 1);

/** Two Foundry agents, an Everruns agent, two agents of alice's AgentScope and one of bob's, and what Agno runs. */
async function startCompany(agno: '2.3' | '2.9' = '2.9'): Promise<World> {
  const empty = { sessions: 0, agents: 0, users: ['alice', 'bob'] } satisfies Partial<PlatformOptions>;
  const world = await startWorld(
    { id: 'foundry', platform: 'foundry', ...empty },
    { id: 'everruns', platform: 'everruns', ...empty },
    { id: 'scope', platform: 'agentscope', dialect: '2.0.10', ...empty },
    { id: 'agno', platform: 'agno', dialect: agno, settings: { dialect: agno }, ...empty },
  );
  for (const id of ['billing', 'sales']) world.platform('foundry').addAgent({ id });
  world.platform('everruns').addAgent({ id: everrunsAgent });
  for (const id of ['ada', 'bob']) world.platform('scope').addAgent({ id, user: 'alice' });
  for (const kind of ['agent', 'team', 'workflow']) world.platform('agno').addAgent({ id: `own-${kind}`, kind });
  return world;
}

const everrunsAgent = `agent_${'a'.repeat(32)}`;
const uuid = '0d9b54e2-6f0e-4c3a-9f43-6a1f2d5b7c10';
const everrunsId = `session_${'1'.repeat(32)}`;

const foundryLists = 'GET /agents?kind=hosted&order=desc&limit=100';
const lookedFor = (id: string) => ({
  foundry: [`GET /agents/billing/endpoint/sessions/${id}`, `GET /agents/sales/endpoint/sessions/${id}`, foundryLists],
  everruns: [`GET /v1/sessions/${id}`],
  scope: ['GET /agent/', 'GET /sessions/?agent_id=ada', 'GET /sessions/?agent_id=bob'],
  agno: [`GET /sessions/${id}`],
});

const complete = ['foundry', 'everruns', 'scope', 'agno'].map((slug) => ({
  source: { slug },
  status: 'COMPLETE',
  error: null,
}));

function connectionIn({ data, errors }: Answer): Record<string, unknown> {
  expect(errors).toEqual([]);
  return (data as { sessions: Record<string, unknown> }).sessions;
}

describe('an id that a person pastes', () => {
  test.each([
    ['foundry', 'FoundrySession', { agent: 'sales' }, 'sales', null],
    ['everruns', 'EverrunsSession', { agent: everrunsAgent }, everrunsAgent, null],
    ['scope', 'AgentScopeSession', { agent: 'bob', user: 'alice' }, 'bob', null],
    ['agno', 'AgnoSession', { kind: 'team', agent: 'own-team' }, null, 'own-team'],
  ] as const)(
    'is found on %s, whose name nobody gave, with few requests to each',
    async (slug, type, input, agent, team) => {
      await using world = await startCompany();
      const id = slug === 'everruns' ? everrunsId : uuid;
      world.platform(slug).addSession({ ...input, id, createdAt: hour });
      const answer = await world.run(find, { ids: [id] });
      expect(connectionIn(answer)).toEqual({
        nodes: [
          {
            __typename: type,
            nativeId: id,
            kind: team === null ? 'AGENT' : 'TEAM',
            source: { slug },
            agent: agent === null ? null : { nativeId: agent },
            team: team === null ? null : { nativeId: team },
          },
        ],
        // Foundry counts nothing.
        totalCount: null,
        pageInfo: { hasNextPage: false },
        outcomes: complete,
      });
      expect(answer.requests).toEqual(lookedFor(id));
    },
  );

  test('that no platform knows finds nothing, and every source was asked', async () => {
    await using world = await startCompany();
    const answer = await world.run(find, { ids: [uuid] });
    expect(connectionIn(answer)).toMatchObject({ nodes: [], outcomes: complete });
    expect(answer.requests).toEqual(lookedFor(uuid));
  });

  test('finds every session that has it, on one platform and on several', async () => {
    await using world = await startCompany();
    world.platform('foundry').addSession({ id: 'same-name', agent: 'billing', createdAt: hour });
    world.platform('foundry').addSession({ id: 'same-name', agent: 'sales', createdAt: hour + 1000 });
    world.platform('agno').addSession({ id: 'same-name', agent: 'own-agent', createdAt: hour + 2000 });
    const { nodes } = connectionIn(await world.run(find, { ids: ['same-name'] }));
    expect(nodes).toMatchObject([
      { source: { slug: 'agno' } },
      { source: { slug: 'foundry' }, agent: { nativeId: 'sales' } },
      { source: { slug: 'foundry' }, agent: { nativeId: 'billing' } },
    ]);
  });

  test('is looked for only where the filter says', async () => {
    await using world = await startCompany();
    const query = `query ($filter: SessionFilter) { sessions(filter: $filter) { nodes { nativeId } totalCount } }`;
    world.platform('agno').addSession({ id: uuid, agent: 'own-agent', createdAt: hour });
    const asked = async (filter: object) => {
      const { data, requests } = await world.run(query, { filter: { nativeIds: [uuid], ...filter } });
      return { data, asked: Object.entries(requests).filter(([, urls]) => urls.length > 0) };
    };
    const found = { sessions: { nodes: [{ nativeId: uuid }], totalCount: 1 } };
    const nothing = { sessions: { nodes: [], totalCount: 0 } };
    expect(await asked({ sources: ['agno'] })).toEqual({ data: found, asked: [['agno', [`GET /sessions/${uuid}`]]] });
    expect(await asked({ kinds: ['TEAM'] })).toEqual({
      data: nothing,
      asked: [['agno', [`GET /sessions/${uuid}`]]],
    });
    expect(await asked({ nativeIds: [] })).toEqual({ data: nothing, asked: [] });
    expect(await asked({ nativeIds: [''] })).toEqual({ data: nothing, asked: [] });
  });

  test('is asked for once, however often it is given, and at most 20 are taken', async () => {
    await using world = await startCompany();
    expect((await world.run(find, { ids: [uuid, uuid] })).requests).toEqual(lookedFor(uuid));
    const { data, errors, requests } = await world.run(find, {
      ids: Array.from({ length: 21 }, (_, index) => `id-${index}`),
    });
    expect({ data, errors }).toEqual({
      data: { sessions: null },
      errors: [{ path: 'sessions', code: 'BAD_USER_INPUT', source: null }],
    });
    expect(Object.values(requests).flat()).toEqual([]);
  });
});

describe('when a source fails', () => {
  test('what the others found is given, and the outcome says that something may be missing', async () => {
    await using world = await startCompany();
    world.platform('agno').addSession({ id: uuid, agent: 'own-agent', createdAt: hour });
    world.platform('everruns').fail({ kind: 'status', status: 403 });
    expect(connectionIn(await world.run(find, { ids: [uuid] }))).toMatchObject({
      nodes: [{ nativeId: uuid }],
      outcomes: [
        { status: 'COMPLETE' },
        { source: { slug: 'everruns' }, status: 'FAILED', error: { code: 'UPSTREAM_FORBIDDEN' } },
        { status: 'COMPLETE' },
        { status: 'COMPLETE' },
      ],
    });
  });

  test('an empty list would be a lie: the field is an error with the code of the source', async () => {
    await using world = await startCompany();
    world.platform('everruns').fail({ kind: 'status', status: 403 });
    const { data, errors } = await world.run(find, { ids: [uuid] });
    expect({ data, errors }).toEqual({
      data: { sessions: null },
      errors: [{ path: 'sessions', code: 'UPSTREAM_FORBIDDEN', source: 'everruns' }],
    });
  });

  test('one that would need more requests than an operation may send does not say that it has no such session', async () => {
    await using foundry = await startPlatform({ platform: 'foundry', sessions: 0, agents: 0 });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) foundry.addAgent({ id });
    const { ask, app } = open({
      server: { limits: { upstreamRequests: 5 } },
      sources: [{ id: 'foundry', provider: 'foundry', url: foundry.url }],
    });
    const { json } = await ask({ query: find, variables: { ids: [uuid] } });
    await app.close();
    expect(json).toEqual({
      data: {
        sessions: {
          nodes: [],
          totalCount: null,
          pageInfo: { hasNextPage: true },
          outcomes: [{ source: { slug: 'foundry' }, status: 'PARTIAL', error: { code: 'UPSTREAM_BUDGET_EXCEEDED' } }],
        },
      },
    });
    expect(foundry.requests).toHaveLength(5);
  });

  test('one id that cannot be looked for hides no other of the same source', async () => {
    await using world = await startCompany();
    world.platform('agno').addSession({ id: uuid, agent: 'own-agent', createdAt: hour });
    world.platform('agno').fail({ kind: 'status', status: 403, match: ({ url }) => url.includes('broken') });
    const { nodes, outcomes } = connectionIn(await world.run(find, { ids: [uuid, 'broken-session'] }));
    expect(nodes).toMatchObject([{ nativeId: uuid }]);
    expect(outcomes).toMatchObject([
      { status: 'COMPLETE' },
      { status: 'COMPLETE' },
      { status: 'COMPLETE' },
      { source: { slug: 'agno' }, status: 'PARTIAL', error: { code: 'UPSTREAM_FORBIDDEN' } },
    ]);
  });
});

describe('on Agno before 2.6, which answers any session in the shape of the type that is asked for', () => {
  const asked = (id: string) => ['agent', 'team', 'workflow'].map((type) => `GET /sessions/${id}?type=${type}`);

  test.each(['agent', 'team', 'workflow'] as const)('a session of kind %s is found under its own', async (kind) => {
    await using world = await startCompany('2.3');
    world.platform('agno').addSession({ id: uuid, kind, agent: `own-${kind}`, createdAt: hour });
    const answer = await world.run(find, { ids: [uuid] });
    expect(connectionIn(answer)).toMatchObject({ nodes: [{ nativeId: uuid, kind: kind.toUpperCase() }] });
    expect(answer.requests.agno).toEqual(asked(uuid));
  });

  test('one that names no component is not guessed to be of a kind', async () => {
    await using world = await startCompany('2.3');
    world.platform('agno').addSession({ id: uuid, kind: 'team', agent: '', createdAt: hour });
    const { data, errors, requests } = await world.run(find, { ids: [uuid] });
    expect({ data, errors }).toEqual({
      data: { sessions: null },
      errors: [{ path: 'sessions', code: 'UPSTREAM_BAD_RESPONSE', source: 'agno' }],
    });
    expect(requests.agno).toEqual(asked(uuid));
  });
});

test('on Everruns a text is searched in the preview too, which only its lists have', async () => {
  await using world = await startCompany();
  const everruns = world.platform('everruns');
  everruns.addSession({
    id: everrunsId,
    agent: everrunsAgent,
    title: null,
    createdAt: hour,
    dialogue: [{ question: 'Where is order 7?' }],
  });
  const query = `query ($filter: SessionFilter) { sessions(filter: $filter) { nodes { nativeId } } }`;
  const foundBy = async (search: string) => {
    const { data } = await world.run(query, { filter: { sources: ['everruns'], nativeIds: [everrunsId], search } });
    return data;
  };
  expect(await foundBy('order 7')).toEqual({ sessions: { nodes: [{ nativeId: everrunsId }] } });
  expect(await foundBy('order 8')).toEqual({ sessions: { nodes: [] } });
});

test('an AgentScope session is found however many there are', async () => {
  await using world = await startWorld({
    id: 'scope',
    platform: 'agentscope',
    sessions: 2_600,
    agents: 3,
    users: ['alice'],
  });
  const wanted = world.platform('scope').sessionIds().at(-1);
  const { nodes, totalCount, outcomes } = connectionIn(await world.run(find, { ids: [wanted] }));
  expect({ nodes, totalCount, outcomes }).toMatchObject({
    nodes: [{ nativeId: wanted }],
    totalCount: 1,
    outcomes: [{ status: 'COMPLETE', error: null }],
  });
});
