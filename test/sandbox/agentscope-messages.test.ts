import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';
import { toldDialogue } from './told-dialogue.ts';

interface Block {
  readonly type: string;
  readonly state?: string;
}
interface Message {
  readonly id: string;
  readonly role: string;
  readonly content: readonly Block[];
  readonly created_at: string;
  readonly finished_at: string | null;
}
interface Messages {
  readonly messages: readonly Message[];
  readonly event_cursor?: string | null;
  readonly is_running: boolean;
  readonly has_more?: boolean;
}
interface Row {
  readonly id: string;
  readonly user_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly state: { readonly context: readonly Message[]; readonly summary: unknown };
}
type Listed = Row | { readonly session: Row; readonly status?: string; readonly is_running: boolean };

const ALICE = { headers: { 'X-User-ID': 'alice' } };
const BOB = { headers: { 'X-User-ID': 'bob' } };
const createdAt = Date.UTC(2026, 10, 20, 9, 0, 0);

async function agentscope(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'agentscope', sessions: 0, agents: 1, ...options });
  platform.addSession({ id: 's', createdAt, title: 'Paid?', status: 'awaiting_permission', dialogue: toldDialogue });
  return platform;
}

async function numbered(dialect: string, questions: number): Promise<RunningPlatform> {
  const platform = await agentscope({ dialect });
  const dialogue = Array.from({ length: questions }, (_, index) => ({ question: `m${index}` }));
  platform.addSession({ id: 'n', createdAt, dialogue });
  return platform;
}

async function page(platform: RunningPlatform, query: string): Promise<string> {
  const { messages, is_running, ...rest } = await askJson<Messages>(
    platform.url,
    `/sessions/n/messages?agent_id=any&${query}`,
    ALICE,
  );
  const texts = messages.map(({ content }) => (content[0] as unknown as { readonly text: string }).text);
  return `${texts.join(' ')} ${JSON.stringify(rest)}`;
}

test.each(['2.0.0', '2.0.1'])('pages forwards from an offset on %s', async (dialect) => {
  await using platform = await numbered(dialect, 5);
  expect(await page(platform, 'limit=2')).toBe('m0 m1 {}');
  expect(await page(platform, 'limit=2&offset=3')).toBe('m3 m4 {}');
  expect(await page(platform, 'limit=2&offset=9')).toBe(' {}');
  expect(await page(platform, 'limit=2&before=x')).toBe('m0 m1 {}');
  const bad = await ask(platform.url, '/sessions/n/messages?agent_id=any&offset=-1&limit=0', ALICE);
  expect(told(bad)).toBe(
    '422 application/json {"detail":[{"type":"greater_than_equal","loc":["query","offset"],"msg":"Input should be greater than or equal to 0","input":"-1","ctx":{"ge":0}},{"type":"greater_than_equal","loc":["query","limit"],"msg":"Input should be greater than or equal to 1","input":"0","ctx":{"ge":1}}]}',
  );
});

test.each([
  ['2.0.6', '{"has_more":true}', '{"has_more":false}'],
  ['2.0.10', '{"event_cursor":null,"has_more":true}', '{"event_cursor":null,"has_more":false}'],
])('pages backwards from a message on %s', async (dialect, more, over) => {
  await using platform = await numbered(dialect, 5);
  const { messages } = await askJson<Messages>(platform.url, '/sessions/n/messages?agent_id=any', ALICE);
  const ids = messages.map(({ id }) => id);
  expect(await page(platform, 'limit=2')).toBe(`m3 m4 ${more}`);
  expect(await page(platform, `limit=2&before=${ids[3]}`)).toBe(`m1 m2 ${more}`);
  expect(await page(platform, `limit=2&before=${ids[1]}`)).toBe(`m0 ${over}`);
  expect(await page(platform, `limit=2&before=${ids[0]}`)).toBe(` ${over}`);
  expect(await page(platform, 'limit=2&before=unknown')).toBe(` ${over}`);
  // It is ignored, whatever it is.
  expect(await page(platform, 'limit=2&offset=-1')).toBe(`m3 m4 ${more}`);
  expect(await page(platform, 'limit=5')).toBe(`m0 m1 m2 m3 m4 ${over}`);
});

test('refuses a limit above 200 and a missing agent, hides the sessions of others, and asks no agent', async () => {
  await using platform = await agentscope();
  const answers = await Promise.all([
    ask(platform.url, '/sessions/s/messages?agent_id=a&limit=201', ALICE),
    ask(platform.url, '/sessions/s/messages?limit=2', ALICE),
    ask(platform.url, '/sessions/s/messages?agent_id=a'),
    ask(platform.url, '/sessions/s/messages?agent_id=a', BOB),
    ask(platform.url, '/sessions/unknown/messages?agent_id=a', ALICE),
    ask(platform.url, '/sessions/s/messages/m?agent_id=a', ALICE),
    ask(platform.url, '/sessions/s/messages?agent_id=a', { ...ALICE, method: 'POST' }),
  ]);
  expect(answers.map(told)).toEqual([
    '422 application/json {"detail":[{"type":"less_than_equal","loc":["query","limit"],"msg":"Input should be less than or equal to 200","input":"201","ctx":{"le":200}}]}',
    '422 application/json {"detail":[{"type":"missing","loc":["query","agent_id"],"msg":"Field required","input":null}]}',
    '422 application/json {"detail":[{"type":"missing","loc":["header","x-user-id"],"msg":"Field required","input":null}]}',
    `404 application/json {"detail":"Session 's' not found."}`,
    `404 application/json {"detail":"Session 'unknown' not found."}`,
    '404 application/json {"detail":"Not Found"}',
    '405 application/json {"detail":"Method Not Allowed"}',
  ]);
  const slash = await ask(platform.url, '/sessions/s/messages/?agent_id=a', ALICE);
  expect([slash.status, slash.headers.location]).toEqual([307, `${platform.url}/sessions/s/messages?agent_id=a`]);
  const wrong = await askJson<Messages>(platform.url, '/sessions/s/messages?agent_id=other', ALICE);
  expect(wrong.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
});

test('tells a reply as one message, with the fields of 2.0.0', async () => {
  await using platform = await agentscope({ dialect: '2.0.0' });
  expect(await askJson<Messages>(platform.url, '/sessions/s/messages?agent_id=a', ALICE)).toMatchInlineSnapshot(`
    {
      "is_running": false,
      "messages": [
        {
          "content": [
            {
              "id": "e1bfe21fcf38abfc44c58e97ca7d9763",
              "text": "Was INV-7 paid?",
              "type": "text",
            },
            {
              "id": "4d43436c546568300b2f811152c9b835",
              "name": null,
              "source": {
                "media_type": "image/png",
                "type": "url",
                "url": "https://files.example/scan.png",
              },
              "type": "data",
            },
          ],
          "created_at": "2026-11-20T09:00:00",
          "finished_at": null,
          "id": "4b5c7c9feb4e030c78acdcb226730b20",
          "metadata": {},
          "name": "user",
          "role": "user",
          "usage": null,
        },
        {
          "content": [
            {
              "id": "2ca2ab959f539a79ce50143837ab69cf",
              "thinking": "Look it up first.",
              "type": "thinking",
            },
            {
              "id": "call_f7f2cb54381547f08aadc51d",
              "input": "{"invoice":"INV-7"}",
              "name": "find_invoice",
              "state": "finished",
              "suggested_rules": [],
              "type": "tool_call",
            },
            {
              "id": "call_f7f2cb54381547f08aadc51d",
              "name": "find_invoice",
              "output": [
                {
                  "id": "0aac6b51a90ba79c8397faabc41f7045",
                  "text": "{"paid":true}",
                  "type": "text",
                },
              ],
              "state": "success",
              "type": "tool_result",
            },
            {
              "id": "call_960d85da142e4ee7bc45320a",
              "input": "{"id":",
              "name": "find_customer",
              "state": "finished",
              "suggested_rules": [],
              "type": "tool_call",
            },
            {
              "id": "call_960d85da142e4ee7bc45320a",
              "name": "find_customer",
              "output": [
                {
                  "id": "074d1cc7f486b79bc7eaa81afbf36d8e",
                  "text": "no such id",
                  "type": "text",
                },
              ],
              "state": "error",
              "type": "tool_result",
            },
            {
              "id": "3fc256046e299625151343b684399f4f",
              "text": "Yes.",
              "type": "text",
            },
          ],
          "created_at": "2026-11-20T09:00:01",
          "finished_at": "2026-11-20T09:00:05",
          "id": "122f06cec1083f71b4a926f91e6e0b41",
          "metadata": {},
          "name": "Onboarding Guide",
          "role": "assistant",
          "usage": {
            "input_tokens": 100,
            "output_tokens": 11,
          },
        },
        {
          "content": [
            {
              "id": "80b74cae3cc98f90831718605b64e437",
              "text": "Then refund it.",
              "type": "text",
            },
          ],
          "created_at": "2026-11-20T09:00:10",
          "finished_at": null,
          "id": "449c19b42698a9bd85d102c387913a32",
          "metadata": {},
          "name": "user",
          "role": "user",
          "usage": null,
        },
        {
          "content": [
            {
              "id": "call_fa0485d5b6125b9cd61f4d7e",
              "input": "{"invoice":"INV-7"}",
              "name": "refund",
              "state": "asking",
              "suggested_rules": [
                {
                  "behavior": "allow",
                  "rule_content": null,
                  "source": "suggested",
                  "tool_name": "refund",
                },
              ],
              "type": "tool_call",
            },
          ],
          "created_at": "2026-11-20T09:00:11",
          "finished_at": null,
          "id": "9fc72bcf5915f7e651fa2b8504f5795d",
          "metadata": {},
          "name": "Onboarding Guide",
          "role": "assistant",
          "usage": null,
        },
      ],
    }
  `);
});

test('tells a reply as one message, with the fields of 2.0.10', async () => {
  await using platform = await agentscope({ dialect: '2.0.10' });
  const answer = await askJson<Messages>(platform.url, '/sessions/s/messages?agent_id=a&limit=1', ALICE);
  expect(answer).toMatchInlineSnapshot(`
    {
      "event_cursor": null,
      "has_more": true,
      "is_running": false,
      "messages": [
        {
          "content": [
            {
              "created_at": "2026-11-20T09:00:11",
              "finished_at": null,
              "id": "call_fa0485d5b6125b9cd61f4d7e",
              "input": "{"invoice":"INV-7"}",
              "name": "refund",
              "state": "asking",
              "suggested_rules": [
                {
                  "behavior": "allow",
                  "rule_content": null,
                  "source": "suggested",
                  "tool_name": "refund",
                },
              ],
              "type": "tool_call",
            },
          ],
          "created_at": "2026-11-20T09:00:11",
          "error": null,
          "finished_at": null,
          "finished_reason": null,
          "id": "9fc72bcf5915f7e651fa2b8504f5795d",
          "metadata": {},
          "name": "Onboarding Guide",
          "role": "assistant",
          "structured_output": null,
          "usage": null,
        },
      ],
    }
  `);
});

test.each(['2.0.0', '2.0.1'])('holds the end of the same messages in the state of a row on %s', async (dialect) => {
  await using platform = await startPlatform({ platform: 'agentscope', dialect, users: ['alice'] });
  let summarised = 0;
  let compared = 0;
  for (const agent of platform.agentIds()) {
    const { sessions } = await askJson<{ readonly sessions: readonly Listed[] }>(
      platform.url,
      `/sessions/?agent_id=${agent}`,
      ALICE,
    );
    for (const listed of sessions) {
      const row = 'session' in listed ? listed.session : listed;
      const messages: Message[] = [];
      for (let offset = 0; offset === messages.length; offset += 200) {
        const path = `/sessions/${row.id}/messages?agent_id=${agent}&limit=200&offset=${offset}`;
        messages.push(...(await askJson<Messages>(platform.url, path, ALICE)).messages);
      }
      const { context, summary } = row.state;
      expect(context, row.id).toEqual(messages.slice(messages.length - context.length));
      expect(context.length < messages.length, row.id).toBe(summary !== '');
      summarised += summary === '' ? 0 : 1;
      compared += context.length;
    }
  }
  expect(summarised).toBeGreaterThan(5);
  expect(compared).toBeGreaterThan(200);
});

test('ends a conversation as the status of its session says, within the life of the session', async () => {
  await using platform = await startPlatform({ platform: 'agentscope', dialect: '2.0.10', users: ['alice'] });
  const ends = new Map<string, Set<string>>();
  const types = new Set<string>();
  let longest = 0;
  for (const agent of platform.agentIds()) {
    const { sessions } = await askJson<{
      readonly sessions: readonly { readonly session: Row; readonly status: string; readonly is_running: boolean }[];
    }>(platform.url, `/sessions/?agent_id=${agent}`, ALICE);
    for (const { session, status, is_running } of sessions) {
      const path = `/sessions/${session.id}/messages?agent_id=${agent}&limit=200`;
      const answer = await askJson<Messages>(platform.url, path, ALICE);
      const { messages } = answer;
      expect([answer.is_running, answer.event_cursor]).toEqual([is_running, is_running ? '3-0' : null]);
      for (const { content } of messages) for (const { type } of content) types.add(type);
      for (const { created_at, finished_at } of messages) {
        expect(created_at >= session.created_at, session.id).toBe(true);
        if (session.updated_at > session.created_at)
          expect((finished_at ?? created_at) <= session.updated_at).toBe(true);
      }
      if (answer.has_more) longest += messages.length;
      const last = messages.at(-1)?.content.at(-1);
      const end = last === undefined ? 'nothing' : `${last.type} ${last.state ?? ''}`.trim();
      ends.set(status, (ends.get(status) ?? new Set()).add(end));
    }
  }
  const sorted = [...ends].map(([status, seen]) => [status, [...seen].sort()] as const).sort();
  expect(sorted).toEqual([
    ['awaiting_external_result', ['tool_call submitted']],
    ['awaiting_permission', ['tool_call asking']],
    ['idle', ['data', 'nothing', 'text']],
    ['running', ['tool_result running']],
  ]);
  expect([...types].sort()).toEqual(['data', 'hint', 'text', 'thinking', 'tool_call', 'tool_result']);
  expect(longest).toBe(200);
});

test('sends what no version is known to send as it is told', async () => {
  await using platform = await agentscope();
  platform.addSession({ id: 'n', dialogue: [{ steps: [{ kind: 'other', wire: { type: 'hologram', depth: 3 } }] }] });
  const { messages } = await askJson<Messages>(platform.url, '/sessions/n/messages?agent_id=a', ALICE);
  expect(messages.map(({ content }) => content)).toEqual([[{ type: 'hologram', depth: 3 }]]);
});

test('leaves all messages as they were when one is appended', async () => {
  await using platform = await startPlatform({ platform: 'agentscope', sessions: 40, users: ['alice'] });
  for (const id of platform.sessionIds()) {
    const read = async (): Promise<readonly Message[]> =>
      (await askJson<Messages>(platform.url, `/sessions/${id}/messages?agent_id=a&limit=200`, ALICE)).messages;
    const before = await read();
    if (before.length > 190) continue;
    platform.appendMessage(id, { role: 'user', text: 'One more?' });
    platform.appendMessage(id, { role: 'assistant', text: 'Yes.' });
    platform.appendMessage(id, { role: 'assistant', text: 'And that is all.' });
    const after = await read();
    expect(after.slice(0, before.length), id).toEqual(before);
    expect(after.slice(before.length).map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant']);
  }
});
