import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import type { SessionRecord } from '../../src/domain/records.ts';
import { createHttpSource, type HttpSource } from '../../src/http/client.ts';
import { defaultHttpLimits } from '../../src/http/limits.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import type { Upstream } from '../../src/http/upstream.ts';
import { agentscope } from '../../src/providers/agentscope/index.ts';
import { encodeKey } from '../../src/providers/key.ts';
import { asUser } from '../../src/providers/provider.ts';
import type { OrderField, Source } from '../../src/providers/source.ts';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { nothing, sessionsWhole } from '../selected.ts';
import { expose } from './expose.ts';

const open: (RunningPlatform | HttpSource)[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function start(options: Omit<PlatformOptions, 'platform'> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'agentscope', sessions: 0, agents: 0, ...options });
  open.push(platform);
  return platform;
}

function openUpstream(platform: RunningPlatform, user: string): Upstream {
  const limits = { ...defaultHttpLimits, retries: 0 };
  const http = createHttpSource({ sourceId: 'prod', url: platform.url, auth: { kind: 'none' }, limits });
  open.push(http);
  return http.open({
    ...asUser(agentscope, user, agentscope.settings.parse({})),
    forwarded: {},
    requestId: 'test',
    signal: new AbortController().signal,
    deadline: performance.now() + 900_000,
    budget: createRequestBudget(),
    fresh: false,
    observer: null,
  });
}

/** The source as one operation sees it. */
function connect(platform: RunningPlatform, given: Record<string, unknown> = {}, user = 'alice'): Source {
  const settings = agentscope.settings.parse(given);
  const config = { id: 'prod', name: 'Production', url: platform.url, settings };
  return agentscope.configure(config).connect(openUpstream(platform, user), sessionsWhole);
}

function requestsOf(platform: RunningPlatform): string[] {
  return platform.requests.map(({ method, url }) => `${method} ${url}`);
}

/** Which agents' sessions were asked for; the platform has agents in another order each time. */
function listedAgents(platform: RunningPlatform): string[] {
  const prefix = '/sessions/?agent_id=';
  return platform.requests.flatMap(({ url }) => (url.startsWith(prefix) ? [url.slice(prefix.length)] : [])).sort();
}

function openFeeds(source: Source, filter: Partial<SessionFilter> = {}, orderBy: OrderField = 'createdAt') {
  return source.sessionFeeds({ filter: { ...anySession, ...filter }, orderBy });
}

async function readSessions(
  source: Source,
  filter: Partial<SessionFilter> = {},
  orderBy: OrderField = 'createdAt',
): Promise<SessionRecord[]> {
  const feeds = await openFeeds(source, filter, orderBy);
  const pages = await Promise.all(
    feeds.map((feed) => feed.read({ direction: 'desc', from: { kind: 'head' }, limit: 100 })),
  );
  return pages.flatMap((page) => page.items.map((item) => item.row));
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

function present<Value>(value: Value | Error | null | undefined): Value {
  if (value === null || value === undefined || value instanceof Error)
    throw new Error('There is none.', { cause: value });
  return value;
}

const state = {
  session_id: 'state-1',
  summary: [{ type: 'text', text: 'Asked for notes.', id: 'b-0' }],
  context: [
    {
      name: 'assistant',
      content: [
        { text: 'Done.', type: 'text', id: 'b-1' },
        { type: 'tool_call', id: 'b-2', name: 'Read', input: '{}' },
      ],
      role: 'assistant',
      id: 'm-1',
      metadata: { k: 1 },
      created_at: '2026-03-01T10:00:01.5',
      finished_at: '2026-03-01T10:00:02',
      usage: { input_tokens: 12, output_tokens: 3 },
    },
    { name: 'user', content: 'Hello', id: 'm-2', created_at: 'yesterday', finished_at: null, usage: null },
  ],
  reply_id: 'r-1',
  cur_iter: 2,
  permission_context: {
    mode: 'accept_edits',
    working_directories: { '/w': {} },
    allow_rules: { Read: ['docs/**'] },
    deny_rules: {},
    ask_rules: {},
  },
  tool_context: {
    max_cache_files: 100,
    max_cache_bytes: 25000.5,
    read_file_cache: [{ lines: ['# Notes'], updated_at: 1772359201.25, bytes: 7.0, file_path: 'notes.md' }],
    activated_groups: ['search'],
  },
  tasks_context: {
    tasks: [
      {
        subject: 'Draft',
        description: 'Draft it.',
        metadata: {},
        created_at: '2026-03-01T10:00:00.000007',
        state: 'in_progress',
        id: 't-1',
        owner: null,
        blocks: ['t-2'],
        blocked_by: [],
      },
    ],
  },
};

const record = {
  user_id: 'alice',
  agent_id: 'writer',
  config: {
    workspace_id: 'ws-1',
    name: 'Release notes',
    chat_model_config: { type: 'openai_credential', credential_id: 'c-1', model: 'gpt-4.1', parameters: { top_p: 1 } },
  },
  id: 's-1',
  updated_at: '2026-03-01T11:30:00',
  created_at: '2026-03-01T10:00:00.123456',
  source: 'schedule',
  source_schedule_id: 'sch-1',
  state,
};

const agentRow = {
  user_id: 'alice',
  data: {
    name: 'Writer',
    context_config: {
      trigger_ratio: 0.8,
      reserve_ratio: 0.1,
      compression_prompt: 'Summarise.',
      summary_template: '{task_overview}',
      summary_schema: { type: 'object' },
      tool_result_limit: 3000,
      max_image_num: 4,
    },
    react_config: {
      max_iters: 20,
      structured_output_grace_iters: 5,
      stop_on_reject: false,
      interruption_message: 'I notice the interruption.',
      interruption_raise_cancelled_error: true,
    },
    invite_config: { invitable: true, invite_description: 'Writes.' },
    id: 'data-1',
    system_prompt: 'You write.',
  },
  id: 'writer',
  updated_at: '2026-01-01T08:59:59.999994',
  created_at: '2026-01-01T09:00:00',
  source: 'user',
  editable: true,
};

const worker = { ...agentRow, id: 'checker', source: 'team', data: { ...agentRow.data, name: 'Checker' } };

const teamView = {
  team: {
    user_id: 'alice',
    session_id: 's-1',
    data: {
      name: 'Crew',
      description: '',
      member_ids: ['checker', 'ghost'],
      members: [{ owner_id: 'alice', agent_id: 'checker', session_id: 's-2', role: 'created' }],
    },
    id: 'team-1',
    updated_at: '2026-03-01T10:00:05',
    created_at: '2026-03-01T10:00:04',
  },
  leader_agent: agentRow,
  members: [
    { agent: worker, session_id: 's-2' },
    { agent: { ...worker, id: 'idle-worker' }, session_id: null },
  ],
};

async function readOne(answer: unknown, given: Record<string, unknown> = {}): Promise<SessionRecord> {
  const platform = await start();
  answerWith(platform, '/sessions/', { sessions: [answer], total: 1 });
  return present((await readSessions(connect(platform, given), { agentKeys: ['writer'] }))[0]);
}

describe('a session', () => {
  test('of 2.0.0 has everything the platform documents', async () => {
    const session = await readOne({ ...record, brand_new: { ignored: true } }, { timezone: 'Europe/Berlin' });
    const { row: _, ...common } = session;
    expect(common).toMatchInlineSnapshot(`
      {
        "agentKey": "writer",
        "complete": true,
        "createdAt": {
          "micros": 1772355600123456,
          "text": "2026-03-01T10:00:00.123456+01:00",
        },
        "key": "writer/s-1",
        "kind": "AGENT",
        "nativeId": "s-1",
        "nativeStatus": null,
        "preview": null,
        "provider": "agentscope",
        "sourceId": "prod",
        "status": "UNKNOWN",
        "tags": [],
        "teamKey": null,
        "title": "Release notes",
        "updatedAt": {
          "micros": 1772361000000000,
          "text": "2026-03-01T11:30:00+01:00",
        },
        "userId": "alice",
        "workflowKey": null,
      }
    `);
    expect(expose(agentscope.types.session, session)).toMatchInlineSnapshot(`
      {
        "agentId": "writer",
        "config": {
          "chatModelConfig": {
            "credentialId": "c-1",
            "model": "gpt-4.1",
            "modelClass": null,
            "parameters": {
              "top_p": 1,
            },
            "type": "openai_credential",
          },
          "cwd": null,
          "fallbackChatModelConfig": null,
          "knowledgeConfig": null,
          "name": "Release notes",
          "naming": null,
          "realtimeModelConfig": null,
          "ttsModelConfig": null,
          "workspaceId": "ws-1",
        },
        "isRunning": null,
        "origin": "schedule",
        "sourceChannelId": null,
        "sourceChannelUserId": null,
        "sourceChatId": null,
        "sourceChatName": null,
        "sourceScheduleId": "sch-1",
        "sourceSessionKey": null,
        "sourceSopRunId": null,
        "state": {
          "context": [
            {
              "content": [
                {
                  "block": {
                    "id": "b-1",
                    "text": "Done.",
                    "type": "text",
                  },
                  "id": "b-1",
                  "text": "Done.",
                  "type": "text",
                },
                {
                  "block": {
                    "id": "b-2",
                    "input": "{}",
                    "name": "Read",
                    "type": "tool_call",
                  },
                  "id": "b-2",
                  "text": null,
                  "type": "tool_call",
                },
              ],
              "createdAt": {
                "micros": 1772355601500000,
                "text": "2026-03-01T10:00:01.5+01:00",
              },
              "error": null,
              "finishedAt": {
                "micros": 1772355602000000,
                "text": "2026-03-01T10:00:02+01:00",
              },
              "finishedReason": null,
              "id": "m-1",
              "metadata": {
                "k": 1,
              },
              "name": "assistant",
              "role": "assistant",
              "structuredOutput": null,
              "usage": {
                "inputTokens": 12,
                "outputTokens": 3,
              },
            },
            {
              "content": [
                {
                  "block": "Hello",
                  "id": null,
                  "text": "Hello",
                  "type": "text",
                },
              ],
              "createdAt": null,
              "error": null,
              "finishedAt": null,
              "finishedReason": null,
              "id": "m-2",
              "metadata": null,
              "name": "user",
              "role": null,
              "structuredOutput": null,
              "usage": null,
            },
          ],
          "curIter": 2,
          "middleContext": null,
          "permissionContext": {
            "allowRules": {
              "Read": [
                "docs/**",
              ],
            },
            "askRules": {},
            "denyRules": {},
            "mode": "accept_edits",
            "workingDirectories": {
              "/w": {},
            },
          },
          "replyContext": null,
          "replyId": "r-1",
          "sessionId": "state-1",
          "summary": [
            {
              "id": "b-0",
              "text": "Asked for notes.",
              "type": "text",
            },
          ],
          "tasksContext": {
            "tasks": [
              {
                "blockedBy": [],
                "blocks": [
                  "t-2",
                ],
                "createdAt": {
                  "micros": 1772355600000007,
                  "text": "2026-03-01T10:00:00.000007+01:00",
                },
                "description": "Draft it.",
                "id": "t-1",
                "metadata": {},
                "owner": null,
                "state": "in_progress",
                "subject": "Draft",
              },
            ],
          },
          "toolContext": {
            "activatedGroups": [
              "search",
            ],
            "maxCacheBytes": 25000.5,
            "maxCacheFiles": 100,
            "readFileCache": [
              {
                "bytes": 7,
                "filePath": "notes.md",
                "lines": [
                  "# Notes",
                ],
                "updatedAt": {
                  "micros": 1772359201250000,
                  "text": "2026-03-01T10:00:01.250000Z",
                },
              },
            ],
          },
        },
        "teamId": null,
      }
    `);
  });

  test('of 2.0.6 and 2.0.7 has everything the platform adds', async () => {
    const session = await readOne({
      session: {
        ...record,
        source: 'channel',
        source_chat_id: 'chat-1',
        source_chat_name: 'Support',
        source_channel_id: 'channel-1',
        team_id: 'team-1',
        config: {
          ...record.config,
          cwd: '/w',
          chat_model_config: null,
          fallback_chat_model_config: record.config.chat_model_config,
          tts_model_config: { model: 'tts' },
          knowledge_config: { ids: ['k-1'] },
        },
        state: {
          session_id: 'state-1',
          summary: '',
          context: [],
          reply_context: { reply_id: 'r-1', cur_iter: 2, structured_schema: { type: 'object' }, structured_output: {} },
          middle_context: { step: 1 },
        },
      },
      is_running: false,
      status: 'awaiting_permission',
      team: teamView,
    });
    expect(session).toMatchObject({ status: 'WAITING', nativeStatus: 'awaiting_permission', teamKey: 'writer/team-1' });
    expect(expose(agentscope.types.session, session)).toMatchInlineSnapshot(`
      {
        "agentId": "writer",
        "config": {
          "chatModelConfig": null,
          "cwd": "/w",
          "fallbackChatModelConfig": {
            "credentialId": "c-1",
            "model": "gpt-4.1",
            "modelClass": null,
            "parameters": {
              "top_p": 1,
            },
            "type": "openai_credential",
          },
          "knowledgeConfig": {
            "ids": [
              "k-1",
            ],
          },
          "name": "Release notes",
          "naming": null,
          "realtimeModelConfig": null,
          "ttsModelConfig": {
            "model": "tts",
          },
          "workspaceId": "ws-1",
        },
        "isRunning": false,
        "origin": "channel",
        "sourceChannelId": "channel-1",
        "sourceChannelUserId": null,
        "sourceChatId": "chat-1",
        "sourceChatName": "Support",
        "sourceScheduleId": "sch-1",
        "sourceSessionKey": null,
        "sourceSopRunId": null,
        "state": {
          "context": [],
          "curIter": 2,
          "middleContext": {
            "step": 1,
          },
          "permissionContext": null,
          "replyContext": {
            "curIter": 2,
            "replyId": "r-1",
            "structuredOutput": {},
            "structuredSchema": {
              "type": "object",
            },
          },
          "replyId": "r-1",
          "sessionId": "state-1",
          "summary": "",
          "tasksContext": null,
          "toolContext": null,
        },
        "teamId": "team-1",
      }
    `);
  });

  // With SQL storage only the record's own times are UTC; tasks and messages have the time of the machine.
  test.each([
    [{ timezone: 'UTC', stateTimezone: 'Asia/Tokyo' }, '2026-03-01T10:00:00.123456Z', '+09:00'],
    [{ timezone: 'Asia/Tokyo' }, '2026-03-01T10:00:00.123456+09:00', '+09:00'],
    [{ stateTimezone: 'Asia/Tokyo' }, '2026-03-01T10:00:00.123456Z', '+09:00'],
    [{}, '2026-03-01T10:00:00.123456Z', 'Z'],
  ])('has times of its own and times in its state, with %j', async (settings, createdAt, zone) => {
    const session = await readOne(record, settings);
    expect(session.createdAt?.text).toBe(createdAt);
    expect(expose(agentscope.types.session, session).state).toMatchObject({
      context: [{ createdAt: { text: `2026-03-01T10:00:01.5${zone}` } }, {}],
      tasksContext: { tasks: [{ createdAt: { text: `2026-03-01T10:00:00.000007${zone}` } }] },
    });
  });

  const { source: _source, source_schedule_id: _scheduleId, ...originless } = record;

  test.each([
    [{ type: 'user' }, { origin: 'user' }],
    [{ type: 'team' }, { origin: 'team' }],
    [
      { type: 'schedule', schedule_id: 'sch-171' },
      { origin: 'schedule', sourceScheduleId: 'sch-171' },
    ],
    [
      { type: 'channel', channel_id: 'c-172', chat_id: 'chat-172', chat_name: 'Chat ü', channel_user_id: 'cu-172' },
      {
        origin: 'channel',
        sourceChannelId: 'c-172',
        sourceChatId: 'chat-172',
        sourceChatName: 'Chat ü',
        sourceChannelUserId: 'cu-172',
      },
    ],
    [
      { type: 'channel', channel_id: 'c-172', chat_id: 'chat-172', chat_name: null, channel_user_id: null },
      { origin: 'channel', sourceChannelId: 'c-172', sourceChatId: 'chat-172' },
    ],
    [
      { type: 'sop', sop_run_id: 'sop-174', session_key: 'key-174' },
      { origin: 'sop', sourceSopRunId: 'sop-174', sourceSessionKey: 'key-174' },
    ],
    [{ type: 'satellite', orbit: 7 }, { origin: 'satellite' }],
    [null, {}],
  ])('of 2.0.8 or later comes from %j', async (origin, expected) => {
    const session = await readOne({
      session: { ...originless, origin },
      is_running: false,
      status: 'idle',
      team: null,
    });
    expect(expose(agentscope.types.session, session)).toMatchObject({
      origin: null,
      sourceScheduleId: null,
      sourceChannelId: null,
      sourceChatId: null,
      sourceChatName: null,
      sourceChannelUserId: null,
      sourceSopRunId: null,
      sourceSessionKey: null,
      ...expected,
    });
  });

  test('of 2.0.10 and 2.0.11 has what they add to its configuration', async () => {
    const model = { type: 'openai_credential', credential_id: 'c-1', model: 'rt', parameters: { temperature: 0.5 } };
    const config = { ...record.config, naming: { auto: true }, realtime_model_config: model };
    const chat = { ...record.config.chat_model_config, model_class: 'openai_response' };
    const session = await readOne({ session: { ...originless, config: { ...config, chat_model_config: chat } } });
    expect(expose(agentscope.types.session, session).config).toMatchObject({
      naming: { auto: true },
      realtimeModelConfig: {
        type: 'openai_credential',
        credential_id: 'c-1',
        model: 'rt',
        parameters: { temperature: 0.5 },
      },
      chatModelConfig: { model: 'gpt-4.1', modelClass: 'openai_response' },
    });
    const plain = await readOne({ session: { ...originless, config: { ...config, naming: null } } });
    expect(expose(agentscope.types.session, plain).config).toMatchObject({
      naming: null,
      chatModelConfig: { modelClass: null },
    });
  });

  test('may lack everything but its id', async () => {
    const nulls = (row: object) => Object.fromEntries(Object.keys(row).map((name) => [name, null]));
    for (const answer of [
      { id: 'bare' },
      { session: { id: 'bare' } },
      { ...nulls(record), id: 'bare' },
      { session: { ...nulls(record), id: 'bare' }, is_running: null, status: null, team: null },
      { session: { ...record, id: 'bare', config: nulls(record.config), state: nulls(state), created_at: 'soon' } },
    ]) {
      const session = await readOne(answer);
      expect(session).toMatchObject({
        key: 'writer/bare',
        nativeId: 'bare',
        agentKey: 'writer',
        status: 'UNKNOWN',
        nativeStatus: null,
        createdAt: null,
        title: null,
        teamKey: null,
      });
      expect(() => expose(agentscope.types.session, session)).not.toThrow();
    }
  });

  test('fails the whole list when it has no id', async () => {
    await expect(readOne({ ...record, id: null })).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    await expect(readOne({ session: { ...record, id: '' } })).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
  });

  test('is there when its state cannot be read, which only then fails', async () => {
    const session = await readOne({ ...record, state: { ...state, tool_context: 'none' } });
    const { state: field } = agentscope.types.session.fields;
    expect(session.title).toBe('Release notes');
    expect(() => field?.read(session)).toThrow(new UpstreamError('prod', 'UPSTREAM_BAD_RESPONSE'));
  });

  test('has one status for each the platform knows, and UNKNOWN where it does not say', async () => {
    const platform = await start();
    const views = [
      { status: 'running' },
      { status: 'idle', is_running: true },
      { status: 'awaiting_permission' },
      { status: 'awaiting_external_result' },
      { status: 'dreaming' },
      { is_running: true },
      { is_running: false },
    ];
    const sessions = views.map((view, index) => ({ session: { ...record, id: `s-${index}` }, ...view }));
    answerWith(platform, '/sessions/', { sessions: [...sessions, { ...record, id: 'bare' }], total: 8 });
    const read = await readSessions(connect(platform), { agentKeys: ['writer'] });
    expect(
      Object.fromEntries(read.map(({ nativeId, status, nativeStatus }) => [nativeId, [nativeStatus, status]])),
    ).toEqual({
      's-0': ['running', 'RUNNING'],
      's-1': ['idle', 'IDLE'],
      's-2': ['awaiting_permission', 'WAITING'],
      's-3': ['awaiting_external_result', 'WAITING'],
      's-4': ['dreaming', 'UNKNOWN'],
      's-5': [null, 'RUNNING'],
      's-6': [null, 'UNKNOWN'],
      bare: [null, 'UNKNOWN'],
    });
  });

  test('lets go of its state when it is asked to', async () => {
    const platform = await start();
    answerWith(platform, '/sessions/', { sessions: [record], total: 1 });
    const config = { id: 'prod', name: 'Production', url: platform.url, settings: agentscope.settings.parse({}) };
    const source = agentscope.configure(config).connect(openUpstream(platform, 'alice'), nothing);
    const [session] = await readSessions(source, { agentKeys: ['writer'] });
    expect(JSON.stringify(session)).not.toContain('state-1');
    expect(expose(agentscope.types.session, present(session))).toMatchObject({ state: null });
  });
});

describe('an agent and a team', () => {
  test('have everything that the platform sends', async () => {
    const platform = await start();
    answerWith(platform, '/sessions/', { sessions: [{ session: record, team: teamView }], total: 1 });
    answerWith(platform, '/agent/', { agents: [agentRow], total: 1 });
    const source = connect(platform);
    const agent = present((await source.agents(['writer']))[0]);
    const { row: _, ...common } = agent;
    expect(common).toMatchInlineSnapshot(`
      {
        "createdAt": {
          "micros": 1767258000000000,
          "text": "2026-01-01T09:00:00Z",
        },
        "description": null,
        "key": "writer",
        "model": null,
        "name": "Writer",
        "nativeId": "writer",
        "provider": "agentscope",
        "sourceId": "prod",
      }
    `);
    expect(expose(agentscope.types.agent, agent)).toMatchInlineSnapshot(`
      {
        "contextConfig": {
          "compressionFallbackToTruncation": null,
          "compressionPrompt": "Summarise.",
          "compressionToolEnabled": null,
          "contextBufferRatio": null,
          "maxImageNum": 4,
          "reserveRatio": 0.1,
          "summarySchema": {
            "type": "object",
          },
          "summaryTemplate": "{task_overview}",
          "toolResultLimit": 3000,
          "triggerRatio": 0.8,
        },
        "dataId": "data-1",
        "editable": true,
        "inviteConfig": {
          "invitable": true,
          "inviteDescription": "Writes.",
        },
        "origin": "user",
        "reactConfig": {
          "interruptionMessage": "I notice the interruption.",
          "interruptionRaiseCancelledError": true,
          "maxIters": 20,
          "stopOnReject": false,
          "structuredOutputGraceIters": 5,
        },
        "systemPrompt": "You write.",
        "updatedAt": {
          "micros": 1767257999999994,
          "text": "2026-01-01T08:59:59.999994Z",
        },
        "user": {
          "id": "alice",
        },
      }
    `);

    const team = present((await source.teams(['writer/team-1']))[0]);
    const { row: __, leader, members, ...commonOfTeam } = team;
    expect(commonOfTeam).toMatchInlineSnapshot(`
      {
        "createdAt": {
          "micros": 1772359204000000,
          "text": "2026-03-01T10:00:04Z",
        },
        "description": null,
        "key": "writer/team-1",
        "name": "Crew",
        "nativeId": "team-1",
        "provider": "agentscope",
        "sourceId": "prod",
      }
    `);
    expect(leader?.key).toBe('writer');
    expect(members.map((member) => [member.agent?.key, member.team, member.session])).toEqual([
      ['checker', null, { sourceId: 'prod', key: 'checker/s-2' }],
      ['idle-worker', null, null],
    ]);
    expect(expose(agentscope.types.team, team)).toMatchInlineSnapshot(`
      {
        "createdAt": {
          "micros": 1772359204000000,
          "text": "2026-03-01T10:00:04Z",
        },
        "leaderAgentId": "writer",
        "leaderSession": {
          "key": "writer/s-1",
          "sourceId": "prod",
        },
        "leaderSessionId": "s-1",
        "memberIds": [
          "checker",
          "ghost",
        ],
        "memberships": [
          {
            "agentId": "checker",
            "ownerId": "alice",
            "role": "created",
            "sessionId": "s-2",
          },
        ],
        "updatedAt": {
          "micros": 1772359205000000,
          "text": "2026-03-01T10:00:05Z",
        },
        "user": {
          "id": "alice",
        },
      }
    `);
  });

  test('of 2.0.10 or later have their settings below chat_config', async () => {
    const platform = await start();
    const { context_config, react_config, invite_config, ...data } = agentRow.data;
    const chat_config = {
      context_config: {
        ...context_config,
        context_buffer_ratio: 0.2,
        compression_tool_enabled: false,
        compression_fallback_to_truncation: true,
      },
      react_config,
      invite_config,
    };
    answerWith(platform, '/agent/', { agents: [{ ...agentRow, data: { ...data, chat_config } }], total: 1 });
    const agent = present((await connect(platform).agents(['writer']))[0]);
    expect(agent.name).toBe('Writer');
    expect(expose(agentscope.types.agent, agent)).toMatchObject({
      systemPrompt: 'You write.',
      contextConfig: {
        triggerRatio: 0.8,
        contextBufferRatio: 0.2,
        compressionToolEnabled: false,
        compressionFallbackToTruncation: true,
        maxImageNum: 4,
      },
      reactConfig: { maxIters: 20, interruptionRaiseCancelledError: true },
      inviteConfig: { invitable: true, inviteDescription: 'Writes.' },
    });
  });

  test.each([{}, { data: null }, { data: {} }])('may lack everything but their ids, as in %j', async (rest) => {
    const platform = await start();
    const row = { id: 'writer', user_id: null, ...rest };
    const view = { team: { id: 'team-1', ...rest }, leader_agent: row };
    answerWith(platform, '/sessions/', { sessions: [{ session: { id: 's-1' }, team: view }], total: 1 });
    answerWith(platform, '/agent/', { agents: [row], total: 1 });
    const source = connect(platform);
    const [agent] = await source.agents(['writer']);
    expect(present(agent)).toMatchObject({ key: 'writer', name: null, createdAt: null });
    expect(expose(agentscope.types.agent, present(agent))).toEqual({
      user: null,
      updatedAt: null,
      origin: null,
      editable: null,
      dataId: null,
      systemPrompt: null,
      contextConfig: null,
      reactConfig: null,
      inviteConfig: null,
    });
    const [team] = await source.teams(['writer/team-1']);
    expect(present(team)).toMatchObject({ name: null, description: null, members: [] });
    expect(expose(agentscope.types.team, present(team))).toEqual({
      user: null,
      createdAt: null,
      updatedAt: null,
      leaderAgentId: 'writer',
      leaderSessionId: null,
      leaderSession: null,
      memberIds: [],
      memberships: [],
    });
  });

  test('without a leader is found by the first of its members, whichever it is seen on', async () => {
    const platform = await start();
    const view = { ...teamView, leader_agent: null, members: teamView.members.toReversed() };
    answerWith(platform, '/sessions/', { sessions: [{ session: { ...record, agent_id: null }, team: view }] });
    const [session] = await readSessions(connect(platform), { agentKeys: ['idle-worker'] });
    expect(session?.teamKey).toBe('checker/team-1');
    platform.clearRequests();
    const team = present((await connect(platform).teams(['checker/team-1']))[0]);
    expect(team.leader).toBeNull();
    expect(expose(agentscope.types.team, team)).toMatchObject({ leaderSession: null, leaderSessionId: 's-1' });
    expect(requestsOf(platform)).toEqual(['GET /sessions/?agent_id=checker']);
  });

  test('cost nothing once they were seen on a session', async () => {
    const platform = await start();
    answerWith(platform, '/sessions/', { sessions: [{ session: { ...record, agent_id: 'checker' }, team: teamView }] });
    const source = connect(platform);
    await readSessions(source, { agentKeys: ['checker'] });
    const [team] = await source.teams(['writer/team-1']);
    const agents = await source.agents(['writer', 'checker']);
    expect([present(team).name, ...agents.map((agent) => present(agent).name)]).toEqual(['Crew', 'Writer', 'Checker']);
    expect(requestsOf(platform)).toEqual(['GET /sessions/?agent_id=checker']);
  });

  test('that is gone leaves its id', async () => {
    const session = await readOne({ session: { ...record, team_id: 'gone' }, is_running: false, team: null });
    expect(session.teamKey).toBeNull();
    expect(expose(agentscope.types.session, session)).toMatchObject({ teamId: 'gone' });
  });
});

describe('lists of sessions', () => {
  test('are asked for once for each agent, and for the workers of teams', async () => {
    const platform = await start({ dialect: '2.0.1', sessions: 120, agents: 12 });
    const source = connect(platform);
    const sessions = await readSessions(source);
    expect(sessions.map(({ nativeId }) => nativeId).sort()).toEqual(platform.sessionIds().toSorted());
    const workers = sessions.filter((session) => expose(agentscope.types.session, session).teamId !== null);
    expect(workers.length).toBeGreaterThan(3);
    expect(new Set(listedAgents(platform)).size).toBe(listedAgents(platform).length);
    expect(requestsOf(platform).filter((request) => request === 'GET /agent/')).toHaveLength(1);
    expect(requestsOf(platform)).toHaveLength(1 + listedAgents(platform).length);
    const workerIds = new Set(sessions.map(({ agentKey }) => agentKey));
    for (const listed of (await source.listAgents()).map(({ key }) => key)) workerIds.delete(listed);
    expect(workerIds.size).toBeGreaterThan(0);
    expect(new Set(platform.requests.map(({ headers }) => headers['x-user-id']))).toEqual(new Set(['alice']));
  });

  test('fail one by one, also one that is said not to be there though its agent is', async () => {
    const platform = await start({ sessions: 0, agents: 0 });
    for (const id of ['first', 'second', 'third']) {
      platform.addAgent({ id, user: 'alice' });
      platform.addSession({ id: `of-${id}`, agent: id, user: 'alice' });
    }
    refuse(platform, 'agent_id=first', 500);
    refuse(platform, 'agent_id=second', 404);
    const source = connect(platform);
    const feeds = await openFeeds(source);
    const answers = await Promise.all(
      feeds.map(async (feed) => {
        const page = await feed
          .read({ direction: 'desc', from: { kind: 'head' }, limit: 5 })
          .catch((error: unknown) => codeOf(error));
        return [feed.id, typeof page === 'object' ? page?.items.map(({ key }) => key) : page];
      }),
    );
    expect(Object.fromEntries(answers)).toEqual({
      first: 'UPSTREAM_UNAVAILABLE',
      second: 'UPSTREAM_NOT_FOUND',
      third: ['third/of-third'],
    });
    expect(await source.listTeams().catch(codeOf)).toBe('UPSTREAM_UNAVAILABLE');
  });

  test('are those of the asked agents only', async () => {
    const platform = await start({ sessions: 40, agents: 6 });
    const [first = '', second = ''] = platform.agentIds();
    const sessions = await readSessions(connect(platform), { agentKeys: [first, second, first, 'a/b', 'none'] });
    expect(new Set(sessions.map(({ agentKey }) => agentKey))).toEqual(new Set([first, second]));
    expect(new Set(sessions).size).toBe(sessions.length);
    expect(requestsOf(platform)).toEqual([first, second, 'none'].map((id) => `GET /sessions/?agent_id=${id}`));
  });

  test('cost nothing when they hold nobody asked for', async () => {
    const platform = await start({ sessions: 5, agents: 3 });
    const source = connect(platform);
    expect(await openFeeds(source, { userIds: ['bob', 'carol'] })).toEqual([]);
    expect(await openFeeds(source, { kinds: ['TEAM', 'WORKFLOW'] })).toEqual([]);
    expect(requestsOf(platform)).toEqual([]);
    expect(await readSessions(source, { userIds: ['bob', 'alice'], kinds: ['AGENT'] })).not.toEqual([]);
  });

  test('can be ordered by the last change', async () => {
    const platform = await start();
    const sessions = [
      { ...record, id: 'old', updated_at: '2026-03-03T00:00:00' },
      { ...record, id: 'young', created_at: '2026-03-02T00:00:00', updated_at: null },
    ];
    answerWith(platform, '/sessions/', { sessions, total: 2 });
    const source = connect(platform);
    const ids = async (orderBy: OrderField) =>
      (await readSessions(source, { agentKeys: ['writer'] }, orderBy)).map(({ nativeId }) => nativeId);
    expect(await ids('createdAt')).toEqual(['young', 'old']);
    expect(await ids('updatedAt')).toEqual(['old', 'young']);
  });
});

describe('lookups', () => {
  test('of sessions list each agent once and answer every key by itself', async () => {
    const platform = await start();
    for (const id of ['first', 'second', 'third']) platform.addAgent({ id, user: 'alice' });
    for (const id of ['a', 'b']) platform.addSession({ id, agent: 'first', user: 'alice' });
    refuse(platform, 'agent_id=second', 503);
    const source = connect(platform);
    const keys = ['first/b', 'second/x', 'first/a', 'first/none', 'gone/a', 'first', '/', 'first/b', 'first/%61'];
    const answers = await source.sessions(keys);
    expect(answers.map((answer) => (answer instanceof Error ? codeOf(answer) : (answer?.nativeId ?? null)))).toEqual([
      'b',
      'UPSTREAM_UNAVAILABLE',
      'a',
      null,
      null,
      null,
      null,
      'b',
      null,
    ]);
    expect(listedAgents(platform)).toEqual(['first', 'gone', 'second']);
    platform.clearRequests();
    await source.sessions(['first/a', 'first/zzz']);
    expect(requestsOf(platform)).toEqual([]);
  });

  test('of sessions, agents and teams cost one list of agents after the sessions were listed', async () => {
    const platform = await start({ dialect: '2.0.6', sessions: 120, agents: 12 });
    const source = connect(platform);
    const sessions = await readSessions(source);
    platform.clearRequests();
    const again = await source.sessions(sessions.map(({ key }) => key));
    expect(again).toEqual(sessions);
    const agents = await source.agents(sessions.map(({ agentKey }) => present(agentKey)));
    expect(agents.map((agent) => present(agent).key)).toEqual(sessions.map(({ agentKey }) => agentKey));
    const teamKeys = sessions.flatMap(({ teamKey }) => teamKey ?? []);
    expect(teamKeys.length).toBeGreaterThan(3);
    expect((await source.teams(teamKeys)).map((team) => present(team).key)).toEqual(teamKeys);
    expect((await source.listTeams()).map(({ key }) => key).sort()).toEqual([...new Set(teamKeys)].sort());
    expect(requestsOf(platform)).toEqual([]);
  });

  test('of agents ask for their list, and find workers on their own sessions', async () => {
    const platform = await start({ dialect: '2.0.6', sessions: 120, agents: 12 });
    const sessions = await readSessions(connect(platform));
    const listed = (await connect(platform).listAgents()).map(({ key }) => key);
    const workerKey = sessions.find(({ agentKey }) => !listed.includes(present(agentKey)))?.agentKey ?? '';
    platform.clearRequests();
    const source = connect(platform);
    const answers = await source.agents([present(listed[0]), workerKey, 'gone', present(listed[1]), 'a/b']);
    expect(answers.map((answer) => present(answer === null ? { key: 'null' } : answer).key)).toEqual([
      listed[0],
      workerKey,
      'null',
      listed[1],
      'null',
    ]);
    expect(requestsOf(platform).toSorted()).toEqual(
      ['GET /agent/', `GET /sessions/?agent_id=${workerKey}`, 'GET /sessions/?agent_id=gone'].toSorted(),
    );
  });

  test('of a worker without a session, which 2.0.1 shows in its team alone, ask for every list', async () => {
    const platform = await start({ dialect: '2.0.1', sessions: 120, agents: 12 });
    const teams = await connect(platform).listTeams();
    const idle = teams.flatMap(({ members }) =>
      members.flatMap(({ agent, session }) => (session ? [] : (agent ?? []))),
    );
    expect(idle).toHaveLength(1);
    const lists = listedAgents(platform);
    for (const [key, found] of [
      [present(idle[0]).key, idle[0]],
      ['gone', null],
    ] as const) {
      platform.clearRequests();
      expect(await connect(platform).agents([key])).toEqual([found]);
      expect(listedAgents(platform)).toEqual([...new Set([...lists, key])].toSorted());
    }
  });

  test('of teams list the sessions of the agent in their key', async () => {
    const platform = await start({ dialect: '2.0.1', sessions: 120, agents: 12 });
    const [team] = await connect(platform).listTeams();
    const { key, leader } = present(team);
    platform.clearRequests();
    const source = connect(platform);
    const [found, none] = await source.teams([key, encodeKey(present(leader).nativeId, 'none')]);
    expect(found).toEqual(team);
    expect(none).toBeNull();
    expect(requestsOf(platform)).toEqual([`GET /sessions/?agent_id=${leader?.nativeId}`]);
  });

  test.each(['../../admin', 'a/b', 'a\\b', '..', '.', '%2e%2e', 'a%252Fb'])(
    'of what belongs to an agent %j say that its id is not sent',
    async (agentId) => {
      const platform = await start();
      const source = connect(platform);
      const key = encodeKey(agentId, 'x');
      const agent = encodeKey(agentId);
      expect((await source.sessions([key])).map(codeOf)).toEqual(['UPSTREAM_UNSAFE_ID']);
      expect((await source.teams([key])).map(codeOf)).toEqual(['UPSTREAM_UNSAFE_ID']);
      const read = readSessions(source, { agentKeys: [agent] });
      await expect(read).rejects.toMatchObject({ code: 'UPSTREAM_UNSAFE_ID' });
      expect(requestsOf(platform)).toEqual([]);
      expect((await source.agents([agent])).map(codeOf)).toEqual(['UPSTREAM_UNSAFE_ID']);
      expect(requestsOf(platform)).toEqual(['GET /agent/']);
    },
  );

  test('of an agent and a session that really have such ids find what lists show', async () => {
    const platform = await start();
    platform.addAgent({ id: 'writers/first', name: 'Writer', user: 'alice' });
    platform.addAgent({ id: 'checker', user: 'alice' });
    platform.addSession({ id: '../notes', agent: 'checker', user: 'alice' });
    const source = connect(platform);
    const [agent] = await source.agents([encodeKey('writers/first')]);
    expect(present(agent).name).toBe('Writer');
    const [session] = await source.sessions([encodeKey('checker', '../notes')]);
    expect(present(session).nativeId).toBe('../notes');
    expect(requestsOf(platform)).toEqual(['GET /agent/', 'GET /sessions/?agent_id=checker']);
  });

  test('of what the platform does not have are null without a request', async () => {
    const platform = await start();
    const source = connect(platform);
    expect(await source.workflows(['w'])).toEqual([null]);
    expect(await source.agentVersions(['a/1', 'a/2'])).toEqual([null, null]);
    expect(requestsOf(platform)).toEqual([]);
  });
});

describe('one id', () => {
  /** What every path tells of each thing, each path in an operation of its own: as a client sees it. */
  async function readStories(platform: RunningPlatform) {
    const sessions = await readSessions(connect(platform));
    const teams = await connect(platform).listTeams();
    const listed = await connect(platform).listAgents();
    const embedded = teams.flatMap(({ leader, members }) => [leader, ...members.map(({ agent }) => agent)]);
    const agents = [...listed, ...embedded].flatMap((agent) => agent ?? []);
    for (const session of sessions) expect((await connect(platform).sessions([session.key]))[0]).toEqual(session);
    for (const team of teams) expect((await connect(platform).teams([team.key]))[0]).toEqual(team);
    for (const agent of agents) {
      expect((await connect(platform).agents([agent.key]))[0]).toEqual(agent);
      // After the team was seen, as in a query that asks for both.
      const source = connect(platform);
      await source.listTeams();
      expect((await source.agents([agent.key]))[0]).toEqual(agent);
    }
    return { sessions, teams, agents };
  }

  test.each(['2.0.0', '2.0.1', '2.0.6', '2.0.10'])('has one story on %s', async (dialect) => {
    const { sessions, teams, agents } = await readStories(await start({ dialect, sessions: 30, agents: 8 }));
    expect(sessions.length).toBeGreaterThan(10);
    expect(teams.length).toBe(dialect === '2.0.0' ? 0 : 2);
    expect(agents.length).toBeGreaterThan(dialect === '2.0.0' ? 1 : 5);
  });

  test('has one story in true answers of 2.0.10', async () => {
    const platform = await start();
    const capture = (name: string): unknown =>
      JSON.parse(readFileSync(join(import.meta.dirname, 'captures', `agentscope-2.0.10-${name}.json`), 'utf8'));
    answerWith(platform, '/agent/', capture('agents'));
    answerWith(platform, 'agent_id=alice-agent-2', capture('sessions'));
    answerWith(platform, 'agent_id=', { sessions: [], total: 0 });
    const sessions = await readSessions(connect(platform));
    expect(
      sessions.map((session) => {
        const { origin, sourceScheduleId, sourceChatName, sourceSopRunId } = expose(agentscope.types.session, session);
        return [session.key, session.title, session.status, origin, sourceScheduleId, sourceChatName, sourceSopRunId];
      }),
    ).toEqual([
      ['alice-agent-2/invited-s', null, 'IDLE', 'sop', null, null, 'sop-9004'],
      ['alice-agent-2/alice-s-0172', '請求書 の再発行', 'IDLE', 'channel', null, 'Chat ü 172', null],
      ['alice-agent-2/alice-s-0171', 'café olé', 'IDLE', 'schedule', 'sch-171', null, null],
      ['alice-agent-2/alice-s-0174', null, 'IDLE', 'sop', null, null, 'sop-174'],
    ]);
    const [team] = await connect(platform).listTeams();
    expect(team?.key).toBe('alice-agent-1/team-1');
    for (const agent of await connect(platform).listAgents()) {
      expect([team?.leader, team?.members[1]?.agent].find((embedded) => embedded?.key === agent.key)).toEqual(agent);
      expect(expose(agentscope.types.agent, agent)).toMatchObject({
        contextConfig: { triggerRatio: 0.75, contextBufferRatio: 0.2, maxImageNum: 5 },
        reactConfig: { structuredOutputGraceIters: 5 },
        inviteConfig: { invitable: true },
      });
    }
  });

  test('of an agent that another user shares says in a team what the list says', async () => {
    const platform = await start();
    const shared = { ...agentRow, id: 'shared', user_id: 'bob', editable: true };
    // In a team the platform calls every agent of another user read-only.
    const invited = { agent: { ...shared, editable: false }, session_id: 's-9' };
    const view = { ...teamView, members: [invited] };
    answerWith(platform, '/agent/', { agents: [agentRow, shared], total: 2 });
    answerWith(platform, 'agent_id=writer', { sessions: [{ session: record, team: view }], total: 1 });
    answerWith(platform, 'agent_id=', { sessions: [], total: 0 });
    const { teams, agents } = await readStories(platform);
    expect(teams).toHaveLength(1);
    const told = agents.filter(({ key }) => key === 'shared');
    expect(told.length).toBeGreaterThan(1);
    expect(told.map((agent) => expose(agentscope.types.agent, agent).editable)).toEqual(told.map(() => true));
  });

  test('of an agent that the list does not hold is what the team says', async () => {
    const platform = await start();
    const invited = { agent: { ...agentRow, id: 'hidden', user_id: 'bob', editable: false }, session_id: 's-9' };
    const view = { ...teamView, members: [invited] };
    answerWith(platform, '/agent/', { agents: [agentRow], total: 1 });
    answerWith(platform, '/sessions/', { sessions: [{ session: record, team: view }], total: 1 });
    const source = connect(platform);
    const team = present((await source.teams(['writer/team-1']))[0]);
    expect(team.members.map(({ agent }) => agent?.key)).toEqual(['hidden']);
    expect((await source.agents(['hidden']))[0]).toEqual(team.members[0]?.agent);
  });
});

describe('settings', () => {
  test('know time zones', () => {
    expect(agentscope.settings.safeParse({ timezone: 'Asia/Shanghai' }).success).toBe(true);
    expect(agentscope.settings.safeParse({ timezone: 'Berlin' }).success).toBe(false);
    expect(agentscope.settings.safeParse({ timezones: 'UTC' }).success).toBe(false);
    expect(agentscope.settings.safeParse({ stateTimezone: 'Asia/Tokyo' }).success).toBe(true);
    expect(agentscope.settings.safeParse({ stateTimezone: 'Tokyo' }).success).toBe(false);
  });
});
