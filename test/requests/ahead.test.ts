import { createServer, request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { open, unshared } from '../server/ask.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  platform: 'agno' | 'everruns',
  options: { readonly agents?: number; readonly sessions?: number } = {},
) {
  const started = await startPlatform({ platform, sessions: 40, ...options });
  closing.push(started.close);
  return started;
}

/** Stands before a platform and answers lists of sessions only once the other platform was asked for an agent. */
async function answeringSessionsLate(
  platform: RunningPlatform,
  other: RunningPlatform,
  asked = /\/agents(\/|\?|$)/,
): Promise<string> {
  const isAsked = () => other.requests.some(({ url }) => asked.test(url));
  const { origin } = new URL(platform.url);
  const server = createServer((incoming, response) => {
    const pass = () =>
      request(`${origin}${incoming.url}`, { headers: incoming.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).end();
    const isList = /\/sessions\?/.test(incoming.url ?? '');
    const passLater = () => (isList && !isAsked() ? setTimeout(passLater, 5) : pass());
    passLater();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return platform.url.replace(origin, `http://127.0.0.1:${port}`);
}

/** Stands before a platform and answers a list of agents by pages, as the platform does and its sandbox does not. */
async function pagingAgents(platform: RunningPlatform): Promise<string> {
  const { origin } = new URL(platform.url);
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '', origin);
    const answer = await fetch(url);
    const json = (await answer.json()) as { readonly data: readonly unknown[] };
    const isList = url.pathname.endsWith('/agents');
    const [offset, limit] = ['offset', 'limit'].map((name) => Number(url.searchParams.get(name)));
    const page = { data: json.data?.slice(offset, Number(offset) + Number(limit)), total: json.data?.length };
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isList ? { ...json, ...page } : json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return platform.url.replace(origin, `http://127.0.0.1:${port}`);
}

function serve(sources: readonly Readonly<Record<string, unknown>>[]) {
  const server = open({ server: unshared, sources });
  closing.push(() => server.app.close());
  return server;
}

const withNames = '{ sessions(first: 20) { nodes { id agent { id name } } outcomes { status } } }';
const withKeys = '{ sessions(first: 20) { nodes { id agent { id nativeId } } outcomes { status } } }';

/** One agent that is asked for by its id. */
const single = /\/agents\/agent_/;

function agentRequests({ requests }: RunningPlatform): readonly string[] {
  return requests.map(({ url }) => new URL(url, 'http://x').pathname).filter((path) => /agents|teams/.test(path));
}

function agentUrls({ requests }: RunningPlatform): readonly string[] {
  return requests.map(({ url }) => url).filter((url) => /agents/.test(url));
}

test('asks Agno for its agents when it asks for the sessions, not after', async () => {
  const agno = await start('agno');
  const url = await answeringSessionsLate(agno, agno);
  const server = serve([{ id: 'agno', provider: 'agno', url, dialect: '2.9' }]);
  const { json } = await server.ask({ query: withNames });
  expect(json).toMatchObject({ data: { sessions: { outcomes: [{ status: 'COMPLETE' }] } } });
  expect(agentRequests(agno)).toContain('/agents');
});

test('asks Everruns for the agents of its sessions before another source has answered, also for one that is not in its list', async () => {
  const everruns = await start('everruns', { agents: 4 });
  const agno = await start('agno');
  const server = serve([
    { id: 'everruns', provider: 'everruns', url: everruns.url },
    { id: 'agno', provider: 'agno', url: await answeringSessionsLate(agno, everruns, single), dialect: '2.9' },
  ]);
  const { json } = await server.ask({ query: withNames });
  expect(json).toMatchObject({ data: { sessions: { outcomes: [{ status: 'COMPLETE' }, { status: 'COMPLETE' }] } } });
  const asked = agentRequests(everruns);
  expect(new Set(asked).size).toBe(asked.length);
});

test('where one answer does not hold all agents of Everruns, asks for those of its sessions before another source has answered', async () => {
  const everruns = await start('everruns', { agents: 400, sessions: 3 });
  const agno = await start('agno');
  const server = serve([
    { id: 'everruns', provider: 'everruns', url: await pagingAgents(everruns) },
    {
      id: 'agno',
      provider: 'agno',
      url: await answeringSessionsLate(agno, everruns, single),
      dialect: '2.9',
    },
  ]);
  const { json } = await server.ask({ query: withNames });
  expect(json).toMatchObject({ data: { sessions: { outcomes: [{ status: 'COMPLETE' }, { status: 'COMPLETE' }] } } });
});

test('asks Everruns for its agents when it asks for the sessions, not after, and once for all', async () => {
  const everruns = await start('everruns', { agents: 4 });
  const url = await answeringSessionsLate(everruns, everruns);
  const server = serve([{ id: 'everruns', provider: 'everruns', url }]);
  const { json } = await server.ask({ query: withNames });
  expect(json).toMatchObject({ data: { sessions: { outcomes: [{ status: 'COMPLETE' }] } } });
  expect(agentUrls(everruns)).toEqual([
    '/api/v1/agents?offset=0&limit=100',
    // Archived, so it is not in the list.
    '/api/v1/agents/agent_f7c47c95f43cc422307946d216d66423',
  ]);
});

test.each([
  { sessions: 3, lists: 1, singles: 3 },
  { sessions: 40, lists: 4, singles: 8 },
])('of 400 agents, those of $sessions sessions of Everruns are right', async ({ sessions, lists, singles }) => {
  const everruns = await start('everruns', { agents: 400, sessions });
  const read = async (path: string) => (await fetch(`${everruns.url}/v1/agents${path}`)).json();
  const server = serve([{ id: 'everruns', provider: 'everruns', url: await pagingAgents(everruns) }]);
  const { json } = await server.ask({
    query: '{ sessions(first: 100) { nodes { agent { nativeId name } } outcomes { status } } }',
  });
  const asked = agentUrls(everruns);
  expect(json).toMatchObject({ data: { sessions: { outcomes: [{ status: 'COMPLETE' }] } } });
  const { nodes } = (
    json as { data: { sessions: { nodes: readonly { agent: { nativeId: string; name: string } }[] } } }
  ).data.sessions;
  expect(nodes.length).toBeGreaterThanOrEqual(sessions);
  for (const { agent } of nodes) {
    expect(await read(`/${agent.nativeId}`)).toMatchObject({ id: agent.nativeId, name: agent.name });
  }
  const isList = (url: string) => url.includes('?');
  expect(new Set(asked).size).toBe(asked.length);
  expect({ lists: asked.filter(isList).length, singles: asked.filter((url) => !isList(url)).length }).toEqual({
    lists,
    singles,
  });
});

test('asks for no agents whose ids are all that is selected', async () => {
  const [agno, everruns] = [await start('agno'), await start('everruns', { agents: 4 })];
  const server = serve([
    { id: 'agno', provider: 'agno', url: agno.url, dialect: '2.9' },
    { id: 'everruns', provider: 'everruns', url: everruns.url },
  ]);
  await server.ask({ query: withKeys });
  expect([agentRequests(agno), agentRequests(everruns)]).toEqual([[], []]);
});

test('reports agents that cannot be read at the agents alone', async () => {
  const agno = await start('agno');
  agno.fail({ match: ({ url }) => url.startsWith('/agents'), kind: 'status', status: 403 });
  const server = serve([{ id: 'agno', provider: 'agno', url: agno.url, dialect: '2.9' }]);
  const { json } = await server.ask({ query: withNames });
  const { data, errors } = json as { readonly data: unknown; readonly errors: readonly unknown[] };
  expect(data).toMatchObject({ sessions: { outcomes: [{ status: 'COMPLETE' }] } });
  expect(errors[0]).toMatchObject({
    path: ['sessions', 'nodes', expect.any(Number), 'agent'],
    extensions: { code: 'UPSTREAM_FORBIDDEN', source: 'agno' },
  });
  expect(agentRequests(agno).filter((path) => path === '/agents')).toHaveLength(1);
});
