import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';
import { toldDialogue } from './told-dialogue.ts';

interface Message {
  readonly id: string;
  readonly role: string;
  readonly content?: unknown;
  readonly from_history: boolean;
  readonly created_at: number;
}
interface Run {
  readonly run_id: string;
  readonly parent_run_id?: string;
  readonly status?: string;
  readonly created_at: string;
  readonly messages?: readonly Message[];
  readonly metrics: { readonly total_tokens?: number };
  readonly step_results?: readonly { readonly step_name: string; readonly content: string }[];
}
interface Detail {
  readonly session_name: string;
  readonly chat_history: readonly Message[];
}

const createdAt = Date.UTC(2026, 10, 20, 9, 0, 0);

async function agno(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'agno', sessions: 0, agents: 1, ...options });
  platform.addAgent({ id: 'agent-1', name: 'Agent One' });
  platform.addSession({ id: 's', agent: 'agent-1', user: 'u1', createdAt, title: null, dialogue: toldDialogue });
  return platform;
}

/** `role` for a message of its own, `(role)` for a copy. */
function roles({ messages = [] }: Run): string {
  return messages.map(({ role, from_history }) => (from_history ? `(${role})` : role)).join(' ');
}

async function runsOf(platform: RunningPlatform, query: string, id = 's'): Promise<readonly Run[]> {
  return askJson<readonly Run[]>(platform.url, `/sessions/${id}/runs?${query}`);
}

test('tells a run as the server does, to the key', async () => {
  await using platform = await agno();
  const answer = await ask(platform.url, '/sessions/s/runs');
  expect(answer.headers.vary).toBe('Origin');
  expect(JSON.parse(answer.body)).toMatchInlineSnapshot(`
    [
      {
        "agent_id": "agent-1",
        "audio": [],
        "content": "Yes.",
        "created_at": "2026-11-20T09:00:00Z",
        "files": [],
        "images": [],
        "input_media": {
          "audios": [],
          "files": [],
          "images": [
            {
              "id": "img-9",
              "url": "https://files.example/scan.png",
            },
          ],
          "videos": [],
        },
        "messages": [
          {
            "content": "Ask for the product version first. Escalate data loss at once.",
            "created_at": 1795165200,
            "from_history": false,
            "id": "31e04587-264a-4c06-9ff4-6bca8dab909c",
            "role": "system",
            "stop_after_tool_call": false,
          },
          {
            "content": "Was INV-7 paid?",
            "created_at": 1795165200,
            "from_history": false,
            "id": "89154021-69fc-4eef-8a21-86fce27f8772",
            "images": [
              {
                "id": "img-9",
                "url": "https://files.example/scan.png",
              },
            ],
            "role": "user",
            "stop_after_tool_call": false,
          },
          {
            "created_at": 1795165201,
            "from_history": false,
            "id": "68be5d87-3c6a-4931-abce-8f03c864c1dd",
            "metrics": {
              "input_tokens": 50,
              "output_tokens": 5,
              "total_tokens": 55,
            },
            "reasoning_content": "Look it up first.",
            "role": "assistant",
            "stop_after_tool_call": false,
            "tool_calls": [
              {
                "function": {
                  "arguments": "{"invoice":"INV-7"}",
                  "name": "find_invoice",
                },
                "id": "call_893e2028d9785f18575f8a10",
                "type": "function",
              },
              {
                "function": {
                  "arguments": "{"id":",
                  "name": "find_customer",
                },
                "id": "call_26dca31a79ebfa6d27a048b4",
                "type": "function",
              },
            ],
          },
          {
            "content": "{"paid":true}",
            "created_at": 1795165202,
            "from_history": false,
            "id": "b5c8dfd5-3d94-4963-affa-d11ef531002e",
            "role": "tool",
            "stop_after_tool_call": false,
            "tool_args": {
              "invoice": "INV-7",
            },
            "tool_call_error": false,
            "tool_call_id": "call_893e2028d9785f18575f8a10",
            "tool_name": "find_invoice",
          },
          {
            "content": "no such id",
            "created_at": 1795165203,
            "from_history": false,
            "id": "37b74b1f-9e8c-4960-8cd8-a568b03b8fa3",
            "role": "tool",
            "stop_after_tool_call": false,
            "tool_args": {},
            "tool_call_error": true,
            "tool_call_id": "call_26dca31a79ebfa6d27a048b4",
            "tool_name": "find_customer",
          },
          {
            "content": "Yes.",
            "created_at": 1795165204,
            "from_history": false,
            "id": "bc249af5-1755-4eeb-aca4-4c4f8d6afe00",
            "metrics": {
              "input_tokens": 50,
              "output_tokens": 6,
              "total_tokens": 56,
            },
            "role": "assistant",
            "stop_after_tool_call": false,
          },
        ],
        "metrics": {
          "duration": 9,
          "input_tokens": 100,
          "output_tokens": 11,
          "total_tokens": 111,
        },
        "parent_run_id": "",
        "reasoning_content": "Look it up first.",
        "reasoning_messages": [],
        "reasoning_steps": [],
        "references": [],
        "run_id": "207917bb-683f-42ce-a4ac-82ccd4742350",
        "run_input": "Was INV-7 paid?",
        "run_response_format": "text",
        "status": "COMPLETED",
        "tools": [
          {
            "answered": null,
            "approval_id": null,
            "approval_type": null,
            "child_run_id": null,
            "confirmation_note": null,
            "confirmed": null,
            "created_at": 1795165202,
            "external_execution_required": null,
            "external_execution_silent": null,
            "metrics": null,
            "parent_tool_call_id": null,
            "requires_confirmation": null,
            "requires_user_input": null,
            "result": "{"paid":true}",
            "stop_after_tool_call": false,
            "tool_args": {
              "invoice": "INV-7",
            },
            "tool_call_error": false,
            "tool_call_id": "call_893e2028d9785f18575f8a10",
            "tool_name": "find_invoice",
            "user_feedback_schema": null,
            "user_input_schema": null,
          },
          {
            "answered": null,
            "approval_id": null,
            "approval_type": null,
            "child_run_id": null,
            "confirmation_note": null,
            "confirmed": null,
            "created_at": 1795165203,
            "external_execution_required": null,
            "external_execution_silent": null,
            "metrics": null,
            "parent_tool_call_id": null,
            "requires_confirmation": null,
            "requires_user_input": null,
            "result": "no such id",
            "stop_after_tool_call": false,
            "tool_args": {},
            "tool_call_error": true,
            "tool_call_id": "call_26dca31a79ebfa6d27a048b4",
            "tool_name": "find_customer",
            "user_feedback_schema": null,
            "user_input_schema": null,
          },
        ],
        "user_id": "u1",
        "videos": [],
      },
      {
        "agent_id": "agent-1",
        "audio": [],
        "content": "I have tools to execute, but I need confirmation.",
        "created_at": "2026-11-20T09:00:10Z",
        "files": [],
        "images": [],
        "input_media": {
          "audios": [],
          "files": [],
          "images": [],
          "videos": [],
        },
        "messages": [
          {
            "content": "Ask for the product version first. Escalate data loss at once.",
            "created_at": 1795165210,
            "from_history": false,
            "id": "e1d11f29-e37e-4472-8cdc-b0d127529b5a",
            "role": "system",
            "stop_after_tool_call": false,
          },
          {
            "content": "Was INV-7 paid?",
            "created_at": 1795165200,
            "from_history": true,
            "id": "89154021-69fc-4eef-8a21-86fce27f8772",
            "images": [
              {
                "id": "img-9",
                "url": "https://files.example/scan.png",
              },
            ],
            "role": "user",
            "stop_after_tool_call": false,
          },
          {
            "created_at": 1795165201,
            "from_history": true,
            "id": "68be5d87-3c6a-4931-abce-8f03c864c1dd",
            "metrics": {
              "input_tokens": 50,
              "output_tokens": 5,
              "total_tokens": 55,
            },
            "reasoning_content": "Look it up first.",
            "role": "assistant",
            "stop_after_tool_call": false,
            "tool_calls": [
              {
                "function": {
                  "arguments": "{"invoice":"INV-7"}",
                  "name": "find_invoice",
                },
                "id": "call_893e2028d9785f18575f8a10",
                "type": "function",
              },
              {
                "function": {
                  "arguments": "{"id":",
                  "name": "find_customer",
                },
                "id": "call_26dca31a79ebfa6d27a048b4",
                "type": "function",
              },
            ],
          },
          {
            "content": "{"paid":true}",
            "created_at": 1795165202,
            "from_history": true,
            "id": "b5c8dfd5-3d94-4963-affa-d11ef531002e",
            "role": "tool",
            "stop_after_tool_call": false,
            "tool_args": {
              "invoice": "INV-7",
            },
            "tool_call_error": false,
            "tool_call_id": "call_893e2028d9785f18575f8a10",
            "tool_name": "find_invoice",
          },
          {
            "content": "no such id",
            "created_at": 1795165203,
            "from_history": true,
            "id": "37b74b1f-9e8c-4960-8cd8-a568b03b8fa3",
            "role": "tool",
            "stop_after_tool_call": false,
            "tool_args": {},
            "tool_call_error": true,
            "tool_call_id": "call_26dca31a79ebfa6d27a048b4",
            "tool_name": "find_customer",
          },
          {
            "content": "Yes.",
            "created_at": 1795165204,
            "from_history": true,
            "id": "bc249af5-1755-4eeb-aca4-4c4f8d6afe00",
            "metrics": {
              "input_tokens": 50,
              "output_tokens": 6,
              "total_tokens": 56,
            },
            "role": "assistant",
            "stop_after_tool_call": false,
          },
          {
            "content": "Then refund it.",
            "created_at": 1795165210,
            "from_history": false,
            "id": "1d77e8f9-731a-4643-bb28-9f4d6ab4bca6",
            "role": "user",
            "stop_after_tool_call": false,
          },
          {
            "created_at": 1795165211,
            "from_history": false,
            "id": "1e82a4e7-60f8-4c1f-873a-63634031b5cc",
            "role": "assistant",
            "stop_after_tool_call": false,
            "tool_calls": [
              {
                "function": {
                  "arguments": "{"invoice":"INV-7"}",
                  "name": "refund",
                },
                "id": "call_4bc551f1775e82f0ec541bbd",
                "type": "function",
              },
            ],
          },
        ],
        "metrics": {},
        "parent_run_id": "",
        "reasoning_content": "",
        "reasoning_messages": [],
        "reasoning_steps": [],
        "references": [],
        "run_id": "593ca396-f3e3-40be-aa48-c677a4df2434",
        "run_input": "Then refund it.",
        "run_response_format": "text",
        "status": "PAUSED",
        "tools": [
          {
            "answered": null,
            "approval_id": null,
            "approval_type": null,
            "child_run_id": null,
            "confirmation_note": null,
            "confirmed": null,
            "created_at": 1795165212,
            "external_execution_required": null,
            "external_execution_silent": null,
            "metrics": null,
            "parent_tool_call_id": null,
            "requires_confirmation": true,
            "requires_user_input": null,
            "result": null,
            "stop_after_tool_call": false,
            "tool_args": {
              "invoice": "INV-7",
            },
            "tool_call_error": null,
            "tool_call_id": "call_4bc551f1775e82f0ec541bbd",
            "tool_name": "refund",
            "user_feedback_schema": null,
            "user_input_schema": null,
          },
        ],
        "user_id": "u1",
        "videos": [],
      },
    ]
  `);
});

test('copies the runs before into each run, and neither copies of copies nor paused runs', async () => {
  await using platform = await agno();
  const [first, second] = await runsOf(platform, '');
  expect(first && roles(first)).toBe('system user assistant tool tool assistant');
  expect(second && roles(second)).toBe('system (user) (assistant) (tool) (tool) (assistant) user assistant');
  const own = (run: Run | undefined) => run?.messages?.filter(({ role }) => role !== 'system') ?? [];
  expect(own(second).slice(0, 5)).toEqual(own(first).map((message) => ({ ...message, from_history: true })));
  platform.appendMessage('s', { role: 'user', text: 'Hello?' });
  const third = (await runsOf(platform, ''))[2];
  expect(third && roles(third)).toBe('system (user) (assistant) (tool) (tool) (assistant) user');
});

test('shows no status on 2.3, and filters by it only on 3.1', async () => {
  for (const [dialect, shown, filtered] of [
    ['2.3', [undefined, undefined], 2],
    ['2.9', ['COMPLETED', 'PAUSED'], 2],
    ['3.1', ['COMPLETED', 'PAUSED'], 1],
  ] as const) {
    await using platform = await agno({ dialect });
    expect((await runsOf(platform, 'limit=1&page=9')).map(({ status }) => status)).toEqual(shown);
    expect(await runsOf(platform, 'status=paused')).toHaveLength(filtered);
    expect(await runsOf(platform, 'status=paused&status=Completed')).toHaveLength(2);
  }
  await using latest = await agno({ dialect: '3.1' });
  expect(told(await ask(latest.url, '/sessions/s/runs?status=bogus'))).toBe(
    `400 application/json {"detail":"Invalid status value(s) ['BOGUS']; expected one of ['CANCELLED', 'COMPLETED', 'ERROR', 'PAUSED', 'PENDING', 'REGENERATED', 'RUNNING']"}`,
  );
});

test('filters by time, both ends inclusive', async () => {
  await using platform = await agno();
  const [first, second] = (await runsOf(platform, '')).map((run) => Date.parse(run.created_at) / 1000);
  expect(first).toBe(createdAt / 1000);
  expect(await runsOf(platform, `created_after=${first}`)).toHaveLength(2);
  expect(await runsOf(platform, `created_after=${(first ?? 0) + 1}`)).toHaveLength(1);
  expect(await runsOf(platform, `created_before=${second}`)).toHaveLength(2);
  expect(await runsOf(platform, `created_before=${(second ?? 0) - 1}`)).toHaveLength(1);
  expect(told(await ask(platform.url, '/sessions/s/runs?created_after=x&type=y'))).toBe(
    `422 application/json {"detail":[{"type":"enum","loc":["query","type"],"msg":"Input should be 'agent', 'team' or 'workflow'","input":"y","ctx":{"expected":"'agent', 'team' or 'workflow'"}},{"type":"int_parsing","loc":["query","created_after"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"}]}`,
  );
});

test('has no session of another user and no unknown one, and words for each', async () => {
  await using platform = await agno();
  platform.addSession({ id: 'empty', agent: 'agent-1', title: null });
  const answers = await Promise.all(
    [
      '/sessions/unknown/runs',
      '/sessions/s/runs?user_id=u2',
      '/sessions/empty/runs',
      '/sessions/empty/runs/r',
      '/sessions/s/runs/r',
      '/sessions/unknown/runs/r',
      '/sessions/s/runs?db_id=nope',
      '/sessions/s/nothing',
      '/sessions/s/runs/r/x',
      '/sessions/s%2Fruns',
    ].map(async (path) => told(await ask(platform.url, path))),
  );
  expect(answers).toEqual([
    '404 application/json {"detail":"Session with ID unknown not found"}',
    '404 application/json {"detail":"Session with ID s not found"}',
    '200 application/json []',
    '404 application/json {"detail":"Session with ID empty has no runs"}',
    '404 application/json {"detail":"Run with ID r not found in session s"}',
    '404 application/json {"detail":"Session with ID unknown not found"}',
    `404 application/json {"detail":"No database found with id 'nope'"}`,
    '404 application/json {"detail":"Not Found"}',
    '404 application/json {"detail":"Not Found"}',
    '404 application/json {"detail":"Not Found"}',
  ]);
  const slash = await ask(platform.url, '/sessions/s/runs/');
  expect([slash.status, (JSON.parse(slash.body) as unknown[]).length]).toEqual([200, 2]);
  await using earlier = await agno({ dialect: '2.3' });
  expect((await ask(earlier.url, '/sessions/s/runs/?type=agent')).headers.location).toBe(
    `${earlier.url}/sessions/s/runs?type=agent`,
  );
});

test('tells one run with its nulls', async () => {
  await using platform = await agno({ dialect: '3.1' });
  const [first] = await runsOf(platform, '');
  const one = await askJson<Record<string, unknown>>(platform.url, `/sessions/s/runs/${first?.run_id}`);
  expect(one).toMatchObject({ ...first });
  const nulls = Object.keys(one).filter((key) => one[key] === null);
  expect(nulls).toEqual([
    'cancellation_stage',
    'metadata',
    'events',
    'citations',
    'session_state',
    'response_audio',
    'followups',
    'forked_from_run_id',
    'forked_from_message_index',
    'forked_from_session_id',
    'regenerated_from',
    'last_checkpoint_at_message_index',
  ]);
});

test('tells the same in the history of a session, but for instructions and results, and on 2.3 for paused runs', async () => {
  for (const [dialect, shown] of [
    ['2.3', 1],
    ['2.9', 2],
    ['3.1', 2],
  ] as const) {
    await using platform = await agno({ dialect });
    const { session_name, chat_history } = await askJson<Detail>(platform.url, '/sessions/s');
    const messages = (await runsOf(platform, '')).slice(0, shown).flatMap((run) => run.messages ?? []);
    const isSaid = ({ role, from_history }: Message): boolean => !from_history && /^(user|assistant)$/.test(role);
    expect(session_name).toBe('Was INV-7 paid?');
    expect(chat_history, dialect).toEqual(messages.filter(isSaid));
  }
});

test('gives the runs of members with those of a team, and the steps of a workflow inside its run', async () => {
  await using platform = await startPlatform({ platform: 'agno', sessions: 0, agents: 3 });
  const [turn] = toldDialogue;
  const dialogue = turn === undefined ? [] : [turn];
  platform.addSession({ id: 't', kind: 'team', agent: 'customer-care', user: 'u1', createdAt, dialogue });
  platform.addSession({ id: 'w', kind: 'workflow', agent: 'weekly-report', user: 'u1', createdAt, dialogue });
  const [team, member, ...others] = await runsOf(platform, '', 't');
  expect(others).toEqual([]);
  expect(team).toMatchObject({ team_id: 'customer-care', parent_run_id: '', content: 'Yes.' });
  expect(member).toMatchObject({ agent_id: 'contract-reviewer', parent_run_id: team?.run_id, content: 'Yes.' });
  expect([team, member].map((run) => run && roles(run))).toEqual([
    'system user assistant tool assistant',
    'system user assistant tool tool assistant',
  ]);
  // 2.3 does not look at the type of the row: what is read as an agent's is an agent's.
  await using earlier = await startPlatform({ platform: 'agno', sessions: 0, agents: 3, dialect: '2.3' });
  earlier.addSession({ id: 't', kind: 'team', agent: 'customer-care', user: 'u1', createdAt, dialogue });
  expect((await runsOf(earlier, '', 't')).map((run) => 'team_id' in run)).toEqual([false, false]);
  expect((await runsOf(earlier, 'type=team', 't')).map((run) => 'team_id' in run)).toEqual([true, false]);

  const [workflow, ...more] = await runsOf(platform, '', 'w');
  expect(more).toEqual([]);
  expect(workflow).toMatchObject({ workflow_id: 'weekly-report', content: 'Yes.', status: 'COMPLETED' });
  expect(workflow?.messages).toBeUndefined();
  expect(workflow?.step_results?.map(({ step_name, content }) => [step_name, content])).toEqual([
    ['Incident Commander', 'Notes of Incident Commander: Was INV-7 paid?'],
    ['Fact Checker', 'Yes.'],
  ]);
});

test('shows every kind of run among the newest sessions, and sums up to what the session says', async () => {
  await using platform = await startPlatform({ platform: 'agno' });
  const seen = new Map<string, number>();
  let longest = 0;
  for (const id of platform.sessionIds().slice(0, 120)) {
    const detail = await askJson<{ readonly total_tokens?: number; readonly session_data?: object }>(
      platform.url,
      `/sessions/${encodeURIComponent(id)}`,
    );
    const runs = await runsOf(platform, '', encodeURIComponent(id));
    for (const { status = 'none' } of runs) seen.set(status, (seen.get(status) ?? 0) + 1);
    longest = Math.max(longest, runs.length);
    const sum = runs.reduce((total, { metrics }) => total + (metrics.total_tokens ?? 0), 0);
    if (runs.length > 0 && detail.session_data === undefined) expect(sum, id).toBe(detail.total_tokens);
  }
  expect([...seen.keys()].sort()).toEqual(['CANCELLED', 'COMPLETED', 'ERROR', 'PAUSED', 'REGENERATED', 'RUNNING']);
  expect(longest).toBe(250);
});

test('leaves all messages as they were when one is appended', async () => {
  await using platform = await startPlatform({ platform: 'agno', sessions: 60 });
  for (const id of platform.sessionIds()) {
    const path = encodeURIComponent(id);
    const before = (await runsOf(platform, '', path)).flatMap(({ messages = [] }) => messages);
    platform.appendMessage(id, { role: 'user', text: 'One more?' });
    platform.appendMessage(id, { role: 'assistant', text: 'Yes.' });
    platform.appendMessage(id, { role: 'assistant', text: 'And that is all.' });
    const after = await runsOf(platform, '', path);
    const messages = after.flatMap((run) => run.messages ?? []);
    expect(messages.slice(0, before.length), id).toEqual(before);
    if (after.some((run) => run.messages === undefined)) continue;
    const own = messages.slice(before.length).filter(({ role, from_history }) => role !== 'system' && !from_history);
    expect(own.map(({ content }) => content)).toEqual(['One more?', 'Yes.', 'And that is all.']);
  }
});
