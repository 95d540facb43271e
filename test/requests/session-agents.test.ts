import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everySource, without } from './sources.ts';
import { startWorld, type World } from './world.ts';

interface SessionNode {
  readonly id: string;
  readonly agent: { readonly nativeId: string } | null;
}

interface Listed {
  readonly source: {
    readonly sessions: { readonly nodes: readonly SessionNode[] };
    readonly agents: { readonly nodes: readonly { readonly id: string; readonly nativeId: string }[] };
  };
}

const sessions = (selection: string) => `query ($id: ID!, $agents: [ID!]) {
  source(id: $id) { sessions(first: 100, filter: { agents: $agents }) { nodes { ${selection} } } }
}`;

let world: World;

beforeAll(async () => {
  world = await startWorld(...everySource);
  // Which version a server has is asked once in the life of this process, and counts for no operation.
  await world.run('{ sessions(first: 1) { nodes { id } } }');
});

afterAll(() => world.close());

async function ask(source: string, id: string, agents: readonly string[] | null = null) {
  const { data, errors, requests } = await world.run(source, { id, agents });
  expect(errors).toEqual([]);
  return { data: data as Listed, requests: requests[id] ?? [] };
}

/** The agents that the platform lists, and those that a hundred sessions have. */
async function agentsOf(id: string) {
  const { data } = await ask(
    'query ($id: ID!) { source(id: $id) { agents(first: 100) { nodes { id nativeId } } } }',
    id,
  );
  const listed = data.source.agents.nodes;
  const own = await ask(sessions('id agent { nativeId }'), id);
  const rows = own.data.source.sessions.nodes;
  expect(rows).toHaveLength(100);
  const used = new Set(rows.flatMap(({ agent }) => (agent === null ? [] : [agent.nativeId])));
  const unlisted = [...used].filter((nativeId) => !listed.some((agent) => agent.nativeId === nativeId));
  return { listed, used, unlisted };
}

const details = /^GET \/sessions\/[^?]/;

describe('a hundred sessions with their agents', () => {
  test('cost nothing beyond the list on Foundry, whose agents had to be listed to find the sessions', async () => {
    const { used } = await agentsOf('foundry');
    expect(used.size).toBeGreaterThan(4);
    const list = await ask(sessions('id'), 'foundry');
    expect(list.requests.filter((url) => !url.includes('/endpoint/sessions?'))).toEqual([
      'GET /agents?kind=hosted&order=desc&limit=100',
    ]);
    const both = await ask(sessions('id agent { name }'), 'foundry');
    expect(without(both.requests, list.requests)).toEqual([]);
  });

  test('cost one list on Everruns, and one request for each agent that is archived and so not in it', async () => {
    const { used, unlisted } = await agentsOf('everruns');
    expect(used.size).toBeGreaterThan(4);
    expect(unlisted).toHaveLength(1);
    const list = await ask(sessions('id'), 'everruns');
    const both = await ask(sessions('id agent { name }'), 'everruns');
    expect(without(both.requests, list.requests)).toEqual([
      `GET /v1/agents/${unlisted[0]}`,
      'GET /v1/agents?offset=0&limit=100',
    ]);
    expect(list.requests).toEqual(['GET /v1/sessions?offset=0&limit=100', 'GET /v1/sessions?offset=98&limit=4']);
  });

  test.each(['agentscope-2.0.0', 'agentscope-2.0.1', 'agentscope-2.0.6'])(
    'cost nothing beyond the list on %s, whose agents had to be listed to find the sessions',
    async (id) => {
      await agentsOf(id);
      const list = await ask(sessions('id'), id);
      expect(list.requests.filter((url) => !url.startsWith('GET /sessions/?agent_id='))).toEqual(['GET /agent/']);
      expect(new Set(list.requests).size).toBe(list.requests.length);
      const both = await ask(sessions('id agent { name }'), id);
      expect(both.requests).toEqual(list.requests);
    },
  );

  test('cost one list of agents on Agno, and one of teams because an agent is not in it', async () => {
    const { unlisted } = await agentsOf('agno-2.9');
    expect(unlisted.length).toBeGreaterThan(0);
    const list = await ask(sessions('id'), 'agno-2.9');
    expect(list.requests).toEqual([
      'GET /sessions?sort_by=created_at&sort_order=desc&limit=100&page=1',
      'GET /sessions?sort_by=created_at&sort_order=desc&limit=6&page=17',
    ]);
    const both = await ask(sessions('id agent { name }'), 'agno-2.9');
    expect(without(both.requests, list.requests)).toEqual(['GET /agents', 'GET /teams']);
  });

  test('cost one request for each session on Agno 2.3, whose rows leave out the agent, and the lists', async () => {
    const list = await ask(sessions('id'), 'agno-2.3');
    expect(list.requests.filter((url) => details.test(url))).toEqual([]);
    const both = await ask(sessions('id agent { name }'), 'agno-2.3');
    const more = without(both.requests, list.requests);
    expect(more.filter((url) => !details.test(url))).toEqual(['GET /agents', 'GET /teams']);
    expect(new Set(more.filter((url) => details.test(url))).size).toBe(100);
    expect(more).toHaveLength(102);
  });
});

describe('the sessions of a few agents with their agents', () => {
  test.each([1, 3, 4])('cost one request for each of %i agents on Foundry and Everruns', async (count) => {
    for (const [id, path] of [
      ['foundry', '/agents/'],
      ['everruns', '/v1/agents/'],
    ] as const) {
      const agents = (await agentsOf(id)).listed.slice(0, count);
      const ids = agents.map((agent) => agent.id);
      const list = await ask(sessions('id'), id, ids);
      const both = await ask(sessions('id agent { name }'), id, ids);
      expect(without(both.requests, list.requests)).toEqual(
        agents.map(({ nativeId }) => `GET ${path}${nativeId}`).toSorted(),
      );
    }
  });

  test('cost one list on Foundry and Everruns when the agents are more than a handful', async () => {
    for (const [id, expected] of [
      ['foundry', 'GET /agents?kind=hosted&order=desc&limit=100'],
      ['everruns', 'GET /v1/agents?offset=0&limit=100'],
    ] as const) {
      const ids = (await agentsOf(id)).listed.slice(0, 5).map((agent) => agent.id);
      expect(ids).toHaveLength(5);
      const list = await ask(sessions('id'), id, ids);
      const both = await ask(sessions('id agent { name }'), id, ids);
      expect(without(both.requests, list.requests)).toEqual([expected]);
    }
  });

  test.each([
    ['agentscope-2.0.0', 'GET /agent/'],
    ['agentscope-2.0.1', 'GET /agent/'],
    ['agentscope-2.0.6', 'GET /agent/'],
    ['agno-2.3', 'GET /agents'],
    ['agno-2.9', 'GET /agents'],
  ])('cost one list on %s', async (id, expected) => {
    const ids = (await agentsOf(id)).listed.slice(0, 3).map((agent) => agent.id);
    expect(ids).toHaveLength(3);
    const list = await ask(sessions('id'), id, ids);
    const both = await ask(sessions('id agent { name description }'), id, ids);
    expect(both.data.source.sessions.nodes.length).toBeGreaterThan(20);
    expect(without(both.requests, list.requests)).toEqual([expected]);
  });
});

describe.each(everySource.map(({ id }) => id))('on %s', (id) => {
  test('the same list in two aliases costs nothing more', async () => {
    const once = await ask(sessions('id agent { name }'), id);
    const twice = await ask(
      `query ($id: ID!) {
        a: source(id: $id) { sessions(first: 100) { nodes { id agent { name } } } }
        b: source(id: $id) { sessions(first: 100) { nodes { agent { description } a: agent { name } } } }
      }`,
      id,
    );
    expect(once.requests.length).toBeGreaterThan(0);
    expect(twice.requests).toEqual(once.requests);
  });

  test('agents, teams and sessions beside each other cost each list once', async () => {
    const parts = [
      'agents(first: 50) { nodes { id sessions(first: 3) { nodes { id } } } }',
      'teams { nodes { name } }',
      'sessions(first: 100) { nodes { id agent { name } team { name } } }',
    ];
    const query = `query ($id: ID!) { source(id: $id) { ${parts.join(' ')} } again: source(id: $id) { ${parts.join(' ')} } }`;
    const { requests } = await ask(query, id);
    expect(requests.length).toBeGreaterThan(3);
    expect(new Set(requests).size).toBe(requests.length);
  });

  test('two operations share nothing', async () => {
    const operation = `{ source(id: "${id}") { sessions(first: 100) { nodes { id agent { name } } } } }`;
    const once = (await world.runTogether([operation]))[id] ?? [];
    const twice = (await world.runTogether([operation, operation]))[id] ?? [];
    expect(once.length).toBeGreaterThan(0);
    expect(twice).toEqual([...once, ...once].toSorted());
  });

  test('an agent of whom only id, nativeId, source or sessions are asked is not asked for', async () => {
    const list = await ask(sessions('id'), id);
    const told = await ask(sessions('id agent { __typename id nativeId source { name } }'), id);
    const more = without(told.requests, list.requests);
    if (id === 'agno-2.3') {
      expect(more).toHaveLength(100);
      expect(more.filter((url) => !details.test(url))).toEqual([]);
    } else {
      expect(more).toEqual([]);
    }
  });
});
