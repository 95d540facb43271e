import { afterEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { createHttpSource, type HttpSource } from '../../src/http/client.ts';
import { defaultHttpLimits } from '../../src/http/limits.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import type { Feed } from '../../src/pagination/feed.ts';
import { agno } from '../../src/providers/agno/index.ts';
import { encodeKey } from '../../src/providers/key.ts';
import { asUser } from '../../src/providers/provider.ts';
import type { OrderField, Source } from '../../src/providers/source.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { sessionsWhole } from '../selected.ts';
import { expose } from './expose.ts';

const open: (RunningPlatform | HttpSource)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function start(options: Omit<PlatformOptions, 'platform'> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'agno', sessions: 0, agents: 0, ...options });
  open.push(platform);
  return platform;
}

/** Answers the source as each of its operations sees it. */
function configure(platform: RunningPlatform, given: Record<string, unknown> = {}, user: string | null = null) {
  const settings = agno.settings.parse(given);
  const limits = { ...defaultHttpLimits, retries: 0 };
  const http = createHttpSource({ sourceId: 'prod', url: platform.url, auth: { kind: 'none' }, limits });
  open.push(http);
  const configured = agno.configure({ id: 'prod', name: 'Production', url: platform.url, settings });
  return (): Source =>
    configured.connect(
      http.open({
        ...asUser(agno, user, settings),
        forwarded: {},
        requestId: 'test',
        signal: new AbortController().signal,
        deadline: performance.now() + 900_000,
        budget: createRequestBudget(),
        fresh: false,
        observer: null,
      }),
      sessionsWhole,
    );
}

function connect(platform: RunningPlatform, given: Record<string, unknown> = {}, user: string | null = null): Source {
  return configure(platform, given, user)();
}

function requestsOf(platform: RunningPlatform): string[] {
  return platform.requests.map(({ method, url }) => `${method} ${url}`);
}

/** What the lists of sessions were asked for, beside where in them. */
function selectionsOf(platform: RunningPlatform): Record<string, string>[] {
  return platform.requests
    .map(({ url }) => new URL(url, platform.url))
    .filter(({ pathname, searchParams }) => pathname === '/sessions' && searchParams.has('sort_by'))
    .map(({ searchParams }) => {
      for (const name of ['limit', 'page', 'sort_by', 'sort_order']) searchParams.delete(name);
      return Object.fromEntries(searchParams);
    });
}

function openFeeds(source: Source, filter: Partial<SessionFilter> = {}, orderBy: OrderField = 'createdAt') {
  return source.sessionFeeds({ filter: { ...anySession, ...filter }, orderBy });
}

async function readFeeds(feeds: readonly Feed<SessionRecord>[]): Promise<SessionRecord[]> {
  const pages = await Promise.all(
    feeds.map((feed) => feed.read({ direction: 'desc', from: { kind: 'head' }, limit: 100 })),
  );
  return pages.flatMap((page) => page.items.map((item) => item.row));
}

async function readSessions(source: Source, filter: Partial<SessionFilter> = {}): Promise<SessionRecord[]> {
  return readFeeds(await openFeeds(source, filter));
}

/** For answers that the sandbox itself never gives. */
function answerWith(platform: RunningPlatform, part: string, body: unknown): () => void {
  return platform.fail({
    kind: 'status',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    match: ({ url }) => url.includes(part),
  });
}

function refuse(platform: RunningPlatform, part: string, status: number): () => void {
  return platform.fail({ kind: 'status', status, match: ({ url }) => url.includes(part) });
}

function codeOf(answer: unknown): string | null {
  return answer instanceof UpstreamError ? answer.code : null;
}

function present<Value>(value: Value | Error | null | undefined): Value {
  if (value === null || value === undefined || value instanceof Error)
    throw new Error('There is none.', { cause: value });
  return value;
}

function pageOf(...data: readonly unknown[]) {
  return { data, meta: { page: 1, limit: 20, total_pages: 1, total_count: data.length, search_time_ms: 0 } };
}

const row = {
  session_id: 's-1',
  session_name: 'Refund for order 7',
  session_state: { stage: 'open', reviewer: null },
  created_at: '2025-09-05T16:02:09Z',
  updated_at: '2025-09-05T16:03:10Z',
};

const fullRow = {
  ...row,
  session_type: 'agent',
  user_id: 'u-1',
  agent_id: 'support',
  session_summary: { summary: 'Asked.', topics: [] },
  metrics: { total_tokens: 42 },
  total_tokens: 42,
  metadata: {},
};

const message = {
  id: 'm-2',
  role: 'tool',
  name: 'tracker',
  content: [{ type: 'text', text: 'In Hull.' }],
  reasoning_content: 'Look it up.',
  created_at: '2025-09-05T16:02:09Z',
  from_history: true,
  stop_after_tool_call: true,
  tool_calls: [{ id: 'c-2' }],
  tool_call_id: 'c-1',
  tool_name: 'track',
  tool_args: { order: 7 },
  tool_call_error: false,
  images: ['i'],
  audio: ['a'],
  videos: ['v'],
  files: ['f'],
  audio_output: { id: 'ao' },
  references: ['r'],
  metrics: { input_tokens: 3 },
  provider_data: { finish: 'stop' },
};

const component = {
  id: 'support',
  name: 'Support',
  db_id: 'db-1',
  description: 'Helps.',
  role: 'Answers',
  model: { name: 'OpenAIResponses', model: 'gpt-5.4', provider: 'OpenAI' },
  tools: { tools: [{ name: 'search' }], tool_call_limit: 5, tool_choice: 'auto' },
  sessions: { session_table: 'agno_sessions' },
  knowledge: { knowledge_table: 'k' },
  memory: { enable_user_memories: true },
  reasoning: { reasoning: true },
  default_tools: { read_chat_history: true },
  system_message: { instructions: 'Be kind.', markdown: true },
  extra_messages: { user_message_role: 'user' },
  response_settings: { retries: 2 },
  introduction: 'Hello.',
  streaming: { stream: true },
  metadata: { owner: 'care' },
  input_schema: { type: 'object' },
  factory_input_schema: { type: 'string' },
  is_factory: true,
  is_component: false,
  current_version: 3,
  stage: 'published',
  sandboxed: true,
  filesystem: false,
};

describe('a session', () => {
  test('of 2.6 and later has everything that its row has', async () => {
    const platform = await start();
    answerWith(platform, '/sessions', pageOf({ ...fullRow, brand_new: 1 }));
    const session = present((await readSessions(connect(platform, { dialect: '2.9' })))[0]);
    const { row: _, ...common } = session;
    expect(common).toMatchInlineSnapshot(`
      {
        "agentKey": "support",
        "complete": true,
        "createdAt": {
          "micros": 1757088129000000,
          "text": "2025-09-05T16:02:09Z",
        },
        "key": "agent/s-1",
        "kind": "AGENT",
        "nativeId": "s-1",
        "nativeStatus": null,
        "preview": null,
        "provider": "agno",
        "sourceId": "prod",
        "status": "UNKNOWN",
        "tags": [],
        "teamKey": null,
        "title": "Refund for order 7",
        "updatedAt": {
          "micros": 1757088190000000,
          "text": "2025-09-05T16:03:10Z",
        },
        "userId": "u-1",
        "workflowKey": null,
      }
    `);
    expect(expose(agno.types.session, session)).toMatchInlineSnapshot(`
      {
        "agentData": null,
        "agentId": "support",
        "chatHistory": [],
        "metadata": {},
        "metrics": {
          "total_tokens": 42,
        },
        "sessionData": null,
        "sessionState": {
          "reviewer": null,
          "stage": "open",
        },
        "sessionSummary": {
          "summary": "Asked.",
          "topics": [],
        },
        "teamData": null,
        "teamId": null,
        "totalTokens": 42,
        "workflowData": null,
        "workflowId": null,
        "workflowName": null,
      }
    `);
  });

  test('of earlier versions has what its list was asked for', async () => {
    const platform = await start();
    answerWith(platform, '/sessions', pageOf(row));
    const source = connect(platform, { dialect: '2.3' });
    const unknown = { userId: null, agentKey: null, teamKey: null, workflowKey: null, complete: false };
    const [agent, team, workflow] = await readSessions(source);
    expect(agent).toMatchObject({ key: 'agent/s-1', kind: 'AGENT', title: 'Refund for order 7', ...unknown });
    expect(team).toMatchObject({ key: 'team/s-1', kind: 'TEAM', ...unknown });
    expect(workflow).toMatchObject({ key: 'workflow/s-1', kind: 'WORKFLOW', ...unknown });
    expect(await readSessions(source, { teamKeys: ['desk'], userIds: ['u-1'] })).toMatchObject([
      { ...unknown, kind: 'TEAM', teamKey: 'desk', userId: 'u-1' },
    ]);
    expect(await readSessions(source, { agentKeys: ['support'] })).toMatchObject([
      { ...unknown, kind: 'AGENT', agentKey: 'support' },
    ]);
    const asViewer = connect(platform, { dialect: '2.3' }, 'u-2');
    expect(await readSessions(asViewer, { kinds: ['WORKFLOW'] })).toMatchObject([
      { ...unknown, kind: 'WORKFLOW', userId: 'u-2' },
    ]);
  });

  test('asked for alone has more, in each version and kind', async () => {
    const platform = await start();
    answerWith(platform, '/sessions/s-1', {
      ...fullRow,
      session_type: undefined,
      agent_session_id: 's-1',
      agent_data: { agent_id: 'support', name: 'Support' },
      chat_history: [
        {
          id: 'm-1',
          content: 'Where is it?',
          role: 'user',
          from_history: false,
          stop_after_tool_call: false,
          created_at: 1795248119,
        },
        message,
      ],
    });
    answerWith(platform, '/sessions/s-2', {
      session_id: 's-2',
      session_name: '',
      workflow_id: 'report',
      workflow_name: 'Report',
      workflow_data: {},
      session_data: { session_state: {} },
      created_at: 1757088129,
      updated_at: null,
    });
    const [agent, workflow] = await connect(platform).sessions(['agent/s-1', 'workflow/s-2']);
    expect(agent).toMatchObject({ kind: 'AGENT', agentKey: 'support', userId: 'u-1', complete: true });
    expect(expose(agno.types.session, present(agent))).toMatchObject({
      agentData: { agent_id: 'support', name: 'Support' },
      chatHistory: [
        {
          id: 'm-1',
          role: 'user',
          content: 'Where is it?',
          createdAt: { text: '2026-11-21T08:01:59Z' },
          fromHistory: false,
          stopAfterToolCall: false,
          toolCalls: null,
        },
        {
          id: 'm-2',
          role: 'tool',
          name: 'tracker',
          content: [{ type: 'text', text: 'In Hull.' }],
          reasoningContent: 'Look it up.',
          createdAt: { micros: 1757088129000000, text: '2025-09-05T16:02:09Z' },
          fromHistory: true,
          stopAfterToolCall: true,
          toolCalls: [{ id: 'c-2' }],
          toolCallId: 'c-1',
          toolName: 'track',
          toolArgs: { order: 7 },
          toolCallError: false,
          images: ['i'],
          audio: ['a'],
          videos: ['v'],
          files: ['f'],
          audioOutput: { id: 'ao' },
          references: ['r'],
          metrics: { input_tokens: 3 },
          providerData: { finish: 'stop' },
        },
      ],
    });
    expect(workflow).toMatchObject({
      kind: 'WORKFLOW',
      title: null,
      workflowKey: 'report',
      createdAt: { micros: 1757088129000000, text: '2025-09-05T16:02:09Z' },
      updatedAt: { text: '2025-09-05T16:02:09Z' },
      complete: true,
    });
    expect(expose(agno.types.session, present(workflow))).toMatchObject({
      workflowId: 'report',
      workflowName: 'Report',
      workflowData: {},
      sessionData: { session_state: {} },
    });
    expect(requestsOf(platform)).toEqual(['GET /sessions/s-1?type=agent', 'GET /sessions/s-2?type=workflow']);
  });

  test('may lack everything but its id, and be of a type that is new', async () => {
    const platform = await start();
    const nulls = Object.fromEntries(Object.keys(fullRow).map((name) => [name, null]));
    answerWith(
      platform,
      '/sessions',
      pageOf(
        { session_id: 'bare', session_type: 'team' },
        { ...nulls, session_id: 'nulls', session_type: 'workflow' },
        { session_id: 'new', session_type: 'swarm', team_id: 'desk' },
      ),
    );
    const sessions = await readSessions(connect(platform, { dialect: '2.9' }));
    expect(sessions.map(({ key, title, createdAt }) => [key, title, createdAt]).sort()).toEqual([
      ['team/bare', null, null],
      ['team/new', null, null],
      ['workflow/nulls', null, null],
    ]);
    for (const session of sessions) expect(() => expose(agno.types.session, session)).not.toThrow();
  });

  test('fails the whole list when it has no id, or no type where all are asked for', async () => {
    for (const bad of [
      { ...fullRow, session_id: '' },
      { ...fullRow, session_type: undefined },
    ]) {
      const platform = await start();
      answerWith(platform, '/sessions', pageOf(fullRow, bad));
      const reading = readSessions(connect(platform, { dialect: '2.9' }));
      await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', sourceId: 'prod' });
    }
  });
});

describe('agents, teams and workflows', () => {
  test('have everything that the platform sends', async () => {
    const platform = await start();
    answerWith(platform, '/agents', [{ ...component, brand_new: 1 }]);
    answerWith(platform, '/teams', [
      {
        ...component,
        id: 'care',
        name: 'Care',
        mode: 'coordinate',
        members: [
          { ...component, id: undefined, name: 'Fact_Checker One' },
          { id: 'desk', mode: 'route', members: [{ id: 'translator' }, {}] },
          { id: 'empty', members: [] },
        ],
      },
    ]);
    answerWith(platform, '/workflows/report', {
      id: 'report',
      name: 'Report',
      db_id: 'db-1',
      description: 'Fridays.',
      input_schema: { type: 'object' },
      steps: [
        { name: 'Write', type: 'Step', agent: { name: 'Ghost Writer' } },
        { name: 'Check', type: 'Parallel', steps: [{ name: 'Inner', type: 'Step', team: { id: 'inner-team' } }] },
        'something else',
      ],
      metadata: { k: 1 },
      workflow_agent: false,
      is_factory: false,
      is_component: true,
      current_version: 2,
      stage: 'draft',
    });
    const source = connect(platform);
    const [agent] = await source.agents(['support']);
    const { row: _, ...commonOfAgent } = present(agent);
    expect(commonOfAgent).toMatchInlineSnapshot(`
      {
        "createdAt": null,
        "description": "Helps.",
        "key": "support",
        "model": "gpt-5.4",
        "name": "Support",
        "nativeId": "support",
        "provider": "agno",
        "sourceId": "prod",
      }
    `);
    expect(expose(agno.types.agent, present(agent))).toMatchInlineSnapshot(`
      {
        "currentVersion": 3,
        "dbId": "db-1",
        "defaultTools": {
          "read_chat_history": true,
        },
        "extraMessages": {
          "user_message_role": "user",
        },
        "factoryInputSchema": {
          "type": "string",
        },
        "filesystem": false,
        "inputSchema": {
          "type": "object",
        },
        "introduction": "Hello.",
        "isComponent": false,
        "isFactory": true,
        "knowledge": {
          "knowledge_table": "k",
        },
        "memory": {
          "enable_user_memories": true,
        },
        "metadata": {
          "owner": "care",
        },
        "modelConfig": {
          "model": "gpt-5.4",
          "name": "OpenAIResponses",
          "provider": "OpenAI",
        },
        "reasoning": {
          "reasoning": true,
        },
        "responseSettings": {
          "retries": 2,
        },
        "role": "Answers",
        "sandboxed": true,
        "sessionSettings": {
          "session_table": "agno_sessions",
        },
        "stage": "published",
        "streaming": {
          "stream": true,
        },
        "systemMessage": {
          "instructions": "Be kind.",
          "markdown": true,
        },
        "tools": {
          "toolCallLimit": 5,
          "toolChoice": "auto",
          "tools": [
            {
              "name": "search",
            },
          ],
        },
      }
    `);

    const [team] = await source.teams(['care']);
    const { members, leader } = present(team);
    expect(leader).toBeNull();
    expect(members.map((member) => [member.agent?.key, member.team?.key, member.session])).toEqual([
      ['fact-checker-one', undefined, null],
      [undefined, 'desk', null],
      [undefined, 'empty', null],
    ]);
    expect(members[1]?.team?.members.map((member) => member.agent?.key)).toEqual(['translator']);
    const { extraMessages: __, filesystem: ___, ...alike } = expose(agno.types.agent, present(agent));
    expect(expose(agno.types.team, present(team))).toEqual({ ...alike, mode: 'coordinate', model: 'gpt-5.4' });

    const [workflow] = await source.workflows(['report']);
    const { row: ____, ...commonOfWorkflow } = present(workflow);
    expect(commonOfWorkflow).toMatchInlineSnapshot(`
      {
        "description": "Fridays.",
        "key": "report",
        "name": "Report",
        "nativeId": "report",
        "provider": "agno",
        "sourceId": "prod",
      }
    `);
    expect(expose(agno.types.workflow, present(workflow))).toMatchInlineSnapshot(`
      {
        "currentVersion": 2,
        "dbId": "db-1",
        "factoryInputSchema": null,
        "inputSchema": {
          "type": "object",
        },
        "isComponent": true,
        "isFactory": false,
        "metadata": {
          "k": 1,
        },
        "sandboxed": null,
        "stage": "draft",
        "steps": [
          {
            "agent": {
              "key": "ghost-writer",
              "sourceId": "prod",
            },
            "definition": {
              "agent": {
                "name": "Ghost Writer",
              },
              "name": "Write",
              "type": "Step",
            },
            "elseSteps": [],
            "name": "Write",
            "steps": [],
            "team": null,
            "type": "Step",
          },
          {
            "agent": null,
            "definition": {
              "name": "Check",
              "steps": [
                {
                  "name": "Inner",
                  "team": {
                    "id": "inner-team",
                  },
                  "type": "Step",
                },
              ],
              "type": "Parallel",
            },
            "elseSteps": [],
            "name": "Check",
            "steps": [
              {
                "name": "Inner",
                "team": {
                  "id": "inner-team",
                },
                "type": "Step",
              },
            ],
            "team": null,
            "type": "Parallel",
          },
          {
            "agent": null,
            "definition": "something else",
            "elseSteps": [],
            "name": null,
            "steps": [],
            "team": null,
            "type": null,
          },
        ],
        "workflowAgent": false,
      }
    `);

    platform.clearRequests();
    const embedded = await source.agents(['ghost-writer', 'fact-checker-one', 'translator']);
    expect(embedded.map((each) => present(each).name)).toEqual(['Ghost Writer', 'Fact_Checker One', null]);
    const nested = await source.teams(['desk', 'empty', 'inner-team']);
    expect(nested.map((each) => present(each).key)).toEqual(['desk', 'empty', 'inner-team']);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('fail the whole list when one has neither id nor name', async () => {
    const platform = await start();
    answerWith(platform, '/agents', [component, { ...component, id: null, name: null }]);
    expect(await connect(platform).listAgents().catch(codeOf)).toBe('UPSTREAM_BAD_RESPONSE');
  });

  test('are asked for by one list for all keys, or one by one where there is none', async () => {
    const platform = await start({ dialect: '2.9', sessions: 60, agents: 6 });
    const source = connect(platform);
    const [first = '', second = ''] = platform.agentIds();
    const agents = await source.agents([first, second, first]);
    expect(agents.map((agent) => present(agent).key)).toEqual([first, second, first]);
    expect(requestsOf(platform)).toEqual(['GET /agents']);
    expect(await source.agents(['gone', 'a/b', 'localization-desk'])).toEqual([null, null, null]);
    expect(requestsOf(platform)).toEqual(['GET /agents', 'GET /teams']);
    const [embedded] = await source.agents(['translator']);
    expect(present(embedded).name).toBe('Translator');
    const teams = await source.teams(['customer-care', 'localization-desk', 'gone']);
    expect(teams.map((team) => (team === null ? null : present(team).name))).toEqual([
      'Customer Care',
      'Localization Desk',
      null,
    ]);
    expect((await source.listTeams()).map(({ key }) => key)).toEqual(['customer-care', 'content-studio', 'duty-desk']);
    platform.clearRequests();
    refuse(platform, '/workflows/contract-intake', 503);
    const answers = await source.workflowDetails([
      'weekly-report',
      'contract-intake',
      'gone',
      'weekly-report',
      'x%2Fy',
      '..',
      'a/b',
    ]);
    expect(answers.map((answer) => (answer instanceof Error ? codeOf(answer) : (answer?.name ?? null)))).toEqual([
      'Weekly Report',
      'UPSTREAM_UNAVAILABLE',
      null,
      'Weekly Report',
      'UPSTREAM_UNSAFE_ID',
      'UPSTREAM_UNSAFE_ID',
      null,
    ]);
    expect(requestsOf(platform)).toEqual(
      ['weekly-report', 'contract-intake', 'gone'].map((id) => `GET /workflows/${id}`),
    );
    expect(await source.agentVersions(['a/1'])).toEqual([null]);
  });
});

describe('lists of sessions', () => {
  test('are one from version 2.6 on, found out once', async () => {
    const platform = await start({ dialect: '2.9', sessions: 80, agents: 6 });
    const operation = configure(platform);
    const sessions = await readSessions(operation());
    expect(sessions.map(({ nativeId }) => nativeId).sort()).toEqual(platform.sessionIds().toSorted());
    expect(requestsOf(platform)).toEqual([
      'GET /info',
      'GET /sessions?sort_by=created_at&sort_order=desc&limit=100&page=1',
    ]);
    platform.clearRequests();
    await openFeeds(operation());
    expect(requestsOf(platform)).toEqual([]);
  });

  test('are one for each kind before, found out once', async () => {
    const platform = await start({ dialect: '2.3', sessions: 80, agents: 6 });
    const operation = configure(platform);
    const sessions = await readSessions(operation());
    expect(sessions.map(({ nativeId }) => nativeId).sort()).toEqual(platform.sessionIds().toSorted());
    expect(requestsOf(platform).slice(0, 2)).toEqual(['GET /info', 'GET /sessions?limit=1&page=1']);
    expect(selectionsOf(platform)).toEqual([{ type: 'agent' }, { type: 'team' }, { type: 'workflow' }]);
    platform.clearRequests();
    expect((await openFeeds(operation())).map(({ id }) => id)).toEqual(['agent//', 'team//', 'workflow//']);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('are found out by their rows where the version does not show it, and again while there are none', async () => {
    const platform = await start({ dialect: '2.9', agents: 3, quirks: { agnoVersion: '0.0.0' } });
    const operation = configure(platform);
    expect(await openFeeds(operation())).toHaveLength(3);
    platform.addSession({ kind: 'team' });
    expect(await openFeeds(operation())).toHaveLength(1);
    platform.clearRequests();
    expect(await openFeeds(operation())).toHaveLength(1);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('are distinguished by the version, where the server has one', async () => {
    const feeds: [string, number, number][] = [];
    for (const agnoVersion of ['2.5.17', '2.6.0', '2.10.1', '3.0.0a3', '1.8.4']) {
      const platform = await start({ dialect: '2.9', sessions: 5, agents: 3, quirks: { agnoVersion } });
      const { length } = await openFeeds(connect(platform));
      feeds.push([agnoVersion, length, platform.requests.length]);
    }
    expect(feeds).toEqual([
      ['2.5.17', 3, 1],
      ['2.6.0', 1, 1],
      ['2.10.1', 1, 1],
      ['3.0.0a3', 1, 1],
      ['1.8.4', 3, 1],
    ]);
  });

  test('are found out by their rows where unknown paths are refused, and later after a failure', async () => {
    const platform = await start({ dialect: '2.3', sessions: 20, agents: 3 });
    const operation = configure(platform);
    const heal = refuse(platform, '/info', 503);
    await expect(openFeeds(operation())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    heal();
    refuse(platform, '/info', 401);
    const source = operation();
    expect(await openFeeds(source)).toHaveLength(3);
    expect(requestsOf(platform)).toEqual(['GET /info', 'GET /info', 'GET /sessions?limit=1&page=1']);
  });

  test('never need the version when they say what they want', async () => {
    const platform = await start({ dialect: '2.9', sessions: 30, agents: 6 });
    const source = connect(platform);
    await readSessions(source, { kinds: ['TEAM', 'AGENT', 'TEAM'], userIds: ['bob', 'bob', 'alice'] });
    await readSessions(source, { agentKeys: ['billing', 'a%3Ab', 'a/b', 'billing'] });
    await readSessions(source, { teamKeys: ['customer-care'], kinds: ['TEAM', 'WORKFLOW'] });
    expect(selectionsOf(platform)).toEqual([
      { type: 'team', user_id: 'bob' },
      { type: 'team', user_id: 'alice' },
      { type: 'agent', user_id: 'bob' },
      { type: 'agent', user_id: 'alice' },
      { type: 'agent', component_id: 'billing' },
      { type: 'agent', component_id: 'a:b' },
      { type: 'team', component_id: 'customer-care' },
    ]);
    expect(platform.requests).toHaveLength(7);
    expect(await openFeeds(source, { agentKeys: ['a'], teamKeys: ['t'] })).toEqual([]);
    expect(await openFeeds(source, { agentKeys: ['a'], kinds: ['TEAM'] })).toEqual([]);
  });

  test('leave many users to be filtered here, and then count nothing', async () => {
    const users = ['alice', 'bob', ...Array.from({ length: 7 }, (_, index) => `u-${index}`)];
    for (const [dialect, feedCount] of [
      ['2.9', 3],
      ['2.3', 27],
    ] as const) {
      const platform = await start({ dialect, sessions: 30, agents: 6 });
      const source = connect(platform, { dialect });
      const feeds = await openFeeds(source, { userIds: users, agentKeys: ['a', 'b', 'c'] });
      expect(feeds).toHaveLength(feedCount);
      expect(new Set(feeds.map(({ id }) => id)).size).toBe(feedCount);
      const [page] = await Promise.all(
        feeds.map((feed) => feed.read({ direction: 'desc', from: { kind: 'head' }, limit: 5 })),
      );
      expect(page?.total).toBe(dialect === '2.9' ? null : 0);
    }
  });

  test('are of the user a source is confined to, whomever else a filter asks for', async () => {
    const platform = await start({ dialect: '2.9', sessions: 60, agents: 6 });
    const source = connect(platform, { dialect: '2.9' }, 'bob');
    expect(await openFeeds(source, { userIds: ['alice'] })).toEqual([]);
    const sessions = await readSessions(source, { userIds: ['alice', 'bob'] });
    expect(sessions.map(({ nativeId }) => nativeId).sort()).toEqual(platform.sessionIds('bob').toSorted());
    expect(selectionsOf(platform)).toEqual([{ user_id: 'bob' }]);
  });

  test('are read from the database that is configured', async () => {
    const platform = await start({ dialect: '2.3', sessions: 10, agents: 3 });
    const source = connect(platform, { dbId: 'db-1', table: 'agno_sessions' });
    const [session] = await readSessions(source, { kinds: ['AGENT'] });
    await source.sessions([present(session).key]);
    expect(requestsOf(platform)).toEqual([
      'GET /sessions?type=agent&sort_by=created_at&sort_order=desc&limit=100&page=1&db_id=db-1&table=agno_sessions',
      `GET /sessions/${encodeURIComponent(present(session).nativeId)}?type=agent&db_id=db-1&table=agno_sessions`,
    ]);
    const wrong = connect(platform, { dbId: 'db-2' });
    await expect(readSessions(wrong, { kinds: ['AGENT'] })).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
  });

  test('can be ordered by the last change, in both directions', async () => {
    const platform = await start({ dialect: '2.9', sessions: 60, agents: 6 });
    const [feed] = await openFeeds(connect(platform, { dialect: '2.9' }), {}, 'updatedAt');
    for (const direction of ['asc', 'desc'] as const) {
      const page = await present(feed).read({ direction, from: { kind: 'head' }, limit: 100 });
      const moments = page.items.map(({ moment }) => (typeof moment === 'number' ? moment : Number.NEGATIVE_INFINITY));
      expect(moments).toEqual(
        moments.toSorted((left, right) => (direction === 'asc' ? left - right : right - left) || 0),
      );
      expect(page.items.some(({ row: session, moment }) => moment !== session.createdAt?.micros)).toBe(true);
    }
    expect(requestsOf(platform)).toEqual([
      'GET /sessions?sort_by=updated_at&sort_order=asc&limit=100&page=1',
      'GET /sessions?sort_by=updated_at&sort_order=desc&limit=100&page=1',
    ]);
  });
});

describe('lookups of sessions', () => {
  test('cost nothing after a list that had everything', async () => {
    const platform = await start({ dialect: '2.9', sessions: 60, agents: 6 });
    const source = connect(platform);
    const sessions = await readSessions(source);
    platform.clearRequests();
    expect(await source.sessions(sessions.map(({ key }) => key))).toEqual(sessions);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('complete the rows of a list that did not, once each', async () => {
    const platform = await start({ dialect: '2.3', sessions: 40, agents: 6 });
    const source = connect(platform);
    const sessions = await readSessions(source, { kinds: ['TEAM'] });
    const keys = sessions.slice(0, 3).map(({ key }) => key);
    platform.clearRequests();
    const found = await source.sessions([...keys, ...keys]);
    expect(found.slice(0, 3)).toEqual(found.slice(3));
    for (const [index, session] of found.slice(0, 3).entries()) {
      const { nativeId, complete, teamKey, userId } = present(session);
      expect({ nativeId, complete, teamKey, userId }).toEqual({
        nativeId: sessions[index]?.nativeId,
        complete: true,
        teamKey: platform.agentOf(nativeId),
        userId: platform.ownerOf(nativeId),
      });
    }
    expect(platform.requests.map(({ url }) => url.split('?')[1])).toEqual(['type=team', 'type=team', 'type=team']);
  });

  test('answer every key by itself, and ask for nothing that is no key', async () => {
    const platform = await start({ dialect: '2.9', agents: 3 });
    platform.addSession({ id: 'a:1' });
    platform.addSession({ id: 'broken' });
    refuse(platform, '/sessions/broken', 500);
    answerWith(platform, '/sessions/other', row);
    const source = connect(platform);
    const keys = [
      'agent/a%3A1',
      'agent/broken',
      'agent/none',
      'agent/other',
      'swarm/a%3A1',
      'agent',
      'agent/..',
      encodeKey('agent', 'a:1/runs'),
      'agent/a:1',
    ];
    const answers = await source.sessions(keys);
    expect(answers.map((answer) => (answer instanceof Error ? codeOf(answer) : (answer?.nativeId ?? null)))).toEqual([
      'a:1',
      'UPSTREAM_UNAVAILABLE',
      null,
      null,
      null,
      null,
      'UPSTREAM_UNSAFE_ID',
      'UPSTREAM_UNSAFE_ID',
      null,
    ]);
    expect(requestsOf(platform)).toEqual(
      ['a%3A1', 'broken', 'none', 'other'].map((segment) => `GET /sessions/${segment}?type=agent`),
    );
  });
});

describe('settings', () => {
  test('understand a table only together with its database', () => {
    expect(agno.settings.safeParse({ dbId: 'db-1', table: 't' }).success).toBe(true);
    expect(agno.settings.safeParse({ table: 't' }).error?.issues.map(({ path }) => path)).toEqual([['table']]);
    expect(agno.settings.safeParse({ dialect: '2.8' }).success).toBe(false);
  });
});
