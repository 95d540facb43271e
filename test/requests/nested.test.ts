import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gate, startGate } from './gate.ts';
import { everySource } from './sources.ts';
import { startWorld, type World, type WorldSource } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld(...everySource);
  await world.run('{ sessions(first: 1) { nodes { id } } }');
});

afterAll(() => world.close());

/** How often each request was made, whatever the ids in it. */
function count(requests: readonly string[] = []): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const url of requests) {
    const kind = url
      .replace(/(?<=\/agents\/)[^/?]+/, ':agent')
      .replace(/(?<=GET \/sessions\/)[^/?]+/, ':session')
      .replace(/(?<=(?:agent|component)_id=)[^&]+/, ':agent')
      .replace(/(?<=after=)[^&]+/, ':session');
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

interface Nested {
  readonly nativeId: string;
  readonly kind: string;
  readonly agent: { readonly sessions: { readonly nodes: readonly Omit<Nested, 'agent'>[] } } | null;
}

interface Outer {
  readonly source: {
    readonly sessions: { readonly nodes: readonly { readonly kind: string; readonly agent: { id: string } | null }[] };
  };
}

describe('sessions, their agents, the sessions of these, their teams, the members of these', () => {
  const query = `query ($id: ID!) { source(id: $id) { sessions(first: 20) { nodes {
    kind agent { id sessions(first: 5) { nodes { team { members { agent { name } } } } } }
  } } } }`;

  async function ask(id: string) {
    const { data, errors, requests } = await world.run(query, { id });
    expect(errors).toEqual([]);
    const rows = (data as Outer).source.sessions.nodes;
    expect(rows).toHaveLength(20);
    return { agents: new Set(rows.flatMap(({ agent }) => agent?.id ?? [])).size, counts: count(requests[id]) };
  }

  test('cost one list for each agent on Foundry, and one page more where many sessions began in the same second', async () => {
    const { agents, counts } = await ask('foundry');
    expect(agents).toBe(7);
    expect(counts).toEqual({
      'GET /agents?kind=hosted&order=desc&limit=100': 1,
      'GET /agents/:agent/endpoint/sessions?order=desc&limit=21': 7,
      'GET /agents/:agent/endpoint/sessions?order=desc&limit=6': 7,
      'GET /agents/:agent/endpoint/sessions?order=desc&after=:session&limit=7': 1,
    });
  });

  test('cost one list for each agent on Everruns', async () => {
    const { agents, counts } = await ask('everruns');
    expect(agents).toBe(6);
    expect(counts).toEqual({
      'GET /v1/sessions?offset=0&limit=21': 1,
      'GET /v1/sessions?agent_id=:agent&offset=0&limit=6': 6,
    });
  });

  test.each(['agentscope-2.0.0', 'agentscope-2.0.1', 'agentscope-2.0.6'])(
    'cost nothing beyond the outer list on %s, where that is the list of every agent',
    async (id) => {
      const { agents, counts } = await ask(id);
      expect(agents).toBeGreaterThan(3);
      const outer = await world.run(`{ source(id: "${id}") { sessions(first: 20) { nodes { id } } } }`);
      expect(counts).toEqual(count(outer.requests[id]));
      expect(counts['GET /agent/']).toBe(1);
      expect(Object.keys(counts)).toHaveLength(2);
    },
  );

  test('cost one list for each agent on Agno, where the session of an agent is in no team', async () => {
    const { agents, counts } = await ask('agno-2.9');
    expect(agents).toBeGreaterThan(3);
    expect(counts).toEqual({
      'GET /sessions?sort_by=created_at&sort_order=desc&limit=21&page=1': 1,
      'GET /sessions?type=agent&component_id=:agent&sort_by=created_at&sort_order=desc&limit=6&page=1': agents,
    });
  });

  test('cost one list for each agent on Agno 2.3, and one request for each session, whose row has no team', async () => {
    const { agents, counts } = await ask('agno-2.3');
    const selection = 'nativeId kind';
    const { data } = await world.run(
      `{ source(id: "agno-2.3") { sessions(first: 20) { nodes { ${selection} agent { sessions(first: 5) { nodes { ${selection} } } } } } } }`,
    );
    const rows = (data as { source: { sessions: { nodes: readonly Nested[] } } }).source.sessions.nodes;
    const sessions = new Map(
      rows.flatMap((row) => [row, ...(row.agent?.sessions.nodes ?? [])]).map((row) => [row.nativeId, row.kind]),
    );
    const ofKind = (wanted: string) => [...sessions.values()].filter((kind) => kind === wanted).length;
    expect(sessions.size).toBeGreaterThan(30);
    expect(counts).toEqual({
      'GET /sessions?type=agent&sort_by=created_at&sort_order=desc&limit=21&page=1': 1,
      'GET /sessions?type=team&sort_by=created_at&sort_order=desc&limit=21&page=1': 1,
      'GET /sessions?type=workflow&sort_by=created_at&sort_order=desc&limit=21&page=1': 1,
      'GET /sessions/:session?type=agent': ofKind('AGENT'),
      'GET /sessions/:session?type=team': ofKind('TEAM'),
      'GET /sessions/:session?type=workflow': ofKind('WORKFLOW'),
      'GET /sessions?type=agent&component_id=:agent&sort_by=created_at&sort_order=desc&limit=6&page=1': agents,
    });
  });
});

describe('a team whose member is in a session of the team', () => {
  const around = 'team { name members { agent { name } session { nativeId NEXT } } }';
  const rounds = (times: number): string =>
    Array.from({ length: times }).reduce<string>((inner) => around.replace('NEXT', inner), '');

  test.each(['agentscope-2.0.1', 'agentscope-2.0.6'])(
    'costs no more however often one goes around, on %s',
    async (id) => {
      const ask = (times: number) =>
        world.run(`{ source(id: "${id}") { sessions(first: 100) { nodes { id ${rounds(times)} } } } }`);
      const once = await ask(1);
      const often = await ask(5);
      expect(often.errors).toEqual([]);
      expect(JSON.stringify(often.data).split('"session":{').length).toBeGreaterThan(5);
      expect(often.requests).toEqual(once.requests);
    },
  );

  test('is embedded with its members on Agno, which costs the list of teams alone', async () => {
    const { data, errors, requests } = await world.run(
      `{ source(id: "agno-2.9") { teams { nodes { members { agent { name } team { name members { agent { name } } } } } } } }`,
    );
    expect(errors).toEqual([]);
    expect(JSON.stringify(data)).toContain('"team":{');
    expect(requests['agno-2.9']).toEqual(['GET /teams']);
  });
});

describe('the sessions of twenty agents', () => {
  const width = 4;
  const nested = '{ agents(first: 50) { nodes { id sessions(first: 5) { nodes { id } } } } }';
  const cases: readonly (Omit<WorldSource, 'id'> & { readonly match: RegExp })[] = [
    { platform: 'foundry', agents: 26, match: /\/endpoint\/sessions\?/ },
    { platform: 'everruns', agents: 25, match: /\/sessions\?.*agent_id=/ },
    { platform: 'agentscope', dialect: '2.0.0', agents: 20, users: ['alice'], match: /\/sessions\/\?/ },
    { platform: 'agno', dialect: '2.3', agents: 20, match: /\/sessions\?.*component_id=/ },
    { platform: 'agno', dialect: '2.9', agents: 20, match: /\/sessions\?.*component_id=/ },
  ];

  test.each(cases)('are asked for $platform $dialect as many at a time as the source allows', async (given) => {
    const { match, ...platform } = given;
    const gates: Gate[] = [];
    const own = await startWorld({
      ...platform,
      id: 'wide',
      sessions: 200,
      limits: { concurrency: width, retries: 0 },
      behind: async (url) => {
        const gate = await startGate(url, { width, match: (path) => match.test(path) });
        gates.push(gate);
        return gate.url;
      },
    });
    try {
      const { data, errors, requests } = await own.run(nested);
      expect(errors).toEqual([]);
      expect((data as { agents: { nodes: readonly unknown[] } }).agents.nodes).toHaveLength(20);
      expect(gates.map(({ seen }) => seen)).toEqual([{ peak: width }]);
      // Some agents need a second page, where many of their sessions began in the same second.
      expect(requests.wide?.filter((url) => match.test(url)).length).toBeGreaterThanOrEqual(20);
    } finally {
      await own.close();
      await Promise.all(gates.map((gate) => gate.close()));
    }
  });
});
