import { afterEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { createHttpSource, type HttpSource } from '../../src/http/client.ts';
import { defaultHttpLimits } from '../../src/http/limits.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import type { FeedPage, FeedStart } from '../../src/pagination/feed.ts';
import { everruns } from '../../src/providers/everruns/index.ts';
import { encodeKey } from '../../src/providers/key.ts';
import type { Source } from '../../src/providers/source.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { sessionsWhole } from '../selected.ts';
import { expose } from './expose.ts';

const open: (RunningPlatform | HttpSource)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function start(options: Omit<PlatformOptions, 'platform'> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'everruns', sessions: 0, agents: 0, ...options });
  open.push(platform);
  return platform;
}

/** The source as one operation sees it. */
function connect(platform: RunningPlatform, given: Record<string, unknown> = {}): Source {
  const settings = everruns.settings.parse(given);
  const limits = { ...defaultHttpLimits, retries: 0 };
  const http = createHttpSource({ sourceId: 'prod', url: platform.url, auth: { kind: 'none' }, limits });
  open.push(http);
  const upstream = http.open({
    user: null,
    identity: { headers: {}, query: {} },
    forwarded: {},
    requestId: 'test',
    signal: new AbortController().signal,
    deadline: performance.now() + 900_000,
    budget: createRequestBudget(),
    fresh: false,
    observer: null,
  });
  return everruns
    .configure({ id: 'prod', name: 'Production', url: platform.url, settings })
    .connect(upstream, sessionsWhole);
}

function requestsOf(platform: RunningPlatform): string[] {
  const base = new URL(platform.url).pathname;
  return platform.requests.map(({ method, url }) => `${method} ${url.slice(base.length)}`);
}

async function readFeeds(source: Source, filter: Partial<SessionFilter> = {}, limit = 3) {
  const feeds = await source.sessionFeeds({ filter: { ...anySession, ...filter }, orderBy: 'createdAt' });
  const pages = await Promise.all(feeds.map((feed) => feed.read({ direction: 'desc', from: { kind: 'head' }, limit })));
  const sessions = pages.flatMap((page) => page.items.map((item) => item.row));
  return { feeds, pages, sessions, keys: sessions.map(({ key }) => key) };
}

async function readAll(source: Source): Promise<Map<string, SessionRecord>> {
  const all = new Map<string, SessionRecord>();
  const [feed] = await source.sessionFeeds({ filter: anySession, orderBy: 'createdAt' });
  let from: FeedStart = { kind: 'head' };
  for (let more = true; more; ) {
    const page: FeedPage<SessionRecord> | undefined = await feed?.read({ direction: 'desc', from, limit: 100 });
    for (const { row: session } of page?.items ?? []) all.set(session.key, session);
    more = page?.more ?? false;
    from = { kind: 'beyond', position: page?.items.at(-1)?.position ?? '' };
  }
  return all;
}

/** For answers that the sandbox itself never gives. */
function answerWith(platform: RunningPlatform, part: string, body: unknown): void {
  platform.fail({
    kind: 'status',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    match: ({ url }) => url.includes(part),
  });
}

function refuse(platform: RunningPlatform, part: string, status: number): void {
  platform.fail({ kind: 'status', status, match: ({ url }) => url.includes(part) });
}

function codeOf(answer: unknown): string | null {
  return answer instanceof UpstreamError ? answer.code : null;
}

const sessionId = `session_${'0'.repeat(31)}1`;
const agentId = `agent_${'0'.repeat(31)}a`;

const row = {
  id: sessionId,
  organization_id: `org_${'0'.repeat(31)}1`,
  agent_id: agentId,
  title: 'Refund for order 17',
  preview: 'Where is my refund?',
  output_preview: 'It is on its way.',
  tags: ['billing', 'vip'],
  model_id: `model_${'0'.repeat(31)}2`,
  capabilities: [
    { ref: 'web_fetch', config: null },
    { ref: 'file_system', config: { read_only: true } },
  ],
  tools: [{ name: 'lookup' }],
  status: 'active',
  created_at: '2026-02-03T04:05:06.123456789Z',
  updated_at: '2026-02-03T05:05:06.123Z',
  started_at: '2026-02-03T04:05:07Z',
  finished_at: '2026-02-03T05:05:06.5Z',
  usage: { input_tokens: 3_000_000_000, output_tokens: 20, cache_read_tokens: 7, cache_creation_tokens: 0 },
  harness_id: 'harness_1',
  workspace_id: 'wsp_1',
  owner_principal_id: 'principal_1',
  locale: 'de-AT',
  is_pinned: true,
  features: ['file_system'],
  parent_session_id: `session_${'0'.repeat(31)}0`,
  self_url: 'https://everruns.example/api/v1/sessions/1',
  view_url: 'https://everruns.example/sessions/1',
};

const agentRow = {
  id: agentId,
  name: 'Billing',
  description: 'Answers questions about invoices.',
  system_prompt: 'You answer questions about invoices.',
  default_model_id: `model_${'0'.repeat(31)}2`,
  tags: ['billing'],
  capabilities: [{ ref: 'web_fetch', config: null }],
  tools: [{ name: 'lookup' }],
  status: 'archived',
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-02T00:00:00.5Z',
  usage: { input_tokens: 10, output_tokens: 20 },
  session_count: 12,
  app_count: 1,
  self_url: 'https://everruns.example/api/v1/agents/a',
  view_url: 'https://everruns.example/agents/a',
};

/** Ids that could name another path of the platform, in every spelling that a server or a proxy might decode. */
const unsafe = [
  '..',
  '.',
  'a/b',
  'a\\b',
  '../../admin',
  '..%2fadmin',
  '%2e%2e',
  '%2e%2e%2fadmin',
  '%252e%252e%252f',
  '%25252e%25252e%25252f',
  'a%5Cb',
];

describe('a session', () => {
  test('has everything the platform documents', async () => {
    const platform = await start();
    answerWith(platform, '/v1/sessions/', { ...row, brand_new: { ignored: true } });
    const [session] = await connect(platform).sessions([sessionId]);
    if (!session || session instanceof Error) throw new Error('There is no session.');
    const { row: held, ...common } = session;
    expect(common).toMatchInlineSnapshot(`
      {
        "agentKey": "agent_0000000000000000000000000000000a",
        "complete": true,
        "createdAt": {
          "micros": 1770091506123456,
          "text": "2026-02-03T04:05:06.123456789Z",
        },
        "key": "session_00000000000000000000000000000001",
        "kind": "AGENT",
        "nativeId": "session_00000000000000000000000000000001",
        "nativeStatus": "active",
        "preview": "Where is my refund?",
        "provider": "everruns",
        "sourceId": "prod",
        "status": "RUNNING",
        "tags": [
          "billing",
          "vip",
        ],
        "teamKey": null,
        "title": "Refund for order 17",
        "updatedAt": {
          "micros": 1770095106123000,
          "text": "2026-02-03T05:05:06.123Z",
        },
        "userId": null,
        "workflowKey": null,
      }
    `);
    expect(expose(everruns.types.session, session)).toMatchInlineSnapshot(`
      {
        "agentId": "agent_0000000000000000000000000000000a",
        "capabilities": [
          {
            "config": null,
            "ref": "web_fetch",
          },
          {
            "config": {
              "read_only": true,
            },
            "ref": "file_system",
          },
        ],
        "features": [
          "file_system",
        ],
        "finishedAt": {
          "micros": 1770095106500000,
          "text": "2026-02-03T05:05:06.5Z",
        },
        "harnessId": "harness_1",
        "isPinned": true,
        "locale": "de-AT",
        "modelId": "model_00000000000000000000000000000002",
        "organizationId": "org_00000000000000000000000000000001",
        "outputPreview": "It is on its way.",
        "ownerPrincipalId": "principal_1",
        "parentSession": {
          "key": "session_00000000000000000000000000000000",
          "sourceId": "prod",
        },
        "parentSessionId": "session_00000000000000000000000000000000",
        "preview": "Where is my refund?",
        "selfUrl": "https://everruns.example/api/v1/sessions/1",
        "startedAt": {
          "micros": 1770091507000000,
          "text": "2026-02-03T04:05:07Z",
        },
        "tags": [
          "billing",
          "vip",
        ],
        "tools": [
          {
            "name": "lookup",
          },
        ],
        "usage": {
          "cacheCreationTokens": 0,
          "cacheReadTokens": 7,
          "inputTokens": 3000000000,
          "outputTokens": 20,
        },
        "viewUrl": "https://everruns.example/sessions/1",
        "workspaceId": "wsp_1",
      }
    `);
  });

  test('may lack everything but its id', async () => {
    const platform = await start();
    const nulls = Object.fromEntries(Object.keys(row).map((name) => [name, null]));
    answerWith(platform, '/v1/sessions?', { data: [{ id: 'bare' }, { ...nulls, id: 'nulls', title: '' }], total: 2 });
    const { sessions } = await readFeeds(connect(platform));
    expect(sessions.map(({ nativeId }) => nativeId)).toEqual(['bare', 'nulls']);
    for (const session of sessions) {
      expect(session).toMatchObject({
        title: null,
        status: 'UNKNOWN',
        nativeStatus: null,
        createdAt: null,
        updatedAt: null,
        agentKey: null,
        tags: [],
      });
      const { tags, capabilities, ...others } = expose(everruns.types.session, session);
      expect({ tags, capabilities }).toEqual({ tags: [], capabilities: [] });
      expect(others).toEqual({
        organizationId: null,
        agentId: null,
        preview: null,
        outputPreview: null,
        modelId: null,
        tools: null,
        startedAt: null,
        finishedAt: null,
        usage: null,
        harnessId: null,
        workspaceId: null,
        ownerPrincipalId: null,
        locale: null,
        isPinned: null,
        features: null,
        parentSessionId: null,
        parentSession: null,
        selfUrl: null,
        viewUrl: null,
      });
    }
  });

  test('fails the whole list when it has no id, and so does a list without a total', async () => {
    for (const body of [{ data: [row, { ...row, id: undefined }], total: 2 }, { data: [row] }]) {
      const platform = await start();
      answerWith(platform, '/v1/sessions?', body);
      await expect(readFeeds(connect(platform))).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    }
  });

  test('has the title that the platform has for it, and its preview apart', async () => {
    const platform = await start();
    const data = [row, { ...row, id: 'b', title: '' }, { ...row, id: 'c', title: null, preview: null }];
    answerWith(platform, '/v1/sessions?', { data, total: 3 });
    const { sessions } = await readFeeds(connect(platform));
    expect(sessions.map(({ title, preview }) => ({ title, preview }))).toEqual([
      { title: 'Refund for order 17', preview: 'Where is my refund?' },
      { title: null, preview: 'Where is my refund?' },
      { title: null, preview: null },
    ]);
  });

  test('has one status for each the platform knows and UNKNOWN for new ones', async () => {
    const platform = await start();
    const statuses = 'started active idle paused waitingfortoolresults waiting_for_tool_results migrating'.split(' ');
    const data = statuses.map((status, index) => ({ ...row, status, id: `s${index}` }));
    answerWith(platform, '/v1/sessions?', { data, total: data.length });
    const { sessions } = await readFeeds(connect(platform));
    expect(sessions.map(({ nativeStatus, status }) => `${nativeStatus} ${status}`)).toEqual([
      'started IDLE',
      'active RUNNING',
      'idle IDLE',
      'paused IDLE',
      'waitingfortoolresults WAITING',
      'waiting_for_tool_results WAITING',
      'migrating UNKNOWN',
    ]);
  });
});

describe('an agent', () => {
  test('has everything that the platform sends', async () => {
    const platform = await start();
    answerWith(platform, '/v1/agents/', agentRow);
    const [agent] = await connect(platform).agents([agentId]);
    if (!agent || agent instanceof Error) throw new Error('There is no agent.');
    const { row, ...common } = agent;
    expect(common).toMatchInlineSnapshot(`
      {
        "createdAt": {
          "micros": 1767225600000000,
          "text": "2026-01-01T00:00:00Z",
        },
        "description": "Answers questions about invoices.",
        "key": "agent_0000000000000000000000000000000a",
        "model": null,
        "name": "Billing",
        "nativeId": "agent_0000000000000000000000000000000a",
        "provider": "everruns",
        "sourceId": "prod",
      }
    `);
    expect(expose(everruns.types.agent, agent)).toMatchInlineSnapshot(`
      {
        "appCount": 1,
        "capabilities": [
          {
            "config": null,
            "ref": "web_fetch",
          },
        ],
        "defaultModelId": "model_00000000000000000000000000000002",
        "selfUrl": "https://everruns.example/api/v1/agents/a",
        "sessionCount": 12,
        "status": "archived",
        "systemPrompt": "You answer questions about invoices.",
        "tags": [
          "billing",
        ],
        "tools": [
          {
            "name": "lookup",
          },
        ],
        "updatedAt": {
          "micros": 1767312000500000,
          "text": "2026-01-02T00:00:00.5Z",
        },
        "usage": {
          "cacheCreationTokens": null,
          "cacheReadTokens": null,
          "inputTokens": 10,
          "outputTokens": 20,
        },
        "viewUrl": "https://everruns.example/agents/a",
      }
    `);
  });

  test('is listed page by page where the platform pages, and at once where it does not', async () => {
    const platform = await start();
    const heal = platform.fail({
      kind: 'status',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: [{ id: 'a1' }, { id: 'a2' }], total: 3 }),
      match: ({ url }) => url.includes('offset=0'),
    });
    answerWith(platform, 'offset=2', { data: [{ id: 'a3' }], total: 3 });
    expect((await connect(platform).listAgents()).map(({ key }) => key)).toEqual(['a1', 'a2', 'a3']);
    expect(requestsOf(platform)).toEqual(['GET /v1/agents?offset=0&limit=100', 'GET /v1/agents?offset=2&limit=100']);
    heal();
    platform.addAgent({ id: agentId });
    expect((await connect(platform).listAgents()).map(({ key }) => key)).toEqual([agentId]);
    expect(platform.requests).toHaveLength(3);
  });

  test('list stops at an empty page, whatever the total says', async () => {
    const platform = await start();
    answerWith(platform, '/v1/agents?', { data: [], total: 3 });
    expect(await connect(platform).listAgents()).toEqual([]);
    expect(platform.requests).toHaveLength(1);
  });
});

describe('the lists of sessions', () => {
  test('are one of everything, read by offset in both directions', async () => {
    const platform = await start({ agents: 1 });
    const ids = Array.from({ length: 5 }, (_, at) => platform.addSession({ createdAt: 1_700_000_000_000 + at }));
    const { feeds, keys } = await readFeeds(connect(platform));
    expect(feeds.map(({ id, sourceId, maxRows }) => ({ id, sourceId, maxRows }))).toEqual([
      { id: 'all', sourceId: 'prod', maxRows: 100 },
    ]);
    expect(keys).toEqual(ids.toReversed().slice(0, 3));
    expect(requestsOf(platform)).toEqual(['GET /v1/sessions?offset=0&limit=3']);
    const oldest = await feeds[0]?.read({ direction: 'asc', from: { kind: 'head' }, limit: 2 });
    expect(oldest).toMatchObject({ items: [{ key: ids[0] }, { key: ids[1] }], more: true, total: 5 });
    expect(requestsOf(platform).slice(1)).toEqual([
      'GET /v1/sessions?offset=0&limit=1',
      'GET /v1/sessions?offset=3&limit=2',
    ]);
  });

  test('are one for each filtered agent', async () => {
    const platform = await start();
    const agents = ['a', 'b', 'c'].map((end) => platform.addAgent({ id: `agent_${'0'.repeat(31)}${end}` }));
    const [a = '', b = ''] = agents;
    const ids = agents.map((agent) => platform.addSession({ agent }));
    const source = connect(platform);
    const { feeds, keys } = await readFeeds(source, { agentKeys: [a, b, a, 'bogus', 'not%a'] });
    expect(feeds.map(({ id }) => id)).toEqual([a, b, 'bogus']);
    expect(keys).toEqual([ids[0], ids[1]]);
    expect(requestsOf(platform)).toEqual(
      [a, b, 'bogus'].map((id) => `GET /v1/sessions?agent_id=${id}&offset=0&limit=3`),
    );
    expect((await readFeeds(source, { kinds: ['WORKFLOW'] })).feeds).toEqual([]);
    expect((await readFeeds(source, { agentKeys: [] })).feeds).toEqual([]);
  });

  test('are everybody’s where the platform does not filter, once for all agents and without a total', async () => {
    const platform = await start({ sessions: 5, agents: 1, quirks: { unknownAgent: 'everything' } });
    const other = `agent_${'0'.repeat(32)}`;
    const { pages, keys } = await readFeeds(connect(platform), { agentKeys: [agentId, other] });
    expect(keys).toEqual(platform.sessionIds().slice(0, 3));
    expect(pages).toMatchObject([
      { total: null, more: true },
      { items: [], more: false },
    ]);
    expect(requestsOf(platform)).toEqual([`GET /v1/sessions?agent_id=${agentId}&offset=0&limit=3`]);
  });

  test('are refused as they are when the refusal is not about an id', async () => {
    const platform = await start();
    refuse(platform, '/v1/sessions', 400);
    const source = connect(platform);
    await expect(readFeeds(source)).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
    await expect(readFeeds(source, { agentKeys: [agentId] })).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
    expect((await readFeeds(source, { agentKeys: ['bogus'] })).keys).toEqual([]);
  });
});

describe('lookups', () => {
  test('of sessions are one request for each distinct key, matched by key', async () => {
    const platform = await start({ agents: 1 });
    const [first = '', second = ''] = [platform.addSession(), platform.addSession()];
    refuse(platform, second, 403);
    const source = connect(platform);
    const answers = await source.sessions([first, sessionId, second, first, 'bogus', '%']);
    expect(answers.map((answer) => (answer instanceof Error ? codeOf(answer) : answer?.key))).toEqual([
      first,
      undefined,
      'UPSTREAM_FORBIDDEN',
      first,
      undefined,
      undefined,
    ]);
    await source.sessions([first]);
    expect(requestsOf(platform).sort()).toEqual(
      [first, sessionId, second, 'bogus'].map((id) => `GET /v1/sessions/${id}`).sort(),
    );
  });

  test('of sessions that were listed cost nothing, in detail either', async () => {
    const platform = await start({ sessions: 30, agents: 2 });
    const source = connect(platform);
    const { sessions } = await readFeeds(source, {}, 30);
    platform.clearRequests();
    expect(await source.sessions(sessions.map(({ key }) => key))).toEqual(sessions);
    expect(await source.sessionDetails(sessions.map(({ key }) => key))).toEqual(sessions);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('in detail find what only lists show, by halves of the list of its agent', async () => {
    const platform = await start({ agents: 1 });
    const [agent = ''] = platform.agentIds();
    const ids = Array.from({ length: 950 }, (_, at) =>
      platform.addSession({ createdAtMicros: 1_700_000_000_000_000 + at }),
    );
    const listed = new Map<string, string | null>();
    for (const { key, preview } of (await readAll(connect(platform))).values()) listed.set(key, preview);
    expect([...listed.values()].filter((preview) => preview !== null).length).toBeGreaterThan(300);

    for (const id of ids.filter((_, at) => at % 37 === 0)) {
      const source = connect(platform);
      const [session] = await source.sessionDetails([id]);
      expect(session).toMatchObject({ key: id, preview: listed.get(id) });
    }
    // The 201st of the list.
    platform.clearRequests();
    await connect(platform).sessionDetails([ids[749] ?? '']);
    expect(requestsOf(platform)).toEqual([
      `GET /v1/sessions/${ids[749]}`,
      `GET /v1/sessions?agent_id=${agent}&offset=0&limit=100`,
      `GET /v1/sessions?agent_id=${agent}&offset=475&limit=100`,
      `GET /v1/sessions?agent_id=${agent}&offset=237&limit=100`,
      `GET /v1/sessions?agent_id=${agent}&offset=118&limit=100`,
    ]);
    // What is read for one serves the others.
    platform.clearRequests();
    await connect(platform).sessionDetails(ids.slice(0, 100));
    expect(requestsOf(platform).filter((request) => request.includes('?')).length).toBeLessThan(7);
  });

  test('in detail find a session among hundreds of one moment, and do without a list that lacks it', async () => {
    const platform = await start({ agents: 1 });
    const ids = Array.from({ length: 450 }, () => platform.addSession({ createdAt: 1_700_000_000_000 }));
    platform.addSession({ createdAt: 1_600_000_000_000 });
    platform.addSession({ createdAt: 1_800_000_000_000 });
    for (const id of [ids[0], ids[222], ids[449]]) {
      const [session] = await connect(platform).sessionDetails([id ?? '']);
      const all = await readAll(connect(platform));
      expect(session).toEqual(all.get(id ?? ''));
    }

    const other = await start();
    answerWith(other, '/v1/sessions/', { ...row, preview: undefined });
    answerWith(other, '/v1/sessions?', { data: [], total: 0 });
    expect(await connect(other).sessionDetails([sessionId])).toMatchObject([{ key: sessionId, preview: null }]);
    expect(await connect(other).sessionDetails(['session_unknown'])).toEqual([null]);
  });

  test('of up to four agents are single, of more one list and what it lacks, such as archived ones', async () => {
    const platform = await start();
    const agents = [1, 2, 3, 4, 5].map((end) => platform.addAgent({ id: `agent_${'0'.repeat(31)}${end}` }));
    const archived = platform.addAgent({ id: agentId });
    platform.deleteAgent(archived);

    await connect(platform).agents([...agents.slice(0, 4), agents[0] ?? '']);
    expect(requestsOf(platform).sort()).toEqual(agents.slice(0, 4).map((id) => `GET /v1/agents/${id}`));

    platform.clearRequests();
    const source = connect(platform);
    const gone = `agent_${'f'.repeat(32)}`;
    const answers = await source.agents([...agents, archived, gone]);
    expect(answers.map((answer) => (answer instanceof Error ? answer : answer?.key))).toEqual([
      ...agents,
      archived,
      undefined,
    ]);
    await source.agents([...agents, archived]);
    await source.listAgents();
    expect(requestsOf(platform)).toEqual([
      'GET /v1/agents?offset=0&limit=100',
      `GET /v1/agents/${archived}`,
      `GET /v1/agents/${gone}`,
    ]);
  });

  test('fail for each agent alone', async () => {
    const platform = await start();
    const agents = [1, 2, 3, 4, 5].map((end) => platform.addAgent({ id: `agent_${'0'.repeat(31)}${end}` }));
    const [first = '', second = ''] = agents;
    refuse(platform, `/v1/agents/${first}`, 500);
    const [failed, found] = await connect(platform).agents([first, second]);
    expect(codeOf(failed)).toBe('UPSTREAM_UNAVAILABLE');
    expect(found).toMatchObject({ key: second });
    refuse(platform, '/v1/agents?', 500);
    const answers = await connect(platform).agents(agents);
    expect(answers.map(codeOf)).toEqual(agents.map(() => 'UPSTREAM_UNAVAILABLE'));
  });

  test('of an agent are null when the platform answers with another one, as it does to names', async () => {
    const platform = await start();
    answerWith(platform, '/v1/agents/', agentRow);
    expect(await connect(platform).agents(['Billing'])).toEqual([null]);
  });

  test('stay in their path segment', async () => {
    const platform = await start();
    const odd = ['x?y=1', 'naïve ✓', '%zz'];
    const answers = await connect(platform).sessions([...odd.map((id) => encodeKey(id)), '%zz', 'a/b', '/', '']);
    expect(answers).toEqual([null, null, null, null, null, null, null]);
    expect(requestsOf(platform).sort()).toEqual([
      'GET /v1/sessions/%25zz',
      'GET /v1/sessions/na%C3%AFve%20%E2%9C%93',
      'GET /v1/sessions/x%3Fy%3D1',
    ]);
  });

  test.each(unsafe)('of %s ask nothing, whether it is a session or an agent', async (id) => {
    const platform = await start({ sessions: 5, agents: 1 });
    const source = connect(platform);
    const refused = { code: 'UPSTREAM_UNSAFE_ID', retryable: false };
    expect(await source.sessions([encodeKey(id)])).toMatchObject([refused]);
    expect(await source.agents([encodeKey(id)])).toMatchObject([refused]);
    await expect(readFeeds(source, { agentKeys: [encodeKey(id)] })).rejects.toMatchObject(refused);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('take a refusal of what can be no id for its absence, and any other refusal as it is', async () => {
    const platform = await start();
    refuse(platform, '/v1/', 400);
    const source = connect(platform);
    expect(await source.sessions(['bogus', sessionId])).toMatchObject([null, { code: 'UPSTREAM_REJECTED' }]);
    expect(await source.agents(['bogus', agentId])).toMatchObject([null, { code: 'UPSTREAM_REJECTED' }]);
  });

  test('of what the platform does not have ask nothing', async () => {
    const platform = await start();
    const source = connect(platform);
    expect(await source.listTeams()).toEqual([]);
    expect(await source.teams(['a', 'b'])).toEqual([null, null]);
    expect(await source.workflows(['a'])).toEqual([null]);
    expect(await source.agentVersions(['a/1'])).toEqual([null]);
    expect(requestsOf(platform)).toEqual([]);
  });
});

describe('what a refusal means', () => {
  const refusalOf = async (status: number, body: unknown, ask: (source: Source) => Promise<readonly unknown[]>) => {
    const platform = await start();
    platform.fail({
      kind: 'status',
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const [answer] = await ask(connect(platform)).catch((failure: unknown) => [failure]);
    return answer instanceof UpstreamError ? { code: answer.code, message: answer.message } : answer;
  };
  const lookUp = (source: Source) => source.sessions([sessionId]);
  const list = (source: Source) => source.listAgents();
  const wrongOrganization =
    'Source "prod" does not know the configured organization: check `organization` in its configuration.';

  test.each([
    [401, { error: 'Invalid organization ID format' }, 'UPSTREAM_REJECTED', wrongOrganization],
    [404, { error: 'Organization not found' }, 'UPSTREAM_REJECTED', wrongOrganization],
    [
      404,
      { title: 'Not Found', detail: 'Organization not found', status: 404 },
      'UPSTREAM_REJECTED',
      wrongOrganization,
    ],
    [
      400,
      { error: 'Multiple organizations available. Specify the target organization via the X-Org-Id header.' },
      'UPSTREAM_REJECTED',
      'Source "prod" has several organizations: set `organization` in its configuration.',
    ],
    [
      401,
      { error: 'No organization available' },
      'UPSTREAM_FORBIDDEN',
      'Source "prod" accepts the credential, which belongs to no organization.',
    ],
    [
      401,
      { error: { code: 'unauthorized', message: 'API key expired' } },
      'UPSTREAM_UNAUTHENTICATED',
      'Source "prod" says that the credential has expired.',
    ],
    [
      403,
      { error: 'Admin access required' },
      'UPSTREAM_FORBIDDEN',
      'Source "prod" accepts the credential, which lacks the rights of an administrator.',
    ],
    [400, { code: 'rate_limited', title: 'x' }, 'UPSTREAM_RATE_LIMITED', 'Source "prod" asks for fewer requests.'],
    [400, { error: 'of alice@example.com' }, 'UPSTREAM_REJECTED', 'Source "prod" rejected the request.'],
    [409, ['odd'], 'UPSTREAM_REJECTED', 'Source "prod" rejected the request.'],
  ])('%i %o is %s', async (status, body, code, message) => {
    expect(await refusalOf(status, body, lookUp)).toEqual({ code, message });
    expect(await refusalOf(status, body, list)).toEqual({ code, message });
  });

  test('a session that is not found is none, a list that is not found is at another URL', async () => {
    expect(await refusalOf(404, { error: 'Session not found' }, lookUp)).toBeNull();
    expect(await refusalOf(404, {}, list)).toEqual({
      code: 'UPSTREAM_NOT_FOUND',
      message: 'Source "prod" has no such list at its URL: check `url` in its configuration.',
    });
  });
});

describe('the settings', () => {
  test('choose the organization of every request', async () => {
    const platform = await start({ sessions: 40, agents: 2 });
    const organization = `org_${'0'.repeat(31)}2`;
    const source = connect(platform, { organization });
    const { keys } = await readFeeds(source);
    await source.agents(['a']);
    await source.sessions(['a']);
    await source.listAgents();
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map((key) => platform.ownerOf(key)))).toEqual(new Set([organization]));
    expect(platform.requests.map(({ headers }) => headers['x-org-id'])).toEqual(
      Array.from({ length: 4 }, () => organization),
    );
  });

  test('are optional, and no others are known', async () => {
    expect(everruns.settings.parse({})).toEqual({ organization: null });
    expect(everruns.settings.safeParse({ region: 'west' }).success).toBe(false);
    expect(everruns.settings.safeParse({ organization: 'a\r\nx: y' }).success).toBe(false);
    const platform = await start();
    await connect(platform).listAgents();
    expect(platform.requests.map(({ headers }) => headers['x-org-id'])).toEqual([undefined]);
  });
});
