import { describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldSource } from './world.ts';

async function start(...sources: readonly WorldSource[]): Promise<World> {
  const world = await startWorld(...sources.map((source) => ({ limits: { retries: 0 }, ...source })));
  return world;
}

interface Rows {
  readonly sessions: {
    readonly nodes: readonly {
      readonly title: string | null;
      readonly nativeId: string;
      readonly kind: string;
      readonly source: { readonly slug: string };
      readonly agent: { readonly name: string } | null;
      readonly team: { readonly name: string } | null;
    }[];
  };
}

const rows = '{ sessions(first: 60) { nodes { nativeId kind title source { slug } agent { name } team { name } } } }';

describe('what is gone', () => {
  test('is null and no error: an agent of Everruns', async () => {
    await using world = await start({ id: 'everruns', platform: 'everruns', agents: 3, sessions: 60 });
    const platform = world.platform('everruns');
    const goneId = platform.agentOf(platform.sessionIds()[0] ?? '') ?? '';
    // A deleted agent is only archived and still answers to its id; one that does not was never there.
    platform.fail({ kind: 'status', status: 404, match: ({ url }) => url.endsWith(goneId) });
    const { data, errors, requests } = await world.run(rows);
    expect(errors).toEqual([]);
    const nodes = (data as Rows).sessions.nodes;
    const ofGone = nodes.filter(({ nativeId }) => platform.agentOf(nativeId) === goneId);
    expect(ofGone.length).toBeGreaterThan(0);
    expect(ofGone.length).toBeLessThan(nodes.length);
    for (const node of nodes) expect(node.agent === null).toBe(platform.agentOf(node.nativeId) === goneId);
    expect(requests.everruns?.filter((url) => url.includes('/agents'))).toHaveLength(3);
  });

  test.each(['2.3', '2.9'])('is null and no error: an agent and a team of Agno %s', async (dialect) => {
    await using world = await start({ id: 'agno', platform: 'agno', dialect, sessions: 80 });
    const platform = world.platform('agno');
    const before = (await world.run(rows)).data as Rows;
    const goneAgent = platform.agentOf(before.sessions.nodes.find(({ agent }) => agent !== null)?.nativeId ?? '') ?? '';
    const goneTeam = platform.agentOf(before.sessions.nodes.find(({ team }) => team !== null)?.nativeId ?? '') ?? '';
    for (const id of platform.agentIds()) if (id === goneAgent) platform.deleteAgent(id);
    platform.deleteAgent(goneTeam);
    // A member of no team left, so that nothing embeds it.
    for (const team of ['customer-care', 'content-studio']) platform.deleteAgent(team);
    const { data, errors } = await world.run(rows);
    expect(errors).toEqual([]);
    const nodes = (data as Rows).sessions.nodes;
    for (const [id, field] of [
      [goneAgent, 'agent'],
      [goneTeam, 'team'],
    ] as const) {
      const ofGone = nodes.filter(({ nativeId }) => platform.agentOf(nativeId) === id);
      expect(ofGone.length).toBeGreaterThan(0);
      expect(ofGone.map((node) => node[field])).toEqual(ofGone.map(() => null));
    }
    expect(nodes.some(({ agent }) => agent !== null)).toBe(true);
  });

  test.each(['2.0.1', '2.0.6'])('is null and no error: a team of AgentScope %s', async (dialect) => {
    await using world = await start({ id: 'agentscope', platform: 'agentscope', dialect });
    const query = `query ($after: String) { sessions(first: 100, after: $after) {
      nodes { ... on AgentScopeSession { teamId } team { name } } pageInfo { endCursor hasNextPage }
    } }`;
    const found: { readonly teamId: string | null; readonly team: unknown }[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { data, errors } = await world.run(query, { after });
      expect(errors).toEqual([]);
      const { nodes, pageInfo } = (
        data as { sessions: { nodes: typeof found; pageInfo: { endCursor: string | null; hasNextPage: boolean } } }
      ).sessions;
      found.push(...nodes);
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(found.filter(({ teamId, team }) => teamId !== null && team === null)).toHaveLength(1);
    expect(found.filter(({ teamId, team }) => teamId !== null && team !== null).length).toBeGreaterThan(3);
  });
});

describe('a lookup that fails', () => {
  test('is an error of its fields alone, while the other sources answer', async () => {
    await using world = await start(
      { id: 'broken', platform: 'agno', sessions: 40 },
      { id: 'whole', platform: 'everruns', sessions: 40, agents: 3 },
    );
    world.platform('broken').fail({ kind: 'status', status: 500, match: ({ url }) => url === '/agents' });
    const { data, errors } = await world.run(rows);
    const nodes = (data as Rows).sessions.nodes;
    const ofBroken = nodes.flatMap(({ source, kind }, at) =>
      source.slug === 'broken' && kind === 'AGENT' ? [at] : [],
    );
    const ofWhole = nodes.filter(({ source }) => source.slug === 'whole');
    expect(ofBroken.length).toBeGreaterThan(0);
    expect(ofWhole.length).toBeGreaterThan(0);
    // Not those whose agent is told by a team that was asked for meanwhile.
    expect(errors.length).toBeGreaterThan(0);
    expect(errors).toEqual(
      nodes.flatMap(({ source, kind, agent }, at) =>
        source.slug === 'broken' && kind === 'AGENT' && agent === null
          ? [{ path: `sessions.nodes.${at}.agent`, code: 'UPSTREAM_UNAVAILABLE', source: 'broken' }]
          : [],
      ),
    );
    for (const { agent } of ofWhole) expect(agent?.name).toEqual(expect.any(String));
    expect(nodes.some(({ team, source }) => source.slug === 'broken' && team !== null)).toBe(true);
  });

  test.each([
    ['foundry', {}],
    ['everruns', {}],
  ] as const)('for one agent of %s leaves the others their names', async (platformName, options) => {
    await using world = await start({ id: 'source', platform: platformName, agents: 4, sessions: 60, ...options });
    const listed = await world.run('{ agents { nodes { id nativeId } } }');
    const agents = (listed.data as { agents: { nodes: readonly { id: string; nativeId: string }[] } }).agents.nodes;
    const [broken] = agents;
    world.platform('source').fail({
      kind: 'status',
      status: 403,
      match: ({ url }) => new URL(url, 'http://platform.invalid').pathname.endsWith(`/agents/${broken?.nativeId}`),
    });
    const { data, errors } = await world.run(
      `query ($agents: [ID!]) { sessions(first: 60, filter: { agents: $agents }) {
        nodes { nativeId agent { nativeId } named: agent { name } }
      } }`,
      { agents: agents.map(({ id }) => id) },
    );
    const nodes = (
      data as {
        sessions: { nodes: readonly { agent: { nativeId: string } | null; named: { name: string } | null }[] };
      }
    ).sessions.nodes;
    const failing = nodes.flatMap(({ agent }, at) => (agent?.nativeId === broken?.nativeId ? [at] : []));
    expect(failing.length).toBeGreaterThan(0);
    expect(errors).toEqual(
      failing.map((at) => ({ path: `sessions.nodes.${at}.named`, code: 'UPSTREAM_FORBIDDEN', source: 'source' })),
    );
    expect(nodes.filter(({ named }) => named === null)).toHaveLength(failing.length);
    expect(failing.length).toBeLessThan(nodes.length);
  });

  test('for the agents of AgentScope is an error of each agent, and the sessions are there', async () => {
    await using world = await start({ id: 'source', platform: 'agentscope', dialect: '2.0.0' });
    const listed = await world.run('{ agents(first: 2) { nodes { id } } }');
    const ids = (listed.data as { agents: { nodes: readonly { id: string }[] } }).agents.nodes.map(({ id }) => id);
    world.platform('source').fail({ kind: 'status', status: 500, match: ({ url }) => url === '/agent/' });
    const { data, errors } = await world.run(
      `query ($agents: [ID!]) { sessions(first: 10, filter: { agents: $agents }) { nodes { title agent { name } } } }`,
      { agents: ids },
    );
    expect((data as Rows).sessions.nodes).toHaveLength(10);
    expect(errors).toEqual(
      Array.from({ length: 10 }, (_, at) => ({
        path: `sessions.nodes.${at}.agent`,
        code: 'UPSTREAM_UNAVAILABLE',
        source: 'source',
      })),
    );
  });

  test('for the only id of several is an error of its item, with its source', async () => {
    await using world = await start({ id: 'source', platform: 'everruns', agents: 3, sessions: 20 });
    const listed = await world.run('{ sessions(first: 3) { nodes { id nativeId } } }');
    const sessions = (listed.data as { sessions: { nodes: readonly { id: string; nativeId: string }[] } }).sessions
      .nodes;
    world.platform('source').fail({
      kind: 'html',
      match: ({ url }) => url.endsWith(sessions[1]?.nativeId ?? ''),
    });
    const { data, errors } = await world.run('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: sessions.map(({ id }) => id),
    });
    expect(data).toEqual({ nodes: [{ id: sessions[0]?.id }, null, { id: sessions[2]?.id }] });
    expect(errors).toEqual([{ path: 'nodes.1', code: 'UPSTREAM_BAD_RESPONSE', source: 'source' }]);
  });
});
