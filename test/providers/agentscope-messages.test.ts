import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sendJson, startServer } from '../http/server.ts';
import { open, unshared } from '../server/ask.ts';

/** What the graph makes of an answer of a real server. */
async function told(capture: string, argumentsText: string) {
  const answer: unknown = JSON.parse(readFileSync(join(import.meta.dirname, 'captures', `${capture}.json`), 'utf8'));
  const server = await startServer((request, response) => {
    const isList = request.url?.startsWith('/sessions/?') === true;
    sendJson(response, isList ? { sessions: [{ id: 'talk', state: {} }], total: 1 } : answer);
  });
  const source = { id: 'scope', provider: 'agentscope', url: server.url, user: { constant: 'alice' } };
  const asked = open({ server: unshared, sources: [source] });
  onTestFinished(() => asked.app.close());
  const id = Buffer.from('session:scope/helper/talk').toString('base64url');
  const { json } = await asked.ask({
    query: `{ session(id: "${id}") { messages(${argumentsText}) {
      pageInfo { hasNextPage hasPreviousPage }
      nodes {
        nativeId turnId role name status createdAt finishedAt usage { inputTokens outputTokens } error { code message } text
        parts { __typename ... on ToolCallPart { toolCallId arguments state result { text output isError } } }
      }
    } } }`,
  });
  return { json, requests: server.requests.slice(1) };
}

const query = '/sessions/talk/messages?agent_id=helper';

/** A question and its answer, as they were written into the storage of the server. */
function dialogue(number: number, ids: readonly [string, string], second: number, tokens: number) {
  const at = (seconds: number, fraction: string) => `2026-11-02T10:00:${String(seconds).padStart(2, '0')}.${fraction}Z`;
  return [
    {
      nativeId: ids[0],
      turnId: null,
      role: 'USER',
      name: 'u',
      status: 'COMPLETED',
      createdAt: at(second, '123456'),
      finishedAt: at(second, '999999'),
      usage: null,
      error: null,
      text: `text ${number} ü`,
      parts: [{ __typename: 'TextPart' }],
    },
    {
      nativeId: ids[1],
      turnId: ids[1],
      role: 'ASSISTANT',
      name: 'bot',
      status: 'COMPLETED',
      createdAt: at(second + 1, '123456'),
      finishedAt: at(second + 1, '999999'),
      usage: { inputTokens: tokens, outputTokens: 5 },
      error: null,
      text: `text ${number + 1} ü`,
      parts: [
        { __typename: 'TextPart' },
        {
          __typename: 'ToolCallPart',
          toolCallId: `tc-${number + 1}`,
          arguments: { x: 1 },
          state: 'SUCCEEDED',
          result: { text: '42', output: null, isError: false },
        },
      ],
    },
  ];
}

test('2.0.0 pages forward, and two messages are all there are', async () => {
  const { json, requests } = await told('agentscope-2.0.0-messages', 'first: 20');
  expect(json).toEqual({
    data: {
      session: {
        messages: {
          pageInfo: { hasNextPage: false, hasPreviousPage: false },
          nodes: dialogue(0, ['msg-000', 'msg-001'], 0, 11),
        },
      },
    },
  });
  expect(requests).toEqual([`GET ${query}&limit=200`]);
});

test('2.0.10 pages back, and two messages are the last of more', async () => {
  const { json, requests } = await told('agentscope-2.0.10-messages', 'last: 2');
  expect(json).toEqual({
    data: {
      session: {
        messages: {
          pageInfo: { hasNextPage: false, hasPreviousPage: true },
          nodes: dialogue(58, ['msg-118', 'msg-119'], 58, 69),
        },
      },
    },
  });
  expect(requests).toEqual([`GET ${query}&limit=200`]);
});

test('2.0.10 pages back, and a reply of it that failed says why', async () => {
  const { json, requests } = await told('agentscope-2.0.10-failed-reply', 'last: 20');
  expect(json).toEqual({
    data: {
      session: {
        messages: {
          pageInfo: { hasNextPage: false, hasPreviousPage: false },
          nodes: [
            {
              nativeId: 'd6c0e402f38246b1ac256513d8ef7844',
              turnId: 'd6c0e402f38246b1ac256513d8ef7844',
              role: 'ASSISTANT',
              name: 'alice-agent-3',
              status: 'FAILED',
              createdAt: '2026-11-21T11:54:14.456691Z',
              finishedAt: '2026-11-21T11:54:14.456669Z',
              usage: null,
              error: { code: 'invalid_request', message: 'The request to the model was rejected as invalid.' },
              text: '',
              parts: [],
            },
          ],
        },
      },
    },
  });
  expect(requests).toEqual([`GET ${query}&limit=200`]);
});
