import { expect, test } from 'vitest';
import { type PlatformOptions, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, askJson, told } from './ask.ts';
import { toldDialogue } from './told-dialogue.ts';

interface Item {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
}
interface Response {
  readonly id: string;
  readonly status: string;
  readonly created_at: number;
  readonly agent_session_id: string;
  readonly agent_reference: { readonly name: string };
  readonly conversation: { readonly id: string } | null;
  readonly previous_response_id: string | null;
  readonly output: readonly Item[];
}
interface List<T> {
  readonly object: string;
  readonly data: readonly T[];
  readonly first_id?: string;
  readonly last_id?: string;
  readonly has_more: boolean;
}

const createdAt = Date.UTC(2026, 10, 20, 9, 0, 0);

async function foundry(options: Partial<PlatformOptions> = {}): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'foundry', sessions: 0, agents: 2, ...options });
  const [agent = ''] = platform.agentIds();
  platform.addSession({ id: 'session-1', agent, user: 'alice', createdAt, dialogue: toldDialogue });
  return platform;
}

function list(platform: RunningPlatform, query: string): Promise<List<Response>> {
  return askJson<List<Response>>(platform.url, `/openai/v1/responses?${query}`);
}

async function allOf(platform: RunningPlatform, agent: string, limit: number): Promise<readonly Response[]> {
  const all: Response[] = [];
  for (let after = ''; ; ) {
    const page = await list(platform, `agent_name=${agent}&order=asc&limit=${limit}${after}`);
    all.push(...page.data);
    if (!page.has_more) return all;
    after = `&after=${page.last_id}`;
  }
}

test('lists responses with the session that they belong to', async () => {
  await using platform = await foundry();
  const [agent = ''] = platform.agentIds();
  const answer = await list(platform, `agent_name=${agent}&order=asc`);
  expect(answer).toMatchInlineSnapshot(`
    {
      "data": [
        {
          "agent_reference": {
            "name": "billing-assistant",
            "type": "agent_reference",
            "version": "5",
          },
          "agent_session_id": "session-1",
          "completed_at": 1795165209,
          "conversation": {
            "id": "conv_c7b480516a99f92b53e9f505c9cb61962d2a4f0e4619d997",
          },
          "created_at": 1795165200,
          "error": null,
          "id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
          "incomplete_details": null,
          "instructions": null,
          "metadata": {},
          "model": "gpt-4.1",
          "object": "response",
          "output": [
            {
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
              },
              "id": "rs_d5ef79f6db972b05bcb0388a73f9c4e6ef4377abc6e4b3ff",
              "summary": [
                {
                  "text": "Look it up first.",
                  "type": "summary_text",
                },
              ],
              "type": "reasoning",
            },
            {
              "arguments": "{"invoice":"INV-7"}",
              "call_id": "call_fde9b88d98520c004d7c3fb7",
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
              },
              "id": "fc_ded5218e5354595bca41c3172d0529dc1709ba5b565e972c",
              "name": "find_invoice",
              "status": "completed",
              "type": "function_call",
            },
            {
              "call_id": "call_fde9b88d98520c004d7c3fb7",
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
              },
              "id": "fco_ebd0f95a0befb872b35b1c046b5499833158ae69f264e703",
              "output": "{"paid":true}",
              "status": "completed",
              "type": "function_call_output",
            },
            {
              "arguments": "{"id":",
              "call_id": "call_bf9cca21dc31569315dfa440",
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
              },
              "id": "fc_107d2032d31312837d2200d76dcd3933956bc1af67418366",
              "name": "find_customer",
              "status": "completed",
              "type": "function_call",
            },
            {
              "call_id": "call_bf9cca21dc31569315dfa440",
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
              },
              "id": "fco_2787c41df219fb59f05712c8361537d53d0acebe37218fea",
              "output": "no such id",
              "status": "incomplete",
              "type": "function_call_output",
            },
            {
              "content": [
                {
                  "annotations": [],
                  "logprobs": [],
                  "text": "Yes.",
                  "type": "output_text",
                },
              ],
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
              },
              "id": "msg_10018fcb4ffe6f424b7e790da442367ced9d296d33f821ab",
              "role": "assistant",
              "status": "completed",
              "type": "message",
            },
          ],
          "parallel_tool_calls": true,
          "previous_response_id": null,
          "status": "completed",
          "usage": {
            "input_tokens": 100,
            "input_tokens_details": {
              "cached_tokens": 0,
            },
            "output_tokens": 11,
            "output_tokens_details": {
              "reasoning_tokens": 0,
            },
            "total_tokens": 111,
          },
        },
        {
          "agent_reference": {
            "name": "billing-assistant",
            "type": "agent_reference",
            "version": "5",
          },
          "agent_session_id": "session-1",
          "completed_at": 1795165213,
          "conversation": {
            "id": "conv_c7b480516a99f92b53e9f505c9cb61962d2a4f0e4619d997",
          },
          "created_at": 1795165210,
          "error": null,
          "id": "resp_7279812e9c792cf891dd793a860df4f48110906d09c0643e",
          "incomplete_details": null,
          "instructions": null,
          "metadata": {},
          "model": "gpt-4.1",
          "object": "response",
          "output": [
            {
              "arguments": "{"invoice":"INV-7"}",
              "created_by": {
                "agent": {
                  "name": "billing-assistant",
                  "type": "agent_id",
                  "version": "5",
                },
                "response_id": "resp_7279812e9c792cf891dd793a860df4f48110906d09c0643e",
              },
              "id": "mcpr_39356928fc9abdcb56da47db62a166913e7360c637852b70",
              "name": "refund",
              "server_label": "records",
              "type": "mcp_approval_request",
            },
          ],
          "parallel_tool_calls": true,
          "previous_response_id": null,
          "status": "completed",
          "usage": {
            "input_tokens": 3357,
            "input_tokens_details": {
              "cached_tokens": 0,
            },
            "output_tokens": 616,
            "output_tokens_details": {
              "reasoning_tokens": 0,
            },
            "total_tokens": 3973,
          },
        },
      ],
      "first_id": "resp_5c5e10ea1a7ae62e01c31e6bf99d1c8e481cd701434156b1",
      "has_more": false,
      "last_id": "resp_7279812e9c792cf891dd793a860df4f48110906d09c0643e",
      "object": "list",
    }
  `);
});

test('tells what was sent for a response, and one response alone', async () => {
  await using platform = await foundry();
  const [first] = (await list(platform, 'order=asc')).data;
  expect(await askJson(platform.url, `/openai/v1/responses/${first?.id}/input_items`)).toMatchInlineSnapshot(`
    {
      "data": [
        {
          "content": [
            {
              "text": "Was INV-7 paid?",
              "type": "input_text",
            },
            {
              "detail": "auto",
              "image_url": "https://files.example/scan.png",
              "type": "input_image",
            },
          ],
          "id": "msg_e17e0c006612f1e5ba423826ae5756f7b907d9b5f4c8b12b",
          "role": "user",
          "status": "completed",
          "type": "message",
        },
      ],
      "first_id": "msg_e17e0c006612f1e5ba423826ae5756f7b907d9b5f4c8b12b",
      "has_more": false,
      "last_id": "msg_e17e0c006612f1e5ba423826ae5756f7b907d9b5f4c8b12b",
      "object": "list",
    }
  `);
  expect(await askJson(platform.url, `/openai/v1/responses/${first?.id}?api-version=v1`)).toEqual(first);
});

test('pages responses both ways, newest first unless it is told otherwise', async () => {
  await using platform = await foundry();
  const [agent = ''] = platform.agentIds();
  const dialogue = [{ question: 'a' }, { question: 'b' }, { question: 'c' }];
  platform.addSession({ id: 'session-2', agent, user: 'bob', createdAt: createdAt + 60_000, dialogue });
  const all = await allOf(platform, agent, 100);
  expect(all.map(({ agent_session_id }) => agent_session_id.at(-1)).join('')).toBe('11222');
  const ids = all.map(({ id }) => id);
  for (const limit of [1, 2, 3]) expect((await allOf(platform, agent, limit)).map(({ id }) => id)).toEqual(ids);
  const newest = await list(platform, 'limit=2');
  expect([newest.object, newest.first_id, newest.last_id, newest.has_more]).toEqual(['list', ids[4], ids[3], true]);
  const next = await list(platform, `limit=20&after=${ids[3]}`);
  expect([next.data.map(({ id }) => id), next.has_more]).toEqual([[ids[2], ids[1], ids[0]], false]);
  const before = await list(platform, `limit=1&before=${ids[2]}`);
  expect(before.data.map(({ id }) => id)).toEqual([ids[3]]);
  const bobs = await askJson<List<Response>>(platform.url, '/openai/v1/responses', {
    headers: { 'x-ms-user-identity': 'bob' },
  });
  expect(bobs.data.map(({ id }) => id)).toEqual([ids[4], ids[3], ids[2]]);
  expect((await list(platform, 'agent_name=nobody')).data).toEqual([]);
});

test('tells a conversation item by item', async () => {
  await using platform = await startPlatform({ platform: 'foundry', sessions: 40 });
  const [agent = ''] = platform.agentIds();
  const expected = new Map<string, Item[]>();
  for (const { id, conversation, output } of await allOf(platform, agent, 100)) {
    if (conversation === null) continue;
    const input = await askJson<List<Item>>(platform.url, `/openai/v1/responses/${id}/input_items`);
    const items = expected.get(conversation.id) ?? [];
    expected.set(conversation.id, [...items, ...input.data, ...output]);
  }
  expect(expected.size).toBeGreaterThan(5);
  for (const [id, items] of expected) {
    const path = `/openai/v1/conversations/${id}/items?limit=100`;
    const [oldest, newest] = await Promise.all(
      ['asc', 'desc'].map((order) => askJson<List<Item>>(platform.url, `${path}&order=${order}`)),
    );
    expect(oldest?.data, id).toEqual(items.slice(0, 100));
    expect(newest?.data, id).toEqual(items.slice(-100).toReversed());
  }
});

test('needs no api-version, and says what is wrong', async () => {
  await using platform = await foundry({ credential: 'secret' });
  const headers = { authorization: 'Bearer secret' };
  const [first] = (await askJson<List<Response>>(platform.url, '/openai/v1/responses?order=asc', { headers })).data;
  const answers = await Promise.all([
    ask(platform.url, '/openai/v1/responses'),
    ask(platform.url, '/openai/v1/responses?api-version=nope', { headers }),
    ask(platform.url, '/openai/v1/responses?limit=101', { headers }),
    ask(platform.url, '/openai/v1/responses?after=nope', { headers }),
    ask(platform.url, '/openai/v1/responses', { headers, method: 'POST' }),
  ]);
  expect(answers.map((answer) => told(answer).replace(/\[Request ID: \w+\]|"request_id":"\w+"/g, '…'))).toEqual([
    '401 application/json {"error":{"code":"Unauthorized","message":"Access denied due to a missing or invalid token."}}',
    `400 application/json {"error":{"code":"invalid_request_error","message":"API version 'nope' is not supported.","param":"api-version","type":"invalid_request_error"}}`,
    `400 application/json {"error":{"code":"invalid_request_error","message":"Invalid value '101' for limit: it must be an integer between 1 and 100.","param":"limit","type":"invalid_request_error"}}`,
    `400 application/json {"error":{"code":"invalid_request_error","message":"No object with id 'nope' was found.","param":"after","type":"invalid_request_error"}}`,
    '405 application/json {"error":{"code":"MethodNotAllowed","message":"This sandbox is read-only. …","type":"invalid_request_error","details":[],"additionalInfo":{…}}}',
  ]);
  const bob = { ...headers, 'x-ms-user-identity': 'bob' };
  const statuses = await Promise.all(
    [
      `responses/${first?.id}`,
      `responses/${first?.id}/input_items`,
      `conversations/${first?.conversation?.id}/items`,
      'responses/nope',
      'conversations/nope/items',
      'responses/nope/output_items',
      'models',
    ].map(async (path) => (await ask(platform.url, `/openai/v1/${path}`, { headers: bob })).status),
  );
  expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 404]);
});

test('shows every kind of item and of end, within the life of its session', async () => {
  await using platform = await startPlatform({ platform: 'foundry' });
  const types = new Set<string>();
  const statuses = new Set<string>();
  const counts = new Map<string, number>();
  for (const agent of platform.agentIds()) {
    for (const response of await allOf(platform, agent, 100)) {
      expect(response.agent_reference.name).toBe(agent);
      for (const { type } of response.output) types.add(type);
      statuses.add(response.status);
      const key = `${agent}/${response.agent_session_id}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  expect([...types].sort()).toEqual([
    'function_call',
    'function_call_output',
    'mcp_approval_request',
    'mcp_approval_response',
    'message',
    'reasoning',
    'web_search_call',
  ]);
  expect([...statuses].sort()).toEqual(['cancelled', 'completed', 'failed', 'in_progress']);
  expect(Math.max(...counts.values())).toBe(250);
});

test('leaves all responses as they were when a message is appended', async () => {
  await using platform = await foundry();
  const before = (await list(platform, 'order=asc')).data;
  platform.appendMessage('session-1', { role: 'user', text: 'One more?' });
  platform.appendMessage('session-1', { role: 'assistant', text: 'Yes.' });
  platform.appendMessage('session-1', { role: 'assistant', text: 'And that is all.' });
  const after = (await list(platform, 'order=asc')).data;
  expect(after.slice(0, 2)).toEqual(before);
  expect(after.slice(2).map(({ output }) => output.length)).toEqual([1, 1]);
});
