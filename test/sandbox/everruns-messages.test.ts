import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';
import { toldDialogue } from './told-dialogue.ts';

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly error?: string;
}
interface Message {
  readonly id: string;
  readonly role: string;
  readonly content: readonly Part[];
  readonly thinking?: string;
  readonly created_at: string;
}
interface Event {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly data: { readonly usage?: Readonly<Record<string, number>>; readonly message?: Message };
}
interface List<T> {
  readonly data: readonly T[];
}
interface Row {
  readonly id: string;
  readonly status: string;
  readonly preview?: string;
  readonly output_preview?: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly usage?: Readonly<Record<string, number>>;
}

const id = `session_${'a'.repeat(32)}`;
const path = `/v1/sessions/${id}`;
const createdAt = Date.UTC(2026, 10, 20, 9, 0, 0);

async function everruns(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'everruns', sessions: 0, agents: 1, ...options });
  platform.addSession({ id, createdAt, status: 'waitingfortoolresults', title: 'Paid?', dialogue: toldDialogue });
  return platform;
}

async function messagesOf(platform: RunningPlatform, session: string): Promise<readonly Message[]> {
  return (await askJson<List<Message>>(platform.url, `/v1/sessions/${session}/messages`)).data;
}

/** `sequence type` of each event. */
async function events(platform: RunningPlatform, query: string): Promise<readonly string[]> {
  const { data } = await askJson<List<Event>>(platform.url, `${path}/events?${query}`);
  return data.map(({ sequence, type }) => `${sequence} ${type}`);
}

const allEvents = [
  '1 input.message',
  '2 turn.started',
  '3 output.message.completed',
  '4 tool.started',
  '5 tool.started',
  '6 tool.completed',
  '7 tool.completed',
  '8 output.message.completed',
  '9 turn.completed',
  '10 session.idled',
  '11 input.message',
  '12 turn.started',
  '13 output.message.completed',
  '14 tool.started',
];

test('tells a conversation in messages, oldest first and without pages', async () => {
  await using platform = await everruns();
  expect(await askJson(platform.url, `${path}/messages?limit=1`)).toMatchInlineSnapshot(`
    {
      "data": [
        {
          "content": [
            {
              "text": "Was INV-7 paid?",
              "type": "text",
            },
            {
              "filename": "scan.png",
              "image_id": "img_16b5a847ca2411e192e2b8b8a0c936ab",
              "type": "image_file",
            },
          ],
          "created_at": "2026-11-20T09:00:00Z",
          "id": "message_5c00be34efc6fba30361b4b47c4628ee",
          "role": "user",
        },
        {
          "content": [
            {
              "arguments": {
                "invoice": "INV-7",
              },
              "id": "call_ddf8cb20ab614595dfdac764",
              "name": "find_invoice",
              "type": "tool_call",
            },
            {
              "arguments": "{"id":",
              "id": "call_04ed24efcb0b0e1b64519649",
              "name": "find_customer",
              "type": "tool_call",
            },
          ],
          "created_at": "2026-11-20T09:00:01Z",
          "id": "message_915d34e69c31bf405feacbc70bbb5973",
          "phase": "commentary",
          "role": "agent",
          "thinking": "Look it up first.",
          "thinking_signature": "EuYBCkQYAiJAx6Qh",
        },
        {
          "content": [
            {
              "result": {
                "paid": true,
              },
              "tool_call_id": "call_ddf8cb20ab614595dfdac764",
              "type": "tool_result",
            },
          ],
          "created_at": "2026-11-20T09:00:02Z",
          "id": "message_7d35fc576da264fad3b82d7c62c369e9",
          "role": "tool_result",
        },
        {
          "content": [
            {
              "error": "no such id",
              "tool_call_id": "call_04ed24efcb0b0e1b64519649",
              "type": "tool_result",
            },
          ],
          "created_at": "2026-11-20T09:00:03Z",
          "id": "message_a7880767661abaa8c755e46d720a7fba",
          "role": "tool_result",
        },
        {
          "content": [
            {
              "text": "Yes.",
              "type": "text",
            },
          ],
          "created_at": "2026-11-20T09:00:04Z",
          "id": "message_9491f92d3a3043de8332af2be89a5192",
          "phase": "final_answer",
          "role": "agent",
        },
        {
          "content": [
            {
              "text": "Then refund it.",
              "type": "text",
            },
          ],
          "created_at": "2026-11-20T09:00:10Z",
          "id": "message_a70584fee3eafcbfa31d08f0586371a1",
          "role": "user",
        },
        {
          "content": [
            {
              "arguments": {
                "invoice": "INV-7",
              },
              "id": "call_8faee26e6c4f823f33c156d1",
              "name": "refund",
              "type": "tool_call",
            },
          ],
          "created_at": "2026-11-20T09:00:11Z",
          "id": "message_ebff309d1c388efa93e478535ebdfe83",
          "phase": "commentary",
          "role": "agent",
        },
      ],
    }
  `);
});

test('tells it again in events, which know what a turn has used', async () => {
  await using platform = await everruns();
  expect(await events(platform, '')).toEqual(allEvents);
  const { data } = await askJson<List<Event>>(platform.url, `${path}/events?types=turn.completed`);
  expect(data).toMatchInlineSnapshot(`
    [
      {
        "context": {
          "input_message_id": "message_5c00be34efc6fba30361b4b47c4628ee",
          "turn_id": "turn_18bdf459b795e72de013c37b12f2c357",
        },
        "data": {
          "duration_ms": 5000,
          "final_message_id": "message_9491f92d3a3043de8332af2be89a5192",
          "input_content": "Was INV-7 paid?",
          "iterations": 2,
          "turn_id": "turn_18bdf459b795e72de013c37b12f2c357",
          "usage": {
            "input_tokens": 100,
            "output_tokens": 11,
          },
        },
        "id": "event_3976af983451eca30db73262c19231f6",
        "sequence": 9,
        "session_id": "session_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "ts": "2026-11-20T09:00:05Z",
        "type": "turn.completed",
      },
    ]
  `);
  const whole = await askJson<List<Event>>(platform.url, `${path}/events?exclude=tool.started&exclude=tool.completed`);
  const sent = whole.data.flatMap(({ data: { message } }) => (message === undefined ? [] : [message]));
  const messages = await messagesOf(platform, id);
  expect(sent).toEqual(messages.filter(({ role }) => role !== 'tool_result'));
});

test('pages events by their sequence, and begins an older page with a turn', async () => {
  await using platform = await everruns();
  const all = await askJson<List<Event>>(platform.url, `${path}/events`);
  expect(await events(platform, 'types=turn.started&types=turn.completed')).toEqual([
    '2 turn.started',
    '9 turn.completed',
    '12 turn.started',
  ]);
  expect(await events(platform, 'limit=3')).toEqual(allEvents.slice(-3));
  expect(await events(platform, 'limit=3&order_desc=true')).toEqual(allEvents.slice(-3).toReversed());
  expect(await events(platform, 'limit=3&before_sequence=8')).toEqual(allEvents.slice(1, 7));
  expect(await events(platform, 'limit=3&after_sequence=2')).toEqual(allEvents.slice(2, 5));
  expect(await events(platform, `limit=2&since_id=${all.data[11]?.id}`)).toEqual(allEvents.slice(12));
  expect(await events(platform, 'limit=0')).toEqual(allEvents.slice(-1));
  const [counted, uncounted] = [
    await ask(platform.url, `${path}/events?limit=3&types=turn.started`),
    await ask(platform.url, `${path}/events`),
  ];
  expect(counted.headers['x-total-count']).toBe('14');
  expect(uncounted.headers['x-total-count']).toBeUndefined();
});

test('refuses what it cannot read, and has no session of another organization', async () => {
  await using platform = await everruns();
  const other = { headers: { 'X-Org-Id': 'org_00000000000000000000000000000002' } };
  const answers = await Promise.all([
    ask(platform.url, '/v1/sessions/nope/messages'),
    ask(platform.url, `/v1/sessions/session_${'b'.repeat(32)}/messages`),
    ask(platform.url, `${path}/messages`, other),
    ask(platform.url, `${path}/events`, other),
    ask(platform.url, `${path}/events?types=nonsense`),
    ask(platform.url, `${path}/events?limit=x`),
    ask(platform.url, `${path}/events?since_id=x`),
    ask(platform.url, `${path}/nothing`),
    ask(platform.url, `${path}/messages`, { method: 'DELETE' }),
  ]);
  expect(answers.map(told)).toEqual([
    `400 application/json {"error":"Invalid session ID: invalid prefix: expected 'session', got 'nope'"}`,
    '404 application/json {"error":"Session not found"}',
    '404 application/json {"error":"Session not found"}',
    '404 application/json {"error":"Session not found"}',
    `400 application/json {"error":"types: unknown event type 'nonsense'"}`,
    '400 text/plain; charset=utf-8 Failed to deserialize query string: invalid digit found in string',
    `400 text/plain; charset=utf-8 Failed to deserialize query string: invalid prefix: expected 'event', got 'x'`,
    '404 - ',
    '405 - ',
  ]);
});

test('previews a conversation as it is told, and ends it as the status says', async () => {
  await using platform = await startPlatform({ platform: 'everruns' });
  const ends = new Map<string, Set<string>>();
  let longest = 0;
  let thoughts = 0;
  for (let offset = 0; offset < 600; offset += 100) {
    const { data } = await askJson<List<Row>>(platform.url, `/v1/sessions?limit=100&offset=${offset}`);
    for (const row of data) {
      const messages = await messagesOf(platform, row.id);
      const said = (role: string) =>
        messages.filter((message) => message.role === role).flatMap(({ content }) => content.map(({ text }) => text));
      expect(said('user')[0], row.id).toBe(row.preview);
      expect(
        said('agent').findLast((text) => text !== undefined),
        row.id,
      ).toBe(row.output_preview);
      for (const { created_at } of messages) {
        expect(Date.parse(created_at) >= Date.parse(row.created_at), row.id).toBe(true);
        expect(Date.parse(created_at) <= Date.parse(row.updated_at), row.id).toBe(true);
      }
      const last = messages.at(-1);
      const end = last === undefined ? 'nothing' : `${last.role} ${last.content.at(-1)?.type}`;
      ends.set(row.status, (ends.get(row.status) ?? new Set()).add(end));
      longest = Math.max(longest, messages.length);
      thoughts += messages.filter(({ thinking }) => thinking !== undefined).length;
    }
  }
  expect([...ends].map(([status, seen]) => [status, [...seen].sort()] as const).sort()).toEqual([
    ['active', ['agent tool_call']],
    ['idle', ['agent image', 'agent text', 'nothing', 'tool_result tool_result']],
    ['migrating', ['agent text', 'tool_result tool_result']],
    ['paused', ['agent text', 'tool_result tool_result']],
    ['started', ['nothing']],
    ['waitingfortoolresults', ['agent tool_call']],
  ]);
  expect(longest).toBe(500);
  expect(thoughts).toBeGreaterThan(20);
});

test('uses in its turns what the session has used, where all are over', async () => {
  await using platform = await startPlatform({ platform: 'everruns', sessions: 100 });
  const { data } = await askJson<List<Row>>(platform.url, '/v1/sessions?limit=100');
  let compared = 0;
  for (const row of data.filter(({ status, output_preview }) => status === 'idle' && output_preview !== undefined)) {
    const answer = await askJson<List<Event>>(platform.url, `/v1/sessions/${row.id}/events?types=turn.completed`);
    const sums: Record<string, number> = {};
    for (const { data: turn } of answer.data) {
      for (const [name, count] of Object.entries(turn.usage ?? {})) sums[name] = (sums[name] ?? 0) + count;
    }
    expect(sums, row.id).toEqual(row.usage);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(20);
});

test('leaves all messages as they were when one is appended', async () => {
  await using platform = await startPlatform({ platform: 'everruns', sessions: 40 });
  for (const session of platform.sessionIds()) {
    const before = await messagesOf(platform, session);
    platform.appendMessage(session, { role: 'user', text: 'One more?' });
    platform.appendMessage(session, { role: 'assistant', text: 'Yes.' });
    platform.appendMessage(session, { role: 'assistant', text: 'And that is all.' });
    const after = await messagesOf(platform, session);
    expect(after.slice(0, before.length), session).toEqual(before);
    expect(after.slice(before.length).map(({ role }) => role)).toEqual(['user', 'agent', 'agent']);
  }
});
