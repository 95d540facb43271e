import { expect, onTestFinished, test } from 'vitest';
import { sendJson, sendStatus, startServer, type TestServer } from '../http/server.ts';
import { type Asked, open, unshared } from '../server/ask.ts';

const sessionId = `session_${'1'.repeat(32)}`;
const messageId = (number: number) => `message_${String(number).padStart(32, '0')}`;
const globalId = (kind: string, key: string) => Buffer.from(`${kind}:ever/${key}`).toString('base64url');
const at = (second: number) => `2026-03-01T09:00:0${second}.25Z`;

const dialogue = [
  { id: messageId(1), role: 'system', content: [{ type: 'text', text: 'Be brief.' }], created_at: at(0) },
  {
    id: messageId(2),
    role: 'user',
    content: [
      { type: 'text', text: 'What is on' },
      { type: 'text', text: 'this picture?' },
      { type: 'image', base64: 'aGVsbG8=', media_type: 'image/png' },
      { type: 'image', url: 'data:image/gif;base64,aGk=' },
      { type: 'image_file', image_id: 'img_1', filename: 'cat.png' },
    ],
    created_at: at(1),
  },
  {
    id: messageId(3),
    role: 'agent',
    thinking: 'I should look.',
    content: [
      { type: 'tool_call', id: 'call_1', name: 'look', arguments: { deep: true, big: 9007199254740993n } },
      { type: 'tool_call', id: 'call_2', name: 'ask', arguments: {} },
      { type: 'hologram', shape: 'cat' },
    ],
    created_at: at(2),
  },
  {
    id: messageId(4),
    role: 'tool_result',
    content: [{ type: 'tool_result', tool_call_id: 'call_1', result: { animal: 'cat' } }],
    created_at: at(3),
  },
  {
    id: messageId(5),
    role: 'tool_result',
    content: [{ type: 'tool_result', tool_call_id: 'call_2', error: 'Nobody answered.' }],
    created_at: at(4),
  },
  { id: messageId(6), role: 'agent', content: [{ type: 'text', text: 'A cat.' }], created_at: at(5) },
  { id: messageId(7), role: 'prophet', content: 'Soon a dog.', created_at: at(6) },
];

/** Big numbers are written as digits, which JSON.stringify cannot. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `#${each}#` : each)).replaceAll(
    /"#(\d+)#"/g,
    '$1',
  );
}

interface Platform {
  readonly status?: string;
  readonly messages?: readonly unknown[];
  readonly sessionGone?: boolean;
  readonly limits?: Readonly<Record<string, number>>;
}

async function start(platform: Platform = {}): Promise<{ readonly server: TestServer; readonly asked: Asked }> {
  const { status = 'idle', messages = dialogue, sessionGone = false, limits = {} } = platform;
  const session = { id: sessionId, status, created_at: at(0), updated_at: at(6), tags: [] };
  const server = await startServer((request, response) => {
    switch (request.url?.split('?')[0]) {
      case '/v1/sessions':
        return sendJson(response, { data: [session], total: 1, offset: 0, limit: 100 });
      case `/v1/sessions/${sessionId}`:
        return sendJson(response, session);
      case `/v1/sessions/${sessionId}/messages`:
        if (sessionGone) return sendStatus(response, 404);
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(toJson({ data: messages }));
      default:
        return sendStatus(response, 404);
    }
  });
  const source = { id: 'ever', provider: 'everruns', url: server.url, limits };
  const asked = open({ server: unshared, sources: [source] });
  onTestFinished(() => asked.app.close());
  return { server, asked };
}

const everything = `
  fragment Result on ToolResultPart { nativeType toolCallId name text output isError }
  fragment Everything on Message {
    nativeId turnId parentTurnId role nativeRole name status createdAt finishedAt model usage { inputTokens } error { message } text
    parts {
      __typename nativeType
      ... on TextPart { said: text }
      ... on ReasoningPart { thought: text redacted }
      ... on ToolCallPart { toolCallId name arguments argumentsText state result { ...Result } }
      ... on ToolResultPart { ...Result }
      ... on FilePart { modality mediaType filename url fileId byteLength base64 }
      ... on OtherPart { data }
    }
  }`;

test('a conversation is told in the words of the graph, and asked for once', async () => {
  const { server, asked } = await start();
  const query = `query ($id: ID!) { session(id: $id) { messages(first: 20) {
    nodes { ...Everything } totalCount pageInfo { hasNextPage hasPreviousPage } outcome { status scanned error { code } }
  } } } ${everything}`;
  const { json } = await asked.ask({ query, variables: { id: globalId('session', sessionId) } });
  const plain = { turnId: null, parentTurnId: null, name: null, status: 'COMPLETED', finishedAt: null, model: null };
  const none = { ...plain, usage: null, error: null };
  const cat = {
    nativeType: 'tool_result',
    toolCallId: 'call_1',
    name: null,
    text: '{"animal":"cat"}',
    output: { animal: 'cat' },
    isError: false,
  };
  const nobody = {
    nativeType: 'tool_result',
    toolCallId: 'call_2',
    name: null,
    text: 'Nobody answered.',
    output: null,
    isError: true,
  };
  const file = { __typename: 'FilePart', modality: 'IMAGE', filename: null, url: null, fileId: null };
  expect(json).toEqual({
    data: {
      session: {
        messages: {
          totalCount: 7,
          pageInfo: { hasNextPage: false, hasPreviousPage: false },
          outcome: { status: 'COMPLETE', scanned: 7, error: null },
          nodes: [
            {
              ...none,
              nativeId: messageId(1),
              role: 'SYSTEM',
              nativeRole: 'system',
              createdAt: '2026-03-01T09:00:00.25Z',
              text: 'Be brief.',
              parts: [{ __typename: 'TextPart', nativeType: 'text', said: 'Be brief.' }],
            },
            {
              ...none,
              nativeId: messageId(2),
              role: 'USER',
              nativeRole: 'user',
              createdAt: '2026-03-01T09:00:01.25Z',
              text: 'What is on\nthis picture?',
              parts: [
                { __typename: 'TextPart', nativeType: 'text', said: 'What is on' },
                { __typename: 'TextPart', nativeType: 'text', said: 'this picture?' },
                { ...file, nativeType: 'image', mediaType: 'image/png', byteLength: 5, base64: 'aGVsbG8=' },
                { ...file, nativeType: 'image', mediaType: 'image/gif', byteLength: 2, base64: 'aGk=' },
                {
                  ...file,
                  nativeType: 'image_file',
                  mediaType: null,
                  filename: 'cat.png',
                  fileId: 'img_1',
                  byteLength: null,
                  base64: null,
                },
              ],
            },
            {
              ...none,
              nativeId: messageId(3),
              role: 'ASSISTANT',
              nativeRole: 'agent',
              createdAt: '2026-03-01T09:00:02.25Z',
              text: '',
              parts: [
                { __typename: 'ReasoningPart', nativeType: 'thinking', thought: 'I should look.', redacted: false },
                {
                  __typename: 'ToolCallPart',
                  nativeType: 'tool_call',
                  toolCallId: 'call_1',
                  name: 'look',
                  arguments: { deep: true, big: '9007199254740993' },
                  argumentsText: null,
                  state: 'SUCCEEDED',
                  result: { ...cat, name: 'look' },
                },
                {
                  __typename: 'ToolCallPart',
                  nativeType: 'tool_call',
                  toolCallId: 'call_2',
                  name: 'ask',
                  arguments: {},
                  argumentsText: null,
                  state: 'FAILED',
                  result: { ...nobody, name: 'ask' },
                },
                { __typename: 'OtherPart', nativeType: 'hologram', data: { type: 'hologram', shape: 'cat' } },
              ],
            },
            {
              ...none,
              nativeId: messageId(4),
              role: 'TOOL',
              nativeRole: 'tool_result',
              createdAt: '2026-03-01T09:00:03.25Z',
              text: '',
              parts: [{ __typename: 'ToolResultPart', ...cat }],
            },
            {
              ...none,
              nativeId: messageId(5),
              role: 'TOOL',
              nativeRole: 'tool_result',
              createdAt: '2026-03-01T09:00:04.25Z',
              text: '',
              parts: [{ __typename: 'ToolResultPart', ...nobody }],
            },
            {
              ...none,
              nativeId: messageId(6),
              role: 'ASSISTANT',
              nativeRole: 'agent',
              createdAt: '2026-03-01T09:00:05.25Z',
              text: 'A cat.',
              parts: [{ __typename: 'TextPart', nativeType: 'text', said: 'A cat.' }],
            },
            {
              ...none,
              nativeId: messageId(7),
              role: 'UNKNOWN',
              nativeRole: 'prophet',
              createdAt: '2026-03-01T09:00:06.25Z',
              text: 'Soon a dog.',
              parts: [{ __typename: 'TextPart', nativeType: null, said: 'Soon a dog.' }],
            },
          ],
        },
      },
    },
  });
  expect(server.requests).toEqual([`GET /v1/sessions/${sessionId}`, `GET /v1/sessions/${sessionId}/messages`]);
});

test('content that is no list, and errors that are no text, are neither lost nor failures', async () => {
  const error = { code: 'ENOENT', detail: 'No such file.' };
  const { asked } = await start({
    messages: [
      { id: messageId(1), role: 'agent', content: { type: 'text', text: 'Alone.' } },
      { id: messageId(2), role: 'agent', content: 7 },
      { id: messageId(3), role: 'agent', content: [{ type: 'tool_call', id: 'call_1', name: 'read', arguments: '{' }] },
      { id: messageId(4), role: 'tool_result', content: [{ type: 'tool_result', tool_call_id: 'call_1', error }] },
    ],
  });
  const query = page(
    'first: 9',
    `nodes { text parts { ... on OtherPart { data } ... on ToolCallPart { argumentsText state result { text isError } } } }`,
  );
  expect((await asked.ask({ query })).json).toMatchObject({
    data: {
      session: {
        messages: {
          nodes: [
            { text: 'Alone.' },
            { parts: [{ data: 7 }] },
            {
              parts: [{ argumentsText: '{', state: 'FAILED', result: { text: JSON.stringify(error), isError: true } }],
            },
            {},
          ],
        },
      },
    },
  });
});

test('a file in the answer of a tool is a note in its text and in its output', async () => {
  const picture = Buffer.alloc(1_500, 'picture').toString('base64');
  const results = [{ type: 'image', data: picture }, picture, `data:image/png;base64,${picture}`];
  const { asked } = await start({
    messages: results.map((result, number) => ({
      id: messageId(number),
      role: 'tool_result',
      content: [{ type: 'tool_result', tool_call_id: 'call_1', result }],
    })),
  });
  const query = page('first: 9', 'nodes { parts { ... on ToolResultPart { text output } } }');
  const { json } = await asked.ask({ query });
  const note = '(1500 bytes in base64, left out)';
  const inData = { type: 'image', data: note };
  expect(json).toMatchObject({
    data: {
      session: {
        messages: {
          nodes: [
            { parts: [{ text: JSON.stringify(inData), output: inData }] },
            { parts: [{ text: note, output: null }] },
            { parts: [{ text: note, output: null }] },
          ],
        },
      },
    },
  });
});

const page = (argumentsText: string, fields = 'nodes { nativeId }') => `{
  session(id: "${globalId('session', sessionId)}") { messages(${argumentsText}) {
    ${fields} edges { cursor } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } outcome { status }
  } }
}`;

interface Page {
  readonly nodes: readonly { readonly nativeId: string }[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly totalCount: number | null;
  readonly pageInfo: Readonly<Record<string, unknown>> & { readonly endCursor: string; readonly startCursor: string };
}

async function pageOf(asked: Asked, argumentsText: string): Promise<Page> {
  const { json } = await asked.ask({ query: page(argumentsText) });
  expect(json).not.toHaveProperty('errors');
  return (json as { data: { session: { messages: Page } } }).data.session.messages;
}

const numbersOf = ({ nodes }: Page) => nodes.map(({ nativeId }) => Number(nativeId.slice(-2)));

test('pages go both ways from any message, and filters of roles count what they keep', async () => {
  const { asked } = await start();
  const newest = await pageOf(asked, 'last: 2');
  expect(numbersOf(newest)).toEqual([6, 7]);
  expect(newest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const older = await pageOf(asked, `last: 2, before: "${newest.pageInfo.startCursor}"`);
  expect(numbersOf(older)).toEqual([4, 5]);
  expect(older.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  const next = await pageOf(asked, `first: 3, after: "${older.pageInfo.startCursor}"`);
  expect(numbersOf(next)).toEqual([5, 6, 7]);
  expect(next.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const between = `first: 5, after: "${older.edges[0]?.cursor}", before: "${newest.edges[1]?.cursor}"`;
  expect(numbersOf(await pageOf(asked, between))).toEqual([5, 6]);
  const said = await pageOf(asked, 'first: 1, roles: [USER, ASSISTANT]');
  expect(numbersOf(said)).toEqual([2]);
  expect(said.totalCount).toBe(3);
  expect(said.pageInfo).toMatchObject({ hasNextPage: true });
  const rest = await pageOf(asked, `first: 9, after: "${said.pageInfo.endCursor}", roles: [USER, ASSISTANT]`);
  expect(numbersOf(rest)).toEqual([3, 6]);
  expect(rest.pageInfo).toMatchObject({ hasNextPage: false });
  expect(numbersOf(await pageOf(asked, 'first: 9, roles: []'))).toEqual([]);
});

test.each([
  ['waitingfortoolresults', 'WAITING', 'WAITING_FOR_APPROVAL'],
  ['active', 'IN_PROGRESS', 'RUNNING'],
  ['idle', 'COMPLETED', 'UNKNOWN'],
])('a call without an answer, in a session that is %s, makes its message %s', async (status, message, call) => {
  const { asked } = await start({ status, messages: dialogue.slice(0, 4) });
  const query = page('last: 2', 'nodes { status parts { ... on ToolCallPart { toolCallId state } } }');
  const { json } = await asked.ask({ query });
  expect(json).toMatchObject({
    data: {
      session: {
        messages: {
          nodes: [
            { status: message, parts: [{}, { toolCallId: 'call_1', state: 'SUCCEEDED' }, { state: call }, {}] },
            { status: 'COMPLETED' },
          ],
        },
      },
    },
  });
});

test('a message is found again by its id, together with its session', async () => {
  const { server, asked } = await start();
  const query = page('last: 1', 'nodes { id session { nativeId } }');
  const { json } = await asked.ask({ query });
  const id = globalId('message', `${sessionId}/${messageId(7)}`);
  expect(json).toMatchObject({
    data: { session: { messages: { nodes: [{ id, session: { nativeId: sessionId } }] } } },
  });
  const asksForNodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Message { text session { nativeId } } } }';
  const ids = [id, globalId('message', `${sessionId}/${messageId(2)}`), globalId('message', `${sessionId}/gone`)];
  const before = server.requests.length;
  expect((await asked.ask({ query: asksForNodes, variables: { ids } })).json).toEqual({
    data: {
      nodes: [
        { id, text: 'Soon a dog.', session: { nativeId: sessionId } },
        { id: ids[1], text: 'What is on\nthis picture?', session: { nativeId: sessionId } },
        null,
      ],
    },
  });
  expect(server.requests.slice(before)).toEqual([
    `GET /v1/sessions/${sessionId}`,
    `GET /v1/sessions/${sessionId}/messages`,
  ]);
});

test('a federated graph gets a message by its id', async () => {
  const { asked } = await start();
  const id = globalId('message', `${sessionId}/${messageId(6)}`);
  const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Message { id text } } }';
  const { json } = await asked.ask({ query, variables: { of: [{ __typename: 'Message', id }] } });
  expect(json).toEqual({ data: { _entities: [{ id, text: 'A cat.' }] } });
});

test('when the session is gone meanwhile, the field says so and the list stands', async () => {
  const { asked } = await start({ sessionGone: true });
  const { json } = await asked.ask({ query: '{ sessions { nodes { nativeId messages(last: 1) { nodes { id } } } } }' });
  expect(json).toMatchObject({
    data: { sessions: { nodes: [{ nativeId: sessionId, messages: null }] } },
    errors: [
      {
        message: 'Source "ever" no longer has this session.',
        path: ['sessions', 'nodes', 0, 'messages'],
        extensions: { code: 'UPSTREAM_NOT_FOUND' },
      },
    ],
  });
});

test('a conversation beyond the maximum size is refused in words that say so, and the list stands', async () => {
  const { asked } = await start({ limits: { maxResponseBytes: 1_024 } });
  const { json } = await asked.ask({ query: '{ sessions { nodes { nativeId messages(last: 1) { nodes { id } } } } }' });
  expect(json).toMatchObject({
    data: { sessions: { nodes: [{ nativeId: sessionId, messages: null }] } },
    errors: [
      {
        message: 'Source "ever" gave an answer of more than 1024 bytes, which is the maximum.',
        path: ['sessions', 'nodes', 0, 'messages'],
        extensions: { code: 'UPSTREAM_BAD_RESPONSE', retryable: false },
      },
    ],
  });
});

test.each([
  ['of another list', `first: 1, roles: [USER], after: "CURSOR"`, 'another session, or to a list with another filter'],
  ['cut short', `first: 1, after: "CURSO"`, 'was not made by this graph, or is incomplete'],
  ['made up', `first: 1, after: "hello"`, 'was not made by this graph, or is incomplete'],
])('a cursor that is %s is refused', async (_, argumentsText, sentence) => {
  const { asked } = await start();
  const { pageInfo } = await pageOf(asked, 'last: 1');
  const { endCursor } = pageInfo;
  const query = page(argumentsText.replace('CURSOR', endCursor).replace('CURSO', endCursor.slice(0, -3)));
  expect((await asked.ask({ query })).json).toMatchObject({
    errors: [{ message: expect.stringContaining(sentence), extensions: { code: 'BAD_CURSOR' } }],
  });
});
