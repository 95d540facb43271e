import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { createGate } from '../http/gate.ts';
import { sendJson, startServer } from '../http/server.ts';
import { open, openSandbox } from './ask.ts';

const asked = { 'x-session-graph-explain': '1' };

interface Explained {
  readonly milliseconds: number;
  readonly cost: number;
  readonly waves: readonly { readonly reads: number; readonly requests: number; readonly slowest: string }[];
  readonly sources: readonly {
    readonly source: string;
    readonly requests: number;
    readonly lists: readonly Readonly<Record<string, unknown>>[];
    readonly reads: readonly {
      readonly read: string;
      readonly from: string;
      readonly wave: number | null;
      readonly start: number;
      readonly milliseconds: number | null;
      readonly rows: number | null;
      readonly requests: readonly Readonly<Record<string, unknown>>[];
    }[];
  }[];
}

function explainOf(json: unknown): Explained {
  const { extensions } = json as { readonly extensions?: { readonly explain?: Explained } };
  if (extensions?.explain === undefined) throw new Error('Nothing is explained.');
  return extensions.explain;
}

test('an answer explains what was planned for each source, and every request', async () => {
  const { ask } = await openSandbox();
  const query = `{
    sessions(first: 3, filter: { sources: ["agno", "everruns"], kinds: [AGENT], search: "invoice" }) { nodes { id } }
  }`;
  const { json } = await ask({ query }, asked);
  const { cost, waves, sources } = explainOf(json);
  expect(cost).toBe(13);
  expect(sources.map(({ source, requests, lists }) => ({ source, requests, lists }))).toMatchInlineSnapshot(`
    [
      {
        "lists": [
          {
            "delivered": 1,
            "feeds": 1,
            "filteredByPlatform": [
              "kinds",
            ],
            "filteredHere": [
              "search",
            ],
            "firstFeeds": [
              "all",
            ],
            "list": "sessions",
            "order": "createdAt desc",
            "orderedBy": "platform",
            "outcome": "COMPLETE",
            "problem": null,
            "scanned": 400,
          },
        ],
        "requests": 4,
        "source": "everruns",
      },
      {
        "lists": [
          {
            "delivered": 2,
            "feeds": 1,
            "filteredByPlatform": [
              "kinds",
            ],
            "filteredHere": [
              "search",
            ],
            "firstFeeds": [
              "agent//",
            ],
            "list": "sessions",
            "order": "createdAt desc",
            "orderedBy": "platform",
            "outcome": "COMPLETE",
            "problem": null,
            "scanned": 180,
          },
        ],
        "requests": 2,
        "source": "agno",
      },
    ]
  `);
  expect(
    sources.flatMap(({ reads }) => reads.map(({ read, from, wave, rows }) => ({ read, from, wave, rows }))),
  ).toMatchInlineSnapshot(`
    [
      {
        "from": "asked",
        "read": "GET /api/v1/sessions?offset=0&limit=100",
        "rows": 100,
        "wave": 1,
      },
      {
        "from": "asked",
        "read": "GET /api/v1/sessions?offset=98&limit=100",
        "rows": 100,
        "wave": 2,
      },
      {
        "from": "asked",
        "read": "GET /api/v1/sessions?offset=196&limit=100",
        "rows": 100,
        "wave": 3,
      },
      {
        "from": "asked",
        "read": "GET /api/v1/sessions?offset=294&limit=100",
        "rows": 100,
        "wave": 4,
      },
      {
        "from": "asked",
        "read": "GET /sessions?type=agent&sort_by=created_at&sort_order=desc&limit=100&page=1",
        "rows": 100,
        "wave": 1,
      },
      {
        "from": "asked",
        "read": "GET /sessions?type=agent&sort_by=created_at&sort_order=desc&limit=80&page=2",
        "rows": 80,
        "wave": 2,
      },
    ]
  `);
  expect(waves.map(({ reads, requests }) => ({ reads, requests }))).toMatchInlineSnapshot(`
    [
      {
        "reads": 2,
        "requests": 2,
      },
      {
        "reads": 2,
        "requests": 2,
      },
      {
        "reads": 1,
        "requests": 1,
      },
      {
        "reads": 1,
        "requests": 1,
      },
    ]
  `);
});

test('what was kept is explained without a request, and reads that wait for others are a wave of their own', async () => {
  const { ask } = await openSandbox();
  const query = '{ sessions(first: 3, filter: { sources: ["foundry"] }) { nodes { id } } }';
  const first = explainOf((await ask({ query }, asked)).json);
  expect(first.waves.map(({ reads, requests, slowest }) => ({ reads, requests, slowest }))).toEqual([
    { reads: 1, requests: 1, slowest: 'foundry' },
    { reads: 7, requests: 7, slowest: 'foundry' },
  ]);
  const second = explainOf((await ask({ query }, asked)).json);
  expect(second.waves).toEqual([]);
  expect(
    second.sources.flatMap(({ reads }) => reads.map(({ from, wave, requests }) => [from, wave, requests])),
  ).toEqual(Array.from({ length: 8 }, () => ['kept', null, []]));
});

test('it names neither hosts nor the user as whom a source is read', async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const agno = sandbox.sources.find(({ provider }) => provider === 'agno');
  const url = agno?.platform.url ?? '';
  const { ask } = open({ sources: [{ id: 'mine', provider: 'agno', url, user: { constant: 'ada@contoso.example' } }] });
  const { json, text } = await ask({ query: '{ sessions(first: 3) { nodes { id } } }' }, asked);
  const paths = explainOf(json).sources.flatMap(({ reads }) => reads.map(({ read }) => read));
  expect(paths).toContain('GET /sessions?sort_by=created_at&sort_order=desc&limit=4&page=1&user_id=[user]');
  expect(text).not.toMatch(/ada|127\.0\.0\.1|localhost/);
});

test('a read that fails is explained with each of its attempts', async () => {
  const { ask } = open();
  const { json } = await ask({ query: '{ sources { health { state } } sessions(first: 3) { nodes { id } } }' }, asked);
  const { lists, reads } = explainOf(json).sources[0] ?? {};
  expect(lists).toMatchObject([{ outcome: 'FAILED', problem: 'UPSTREAM_UNAVAILABLE', scanned: 0, delivered: 0 }]);
  expect(reads?.[0]?.requests.map(({ attempt, status, failure }) => [attempt, status, failure])).toEqual([
    [1, null, 'UPSTREAM_UNAVAILABLE'],
    [2, null, 'UPSTREAM_UNAVAILABLE'],
    [3, null, 'UPSTREAM_UNAVAILABLE'],
  ]);
});

test('only who asks for it is told, and only where it is allowed', async () => {
  const query = '{ __typename }';
  const { ask } = open();
  expect((await ask({ query })).json).toEqual({ data: { __typename: 'Query' } });
  expect((await ask({ query }, { 'x-session-graph-explain': '0' })).json).not.toHaveProperty('extensions');
  expect(explainOf((await ask({ query }, asked)).json)).toMatchObject({ cost: 0, waves: [], sources: [] });
  for (const server of [
    { explain: false },
    { host: '0.0.0.0', allowAnonymous: true },
    { host: '127.0.0.1', allowAnonymous: true },
    { auth: { mode: 'header', header: 'x-viewer', secretHeader: 'x-secret', secret: 'swordfish'.repeat(4) } },
  ]) {
    const headers = { ...asked, 'x-viewer': 'ada', 'x-secret': 'swordfish'.repeat(4) };
    expect((await open({ server }).ask({ query }, headers)).json).toEqual({ data: { __typename: 'Query' } });
  }
  const allowed = { host: '0.0.0.0', allowAnonymous: true, explain: true };
  expect((await open({ server: allowed }).ask({ query }, asked)).json).toHaveProperty('extensions.explain');
});

const emptyList = { data: [], total: 0, offset: 0, limit: 20 };

test('a source that is given up while its answer is awaited is explained with the request that was sent', async () => {
  const gate = createGate();
  onTestFinished(() => gate.open());
  const slow = await startServer(async (_request, response) => {
    await gate.opened;
    sendJson(response, emptyList);
  });
  const { ask } = open({
    sources: [{ id: 'slow', provider: 'everruns', url: slow.url, limits: { listShareMs: 50 } }],
  });
  const { waves, sources } = explainOf((await ask({ query: '{ sessions(first: 3) { nodes { id } } }' }, asked)).json);
  expect(waves).toMatchObject([{ reads: 1, requests: 1, slowest: 'slow' }]);
  expect(sources).toMatchObject([
    {
      source: 'slow',
      requests: 1,
      lists: [{ outcome: 'FAILED', problem: 'UPSTREAM_TIMEOUT' }],
      reads: [
        {
          read: 'GET /v1/sessions?offset=0&limit=4',
          from: 'asked',
          milliseconds: null,
          rows: null,
          failure: null,
          requests: [{ attempt: 1, status: null, failure: null, milliseconds: null, bytes: null }],
        },
      ],
    },
  ]);
});

test('a list that is filtered here counts what its platform sent, as its outcome does', async () => {
  const { ask } = await openSandbox();
  const query = '{ agents(first: 3, filter: { sources: ["agno"], search: "in" }) { outcomes { scanned } } }';
  const { json } = await ask({ query }, asked);
  expect(json).toHaveProperty('data.agents.outcomes', [{ scanned: 6 }]);
  expect(explainOf(json).sources[0]?.lists).toMatchObject([{ filteredHere: ['search'], scanned: 6 }]);
});

test('a range of the time by which a list is ordered is no filter of the platform', async () => {
  const { ask } = await openSandbox();
  const query = `{
    sessions(first: 3, filter: { sources: ["everruns"], createdAt: { from: "2020-01-01T00:00:00Z" } }) { nodes { id } }
  }`;
  const [source] = explainOf((await ask({ query }, asked)).json).sources;
  expect(source?.lists).toMatchObject([{ filteredByPlatform: [], filteredHere: ['createdAt'] }]);
  expect(source?.reads.map(({ read }) => read)).toEqual(['GET /api/v1/sessions?offset=0&limit=4']);
});

test('one thing has no rows, whatever lists are part of it', async () => {
  const { ask } = await openSandbox();
  const first = await ask({
    query: '{ sessions(first: 1, filter: { sources: ["agno"], kinds: [AGENT] }) { nodes { id } } }',
  });
  const { data } = first.json as { data: { sessions: { nodes: { id: string }[] } } };
  const query = `{ node(id: "${data.sessions.nodes[0]?.id}") { ... on AgnoSession { chatHistory { role } } } }`;
  const { json } = await ask({ query }, asked);
  const history = (json as { data: { node: { chatHistory: unknown[] } } }).data.node.chatHistory;
  expect(history.length).toBeGreaterThan(0);
  const reads = explainOf(json).sources.flatMap(({ reads }) => reads);
  expect(reads.map(({ read, rows }) => [read.replace(/[0-9a-f-]{36}/, ''), rows])).toEqual([
    ['GET /sessions/?type=agent', null],
  ]);
});

test('a secret that is part of an address is not shown', async () => {
  const platform = await startServer((_request, response) => sendJson(response, emptyList));
  const url = `${platform.url}/swordfish/api`;
  const { ask } = open({ sources: [{ id: 'runs', provider: 'everruns', url, auth: { bearer: 'swordfish' } }] });
  const { json, text } = await ask({ query: '{ sessions(first: 3) { nodes { id } } }' }, asked);
  const reads = explainOf(json).sources.flatMap(({ reads }) => reads);
  expect(reads.map(({ read }) => read)).toEqual(['GET /[secret]/api/v1/sessions?offset=0&limit=4']);
  expect(text).not.toContain('swordfish');
});

test('a page that is given again explains the reads that it was made of, as kept', async () => {
  const { ask } = await openSandbox({ sharing: { sessionsMs: 3_600_000, directoryMs: 3_600_000 } });
  const query = '{ sessions(first: 3) { nodes { id agent { name } } pageInfo { hasPreviousPage } totalCount } }';
  await ask({ query });
  const told: unknown[] = [];
  for (let time = 2; time <= 4; time += 1) {
    const { sources } = explainOf((await ask({ query }, asked)).json);
    told.push(
      sources.map(({ source, requests, lists, reads }) => ({
        source,
        requests,
        lists,
        reads: reads.map(({ read, from, rows }) => `${read} ${from} ${rows}`).toSorted(),
      })),
    );
  }
  const [made, ...given] = told;
  expect(given).toEqual([made, made]);
  expect(JSON.stringify(made)).toContain('kept');
  expect(JSON.stringify(made)).not.toContain('asked');
});
