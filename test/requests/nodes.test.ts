import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everySource } from './sources.ts';
import { startWorld, type World } from './world.ts';

interface Named {
  readonly id: string;
  readonly nativeId: string;
}

interface SessionNode extends Named {
  readonly kind: string;
  readonly status: string;
  readonly agent: Named | null;
  readonly workflow?: Named | null;
}

interface Listed {
  readonly sources: readonly {
    readonly slug: string;
    readonly provider: string;
    readonly sessions: { readonly nodes: readonly SessionNode[] };
    readonly agents: { readonly nodes: readonly Named[] };
    readonly teams: { readonly nodes: readonly (Named & { readonly leader: Named | null })[] };
  }[];
}

const everything = `{ sources {
  slug provider
  sessions(first: 40) { nodes {
    id nativeId kind status agent { id nativeId } ... on AgnoSession { workflow { id nativeId } }
  } }
  agents(first: 20) { nodes { id nativeId } }
  teams(first: 2) { nodes { id nativeId leader { id nativeId } } }
} }`;

const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) {
  id
  ... on Session { title }
  ... on Agent { name }
  ... on Team { name }
  ... on AgnoWorkflow { name }
} }`;

let world: World;

beforeAll(async () => {
  world = await startWorld(...everySource);
});

afterAll(() => world.close());

/** Some of everything that there is, and what it may cost to ask for it by its id. */
async function choose(counts: { readonly sessions: number; readonly agents: number }) {
  const { data, errors } = await world.run(everything);
  expect(errors).toEqual([]);
  const ids: string[] = [];
  const expected: Record<string, string[]> = {};
  for (const { slug, provider, sessions, agents, teams } of (data as Listed).sources) {
    const wanted = {
      // Foundry lists sessions that have ended and answers 404 when they are asked for alone.
      sessions: sessions.nodes.filter(({ status }) => status !== 'ENDED').slice(0, counts.sessions),
      agents: agents.nodes.slice(0, counts.agents),
      teams: teams.nodes.slice(0, 1),
      workflows: [
        ...new Map(sessions.nodes.flatMap(({ workflow }) => (workflow ? [[workflow.id, workflow]] : []))).values(),
      ].slice(0, 1),
    };
    ids.push(...Object.values(wanted).flatMap((things) => things.map(({ id }) => id)));
    expected[slug] = costOf(provider, wanted);
  }
  return { ids, expected };
}

function costOf(
  provider: string,
  wanted: {
    readonly sessions: readonly SessionNode[];
    readonly agents: readonly Named[];
    readonly teams: readonly (Named & { readonly leader: Named | null })[];
    readonly workflows: readonly Named[];
  },
): string[] {
  const { sessions, agents, teams, workflows } = wanted;
  switch (provider) {
    case 'FOUNDRY':
      return [
        ...sessions.map(({ nativeId, agent }) => `GET /agents/${agent?.nativeId}/endpoint/sessions/${nativeId}`),
        ...(agents.length > 4
          ? ['GET /agents?kind=hosted&order=desc&limit=100']
          : agents.map(({ nativeId }) => `GET /agents/${nativeId}`)),
      ].toSorted();
    case 'EVERRUNS':
      return [
        ...sessions.map(({ nativeId }) => `GET /v1/sessions/${nativeId}`),
        ...(agents.length > 4
          ? ['GET /v1/agents?offset=0&limit=100']
          : agents.map(({ nativeId }) => `GET /v1/agents/${nativeId}`)),
      ].toSorted();
    case 'AGENTSCOPE': {
      const owners = [...sessions.map(({ agent }) => agent), ...teams.map(({ leader }) => leader)];
      const lists = new Set(owners.map((owner) => `GET /sessions/?agent_id=${owner?.nativeId}`));
      return ['GET /agent/', ...lists].toSorted();
    }
    default:
      return [
        ...sessions.map(({ nativeId, kind }) => `GET /sessions/${nativeId}?type=${kind.toLowerCase()}`),
        'GET /agents',
        'GET /teams',
        ...workflows.map(({ nativeId }) => `GET /workflows/${nativeId}`),
      ].toSorted();
  }
}

describe('nodes', () => {
  test('over fifty mixed ids cost one request for each list and, where platforms have no batch, each session', async () => {
    const { ids, expected } = await choose({ sessions: 3, agents: 4 });
    expect(ids.length).toBeGreaterThanOrEqual(50);
    const { data, errors, requests } = await world.run(nodes, { ids });
    expect(errors).toEqual([]);
    expect((data as { nodes: readonly ({ readonly id: string } | null)[] }).nodes.map((node) => node?.id)).toEqual(ids);
    expect(requests).toEqual(expected);
  });

  test('cost one list of agents on Foundry and Everruns when more than a handful of them are asked', async () => {
    const { ids, expected } = await choose({ sessions: 1, agents: 6 });
    const { errors, requests } = await world.run(nodes, { ids });
    expect(errors).toEqual([]);
    expect(requests).toEqual(expected);
    expect(requests.foundry).toContain('GET /agents?kind=hosted&order=desc&limit=100');
    expect(requests.everruns).toContain('GET /v1/agents?offset=0&limit=100');
  });

  test('that name the same thing twice cost nothing more', async () => {
    const { ids, expected } = await choose({ sessions: 2, agents: 1 });
    const { data, errors, requests } = await world.run(nodes, { ids: [...ids, ...ids] });
    expect(errors).toEqual([]);
    expect(requests).toEqual(expected);
    expect((data as { nodes: readonly unknown[] }).nodes).toHaveLength(ids.length * 2);
  });
});

const sessionById = 'query ($id: ID!) { node(id: $id) { id ... on Session { title agent { id } } } }';

describe.each(everySource.map(({ id }) => id))('on %s', (id) => {
  const list = `{ source(id: "${id}") { sessions(first: 20) { nodes { id nativeId kind } } } }`;

  test('a session asked for by its id after its list costs nothing, unless the list leaves out its agent', async () => {
    const { data } = await world.run(list);
    const session = (data as { source: { sessions: { nodes: readonly SessionNode[] } } }).source.sessions.nodes[7];
    if (session === undefined) throw new Error('There is no session.');
    const { data: found, errors, requests } = await world.runAfter(list, sessionById, { id: session.id });
    expect(errors).toEqual([]);
    expect(found).toMatchObject({ node: { id: session.id } });
    const detail = `GET /sessions/${session.nativeId}?type=${session.kind.toLowerCase()}`;
    expect(requests[id]).toEqual(id === 'agno-2.3' ? [detail] : []);
    const alone = await world.run(sessionById, { id: session.id });
    expect(alone.requests[id]).toHaveLength(1);
  });

  test('an agent asked for by its id after the list of agents costs nothing', async () => {
    const agents = `{ source(id: "${id}") { agents(first: 5) { nodes { id } } } }`;
    const { data } = await world.run(agents);
    const agent = (data as { source: { agents: { nodes: readonly Named[] } } }).source.agents.nodes[2];
    if (agent === undefined) throw new Error('There is no agent.');
    const answer = await world.runAfter(agents, 'query ($id: ID!) { node(id: $id) { ... on Agent { name } } }', {
      id: agent.id,
    });
    expect(answer.errors).toEqual([]);
    expect(answer.requests[id]).toEqual([]);
  });
});
