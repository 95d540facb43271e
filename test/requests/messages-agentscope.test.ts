import { expect, onTestFinished, test } from 'vitest';
import { sendJson, sendStatus, startServer, type TestServer } from '../http/server.ts';
import { type Asked, open, patient, unshared } from '../server/ask.ts';

const globalId = (kind: string, key: string) => Buffer.from(`${kind}:scope/${key}`).toString('base64url');
const at = (second: number) => `2026-03-01T10:00:0${second}.123456`;

/** What the model remembers, which is not what was said. */
const state = { summary: 'Long ago.', context: [{ id: 'm1', role: 'user', content: 'Cut short.' }] };

interface Platform {
  /** `old` pages from the oldest message on, `new` from the newest back. */
  version: 'old' | 'new';
  messages: readonly Readonly<Record<string, unknown>>[];
  isRunning: boolean;
  sessions: readonly string[];
  /** Sessions that are in the list and gone when their messages are asked for. */
  gone: readonly string[];
}

interface Opened {
  readonly platform: Platform;
  readonly server: TestServer;
  readonly asked: Asked;
  /** The requests since this was last called. */
  readonly requests: () => readonly string[];
}

/** A platform with an agent of alice's whose sessions all hold the same messages. */
async function start(
  of: Partial<Platform> = {},
  settings: Readonly<Record<string, unknown>> = {},
  config: Readonly<Record<string, unknown>> = unshared,
): Promise<Opened> {
  const platform: Platform = {
    version: 'new',
    messages: numbered(5),
    isRunning: false,
    sessions: ['talk'],
    gone: [],
    ...of,
  };
  const server = await startServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://platform');
    const isOwner = request.headers['x-user-id'] === 'alice' && searchParams.get('agent_id') === 'helper';
    const [, first, id, last] = pathname.split('/');
    if (pathname === '/agent/') return sendJson(response, { agents: [{ id: 'helper', user_id: 'alice', data: {} }] });
    if (first !== 'sessions' || !isOwner) return sendStatus(response, 404);
    if (id === '') {
      const sessions = platform.sessions.map((each) => ({ id: each, agent_id: 'helper', created_at: at(0), state }));
      return sendJson(response, { sessions, total: sessions.length });
    }
    if (last !== 'messages' || platform.gone.includes(id ?? '')) return sendStatus(response, 404);
    const limit = Number(searchParams.get('limit') ?? 50);
    if (limit < 1 || limit > 200) return sendStatus(response, 422);
    const { messages, isRunning: is_running } = platform;
    if (platform.version === 'old') {
      const offset = Number(searchParams.get('offset') ?? 0);
      return sendJson(response, { messages: messages.slice(offset, offset + limit), is_running });
    }
    const before = searchParams.get('before');
    const until = before === null ? messages.length : messages.findIndex((message) => message.id === before);
    const from = Math.max(0, until - limit);
    const page = messages.slice(from, Math.max(0, until));
    return sendJson(response, { messages: page, event_cursor: null, is_running, has_more: until > 0 && from > 0 });
  });
  const source = { id: 'scope', provider: 'agentscope', url: server.url, user: { constant: 'alice' }, ...settings };
  const asked = open({ server: config, sources: [source] });
  onTestFinished(() => asked.app.close());
  let seen = 0;
  return {
    platform,
    server,
    asked,
    requests() {
      const fresh = server.requests.slice(seen).map((each) => each.replace('GET ', ''));
      seen = server.requests.length;
      return fresh;
    },
  };
}

function numbered(count: number): Platform['messages'] {
  return Array.from({ length: count }, (_, index) => ({
    id: `m${index + 1}`,
    name: 'alice',
    role: 'user',
    content: [{ type: 'text', text: `Number ${index + 1}.` }],
    created_at: at(1),
    finished_at: at(1),
  }));
}

interface Page {
  readonly nodes: readonly { readonly nativeId: string }[];
  readonly totalCount: number | null;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

const pageFields =
  'nodes { nativeId } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } outcome { status }';

async function pageOf({ asked }: Opened, argumentsText: string): Promise<Page> {
  const id = globalId('session', 'helper/talk');
  const { json } = await asked.ask({
    query: `{ session(id: "${id}") { messages(${argumentsText}) { ${pageFields} } } }`,
  });
  expect(json).not.toHaveProperty('errors');
  return (json as { data: { session: { messages: Page } } }).data.session.messages;
}

/** The numbers of the first and the last message of a page. */
function spanOf({ nodes }: Page): readonly number[] {
  const numbers = nodes.map(({ nativeId }) => Number(nativeId.slice(1)));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  return numbers.length === 0 ? [] : [numbers[0] ?? 0, numbers.at(-1) ?? 0];
}

const list = '/sessions/?agent_id=helper';
const messages = (query: string, session = 'talk') => `/sessions/${session}/messages?agent_id=helper&${query}`;

const call = (id: string, state: string, input: unknown = '{}') => ({
  type: 'tool_call',
  id,
  name: 'look',
  input,
  state,
});
const result = (id: string, state: string, output: unknown) => ({
  type: 'tool_result',
  id,
  name: 'look',
  output,
  state,
});

const picture = {
  type: 'data',
  id: 'd',
  name: 'cat.png',
  source: { type: 'base64', data: 'aGVsbG8=', media_type: 'image/png' },
};
const sound = {
  type: 'data',
  id: 'd',
  name: null,
  source: { type: 'url', url: 'https://x.test/a.mp3', media_type: 'audio/mpeg' },
};
const paper = {
  type: 'data',
  id: 'd',
  source: { type: 'url', url: 'data:application/pdf;base64,aGk=', media_type: 'application/pdf' },
};
const elsewhere = { type: 'data', id: 'd', source: { type: 'vault', key: 'k1', media_type: 'image/png' } };
const hint = { type: 'hint', id: 'h', hint: 'The user is in a hurry.', source: null };

const dialogue = [
  { id: 'm1', name: 'system', role: 'system', content: 'Be brief.', created_at: at(0), finished_at: at(0) },
  {
    id: 'm2',
    name: 'alice',
    role: 'user',
    content: [
      { type: 'text', text: 'What is on' },
      { type: 'text', text: 'this picture?' },
      picture,
      sound,
      paper,
      elsewhere,
    ],
    created_at: at(1),
    finished_at: null,
    usage: null,
  },
  {
    id: 'm3',
    name: 'Helper',
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'I should look.' },
      { type: 'thinking', thinking: '', redacted_thinking_data: 'Zm9v' },
      // The platform leaves the state of a call as it was when its result comes.
      call('call_1', 'pending', '{"deep": true, "big": 9007199254740993}'),
      result('call_1', 'success', [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'cat.' },
      ]),
      call('call_1', 'finished', '{"deep"'),
      result('call_1', 'error', 'Nobody answered.'),
      hint,
      call('call_2', 'allowed'),
      result('call_2', 'success', [{ type: 'text', text: 'Seen:' }, picture]),
      result('lost', 'success', []),
      { type: 'hologram', shape: 'cat' },
      { type: 'text', text: 5 },
      null,
      { type: 'text', text: 'A cat.' },
    ],
    created_at: at(2),
    finished_at: at(3),
    usage: { input_tokens: 11, output_tokens: 5, cache_input_tokens: 0 },
    finished_reason: 'completed',
    error: null,
  },
  { id: 'm4', name: 'oracle', role: 'prophet', content: { future: 'dog' }, created_at: 'soon' },
  {
    id: 'm5',
    name: 'Helper',
    role: 'assistant',
    content: [],
    created_at: at(4),
    finished_at: at(5),
    finished_reason: 'error',
    error: { type: 'rate_limit', message: 'Too many requests.' },
  },
];

const everything = `
  fragment Result on ToolResultPart { nativeType toolCallId name text output isError }
  fragment Everything on Message {
    nativeId turnId parentTurnId role nativeRole name status createdAt finishedAt model
    usage { inputTokens outputTokens } error { code message } text
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
  const { asked, requests } = await start({ messages: dialogue }, { timezone: 'UTC', stateTimezone: 'Europe/Berlin' });
  const query = `query ($id: ID!) { session(id: $id) { messages(last: 20) {
    nodes { ...Everything } totalCount pageInfo { hasNextPage hasPreviousPage } outcome { status scanned error { code } }
  } } } ${everything}`;
  const { json } = await asked.ask({ query, variables: { id: globalId('session', 'helper/talk') } });
  const plain = { turnId: null, parentTurnId: null, model: null, usage: null, error: null, status: 'COMPLETED' };
  const look = { name: 'look', nativeType: 'tool_result' };
  const file = { __typename: 'FilePart', nativeType: 'data', fileId: null };
  const aCall = { __typename: 'ToolCallPart', nativeType: 'tool_call', name: 'look', argumentsText: null };
  expect(json).toEqual({
    data: {
      session: {
        messages: {
          totalCount: 5,
          pageInfo: { hasNextPage: false, hasPreviousPage: false },
          outcome: { status: 'COMPLETE', scanned: 5, error: null },
          nodes: [
            {
              ...plain,
              nativeId: 'm1',
              role: 'SYSTEM',
              nativeRole: 'system',
              name: 'system',
              createdAt: '2026-03-01T10:00:00.123456+01:00',
              finishedAt: '2026-03-01T10:00:00.123456+01:00',
              text: 'Be brief.',
              parts: [{ __typename: 'TextPart', nativeType: null, said: 'Be brief.' }],
            },
            {
              ...plain,
              nativeId: 'm2',
              role: 'USER',
              nativeRole: 'user',
              name: 'alice',
              createdAt: '2026-03-01T10:00:01.123456+01:00',
              finishedAt: null,
              text: 'What is on\nthis picture?',
              parts: [
                { __typename: 'TextPart', nativeType: 'text', said: 'What is on' },
                { __typename: 'TextPart', nativeType: 'text', said: 'this picture?' },
                {
                  ...file,
                  modality: 'IMAGE',
                  mediaType: 'image/png',
                  filename: 'cat.png',
                  url: null,
                  byteLength: 5,
                  base64: 'aGVsbG8=',
                },
                {
                  ...file,
                  modality: 'AUDIO',
                  mediaType: 'audio/mpeg',
                  filename: null,
                  url: 'https://x.test/a.mp3',
                  byteLength: null,
                  base64: null,
                },
                {
                  ...file,
                  modality: 'DOCUMENT',
                  mediaType: 'application/pdf',
                  filename: null,
                  url: null,
                  byteLength: 2,
                  base64: 'aGk=',
                },
                { __typename: 'OtherPart', nativeType: 'data', data: elsewhere },
              ],
            },
            {
              ...plain,
              nativeId: 'm3',
              turnId: 'm3',
              role: 'ASSISTANT',
              nativeRole: 'assistant',
              name: 'Helper',
              createdAt: '2026-03-01T10:00:02.123456+01:00',
              finishedAt: '2026-03-01T10:00:03.123456+01:00',
              usage: { inputTokens: 11, outputTokens: 5 },
              text: 'A cat.',
              parts: [
                { __typename: 'ReasoningPart', nativeType: 'thinking', thought: 'I should look.', redacted: false },
                { __typename: 'ReasoningPart', nativeType: 'thinking', thought: null, redacted: true },
                {
                  ...aCall,
                  toolCallId: 'call_1',
                  arguments: { deep: true, big: '9007199254740993' },
                  state: 'SUCCEEDED',
                  result: { ...look, toolCallId: 'call_1', text: 'A\ncat.', output: null, isError: false },
                },
                {
                  ...aCall,
                  toolCallId: 'call_1',
                  arguments: null,
                  argumentsText: '{"deep"',
                  state: 'FAILED',
                  result: { ...look, toolCallId: 'call_1', text: 'Nobody answered.', output: null, isError: true },
                },
                { __typename: 'OtherPart', nativeType: 'hint', data: hint },
                {
                  ...aCall,
                  toolCallId: 'call_2',
                  arguments: {},
                  state: 'SUCCEEDED',
                  result: {
                    ...look,
                    toolCallId: 'call_2',
                    text: 'Seen:',
                    output: [{ type: 'text', text: 'Seen:' }, picture],
                    isError: false,
                  },
                },
                { __typename: 'ToolResultPart', ...look, toolCallId: 'lost', text: null, output: null, isError: false },
                { __typename: 'OtherPart', nativeType: 'hologram', data: { type: 'hologram', shape: 'cat' } },
                { __typename: 'OtherPart', nativeType: 'text', data: { type: 'text', text: 5 } },
                { __typename: 'OtherPart', nativeType: null, data: null },
                { __typename: 'TextPart', nativeType: 'text', said: 'A cat.' },
              ],
            },
            {
              ...plain,
              nativeId: 'm4',
              role: 'UNKNOWN',
              nativeRole: 'prophet',
              name: 'oracle',
              createdAt: null,
              finishedAt: null,
              text: '',
              parts: [{ __typename: 'OtherPart', nativeType: null, data: { future: 'dog' } }],
            },
            {
              ...plain,
              nativeId: 'm5',
              turnId: 'm5',
              role: 'ASSISTANT',
              nativeRole: 'assistant',
              name: 'Helper',
              status: 'FAILED',
              createdAt: '2026-03-01T10:00:04.123456+01:00',
              finishedAt: '2026-03-01T10:00:05.123456+01:00',
              error: { code: 'rate_limit', message: 'Too many requests.' },
              text: '',
              parts: [],
            },
          ],
        },
      },
    },
  });
  expect(requests()).toEqual([list, messages('limit=200')]);
});

test.each([
  ['pending', null, 'PENDING', 'UNKNOWN'],
  ['allowed', null, 'PENDING', 'UNKNOWN'],
  ['asking', null, 'WAITING_FOR_APPROVAL', 'WAITING'],
  ['submitted', null, 'RUNNING', 'IN_PROGRESS'],
  ['finished', null, 'UNKNOWN', 'UNKNOWN'],
  ['dreaming', null, 'UNKNOWN', 'UNKNOWN'],
  ['asking', 'success', 'SUCCEEDED', 'UNKNOWN'],
  ['pending', 'error', 'FAILED', 'UNKNOWN'],
  ['pending', 'interrupted', 'CANCELLED', 'UNKNOWN'],
  ['finished', 'denied', 'DENIED', 'UNKNOWN'],
  ['submitted', 'running', 'RUNNING', 'IN_PROGRESS'],
  ['pending', 'dreaming', 'UNKNOWN', 'UNKNOWN'],
])(
  'of a call that says %s and its result %s, the state is %s, and that of a reply without an end %s',
  async (state, resultState, calls, reply) => {
    const content = [call('call_1', state), ...(resultState === null ? [] : [result('call_1', resultState, 'Hm.')])];
    const { asked } = await start({ messages: [{ id: 'm1', role: 'assistant', content }] });
    const query = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(last: 1) {
    nodes { status parts { ... on ToolCallPart { state result { text isError } } } } } } }`;
    const answer = resultState === null ? null : { text: 'Hm.', isError: resultState === 'error' };
    expect((await asked.ask({ query })).json).toEqual({
      data: { session: { messages: { nodes: [{ status: reply, parts: [{ state: calls, result: answer }] }] } } },
    });
  },
);

test('a result of which nothing has come yet is none', async () => {
  const content = [call('call_1', 'allowed'), result('call_1', 'running', [])];
  const { asked } = await start({ messages: [{ id: 'm1', role: 'assistant', content }] });
  const query = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(last: 1) {
    nodes { parts { ... on ToolCallPart { state result { text } } } } } } }`;
  expect((await asked.ask({ query })).json).toEqual({
    data: { session: { messages: { nodes: [{ parts: [{ state: 'RUNNING', result: null }] }] } } },
  });
});

const finished = (reason: string | null) => ({ finished_at: at(3), finished_reason: reason });

test.each([
  ['a reply that ended', finished('completed'), false, 'COMPLETED'],
  ['a reply that ended in a version without reasons', finished(null), true, 'COMPLETED'],
  ['a reply that took too many rounds', finished('exceed_max_iters'), false, 'COMPLETED'],
  ['a reply that was interrupted', finished('interrupted'), false, 'CANCELLED'],
  ['a reply that failed', finished('error'), false, 'FAILED'],
  ['a reply that failed in a word of its own', { finished_at: at(3), error: 'Out of luck.' }, false, 'FAILED'],
  ['a reply that ended for a new reason', finished('bored'), false, 'UNKNOWN'],
  ['a reply that goes on', {}, true, 'IN_PROGRESS'],
  ['a reply that stopped without an end', {}, false, 'UNKNOWN'],
  ['what the user says while the agent works', { role: 'user' }, true, 'COMPLETED'],
])('%s is told as such', async (_, of, isRunning, status) => {
  const reply = { id: 'm2', role: 'assistant', content: [], created_at: at(2), finished_at: null, ...of };
  for (const version of ['old', 'new'] as const) {
    const { asked } = await start({ version, isRunning, messages: [...numbered(1), reply] });
    const query = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(last: 1) { nodes { status } } } }`;
    expect((await asked.ask({ query })).json).toEqual({ data: { session: { messages: { nodes: [{ status }] } } } });
  }
});

test('while a session runs, a reply without an end that is not the last one is not in progress', async () => {
  const reply = { id: 'm0', role: 'assistant', content: [], finished_at: null };
  for (const version of ['old', 'new'] as const) {
    const { asked } = await start({ version, isRunning: true, messages: [reply, ...numbered(1)] });
    const query = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(first: 1) { nodes { status } } } }`;
    expect((await asked.ask({ query })).json).toEqual({
      data: { session: { messages: { nodes: [{ status: 'UNKNOWN' }] } } },
    });
    await asked.ask({ query });
    const older = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(last: 1) { pageInfo { startCursor } } } }`;
    const { json } = await asked.ask({ query: older });
    const cursor = (json as { data: { session: { messages: Page } } }).data.session.messages.pageInfo.startCursor;
    expect((await asked.ask({ query: query.replace('first: 1', `last: 1, before: "${cursor}"`) })).json).toEqual({
      data: { session: { messages: { nodes: [{ status: 'UNKNOWN' }] } } },
    });
  }
});

test('a server that pages back is asked for no more than the page, once its way is known', async () => {
  const opened = await start({ messages: numbered(450) });
  const { requests } = opened;
  expect(spanOf(await pageOf(opened, 'last: 20'))).toEqual([431, 450]);
  expect(requests()).toEqual([list, messages('limit=200')]);
  const newest = await pageOf(opened, 'last: 20');
  expect(spanOf(newest)).toEqual([431, 450]);
  expect(newest).toMatchObject({ totalCount: null, pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  expect(requests()).toEqual([list, messages('limit=20')]);
  const older = await pageOf(opened, `last: 30, before: "${newest.pageInfo.startCursor}"`);
  expect(spanOf(older)).toEqual([401, 430]);
  expect(requests()).toEqual([list, messages('before=m431&limit=30')]);
  const next = await pageOf(opened, `first: 10, after: "${older.pageInfo.startCursor}"`);
  expect(spanOf(next)).toEqual([402, 411]);
  expect(requests()).toEqual([list, messages('before=m431&limit=200')]);
  const oldest = await pageOf(opened, 'first: 20');
  expect(spanOf(oldest)).toEqual([1, 20]);
  expect(oldest.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(requests()).toEqual([
    list,
    messages('limit=200'),
    messages('before=m251&limit=200'),
    messages('before=m51&limit=200'),
  ]);
  expect(spanOf(await pageOf(opened, `first: 20, after: "${oldest.pageInfo.endCursor}"`))).toEqual([21, 40]);
  expect(requests()).toEqual([list, messages('before=m220&limit=200')]);
});

test('a server that pages forward is read to its end for the last page, and for no other', async () => {
  const opened = await start({ version: 'old', messages: numbered(450) });
  const { requests } = opened;
  const first = await pageOf(opened, 'first: 20');
  expect(spanOf(first)).toEqual([1, 20]);
  expect(requests()).toEqual([list, messages('limit=200')]);
  expect(spanOf(await pageOf(opened, 'first: 20'))).toEqual([1, 20]);
  expect(requests()).toEqual([list, messages('limit=21')]);
  expect(spanOf(await pageOf(opened, `first: 20, after: "${first.pageInfo.endCursor}"`))).toEqual([21, 40]);
  expect(requests()).toEqual([list, messages('offset=19&limit=22')]);
  const newest = await pageOf(opened, 'last: 20');
  expect(spanOf(newest)).toEqual([431, 450]);
  expect(newest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect(requests()).toEqual([
    list,
    messages('limit=200'),
    messages('offset=200&limit=200'),
    messages('offset=400&limit=200'),
  ]);
  expect(spanOf(await pageOf(opened, `last: 20, before: "${newest.pageInfo.startCursor}"`))).toEqual([411, 430]);
  expect(requests()).toEqual([list, messages('offset=410&limit=21')]);
});

test('what was asked to learn the way is not asked again, wherever the page is', async () => {
  for (const [version, argumentsText, span] of [
    ['new', 'last: 3', [38, 40]],
    ['new', 'first: 3', [1, 3]],
    ['old', 'last: 3', [38, 40]],
    ['old', 'first: 3', [1, 3]],
  ] as const) {
    const known = await start({ version, messages: numbered(40) });
    const { pageInfo } = await pageOf(known, argumentsText);
    const cursors = {
      new: `last: 5, before: "${pageInfo.startCursor}"`,
      old: `first: 5, after: "${pageInfo.endCursor}"`,
    };
    for (const [text, expected] of [
      [argumentsText, span],
      [cursors[version], version === 'new' ? [Math.max(1, span[0] - 5), span[0] - 1] : [span[1] + 1, span[1] + 5]],
    ] as const) {
      const opened = await start({ version, messages: numbered(40) });
      const inside = expected[0] > expected[1] || expected[0] > 40 ? [] : expected;
      expect(spanOf(await pageOf(opened, text)), `${version} ${text}`).toEqual(inside);
      expect(opened.requests(), `${version} ${text}`).toEqual([list, messages('limit=200')]);
    }
  }
});

const inbox = '{ sessions(first: 20) { nodes { nativeId messages(last: 1) { nodes { nativeId } } } } }';

test.each(['old', 'new'] as const)(
  'the last message of each of twenty sessions costs a server that is %s one request each',
  async (version) => {
    const sessions = Array.from({ length: 20 }, (_, index) => `s${index + 10}`);
    const { asked, requests } = await start({ version, sessions, messages: numbered(120) });
    const limits = { old: [200, 200], new: [200, 1] }[version];
    for (const limit of limits) {
      const { json } = await asked.ask({ query: inbox });
      const nodes = sessions.map((nativeId) => ({ nativeId, messages: { nodes: [{ nativeId: 'm120' }] } }));
      const answered = (json as { data: { sessions: { nodes: { nativeId: string }[] } } }).data.sessions.nodes;
      expect(answered.toSorted((one, other) => one.nativeId.localeCompare(other.nativeId))).toEqual(nodes);
      expect(requests().toSorted()).toEqual(
        ['/agent/', list, ...sessions.map((each) => messages(`limit=${limit}`, each))].toSorted(),
      );
    }
  },
);

test.each([
  ['old', 'new'],
  ['new', 'old'],
] as const)('a server that was %s and is %s now answers right, for one request more', async (was, is) => {
  const opened = await start({ version: was, messages: numbered(150) });
  const { platform, requests } = opened;
  const cursorOf = async (text: string) => (await pageOf(opened, text)).pageInfo;
  const last = await cursorOf('last: 5');
  const first = await cursorOf('first: 5');
  const pages = [
    ['last: 5', [146, 150]],
    ['first: 5', [1, 5]],
    [`last: 5, before: "${last.startCursor}"`, [141, 145]],
    [`first: 5, after: "${first.endCursor}"`, [6, 10]],
    [`first: 3, after: "${last.startCursor}"`, [147, 149]],
    [`last: 3, before: "${first.endCursor}"`, [2, 4]],
  ] as const;
  for (const [text, span] of pages) {
    platform.version = was;
    await pageOf(opened, 'last: 5');
    platform.version = is;
    requests();
    expect(spanOf(await pageOf(opened, text)), text).toEqual(span);
    const surprised = requests().length;
    expect(spanOf(await pageOf(opened, text)), text).toEqual(span);
    expect(surprised - requests().length, text).toBeLessThanOrEqual(1);
  }
});

test('a walk goes on where it was whichever version answers next', async () => {
  for (const way of ['first', 'last'] as const) {
    const opened = await start({ messages: numbered(450) });
    const seen: Page['nodes'][number][] = [];
    let argumentsText = `${way}: 70`;
    for (let step = 0; ; step += 1) {
      opened.platform.version = step % 3 === 1 ? 'old' : 'new';
      const { nodes, pageInfo } = await pageOf(opened, argumentsText);
      if (way === 'first') seen.push(...nodes);
      else seen.unshift(...nodes);
      if (!(way === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break;
      expect(step).toBeLessThan(10);
      argumentsText =
        way === 'first' ? `first: 70, after: "${pageInfo.endCursor}"` : `last: 70, before: "${pageInfo.startCursor}"`;
    }
    expect(seen.map(({ nativeId }) => nativeId)).toEqual(numbered(450).map(({ id }) => id));
  }
});

test.each([
  ['new', 'old', 'first', [1, 5]],
  ['old', 'new', 'last', [446, 450]],
] as const)('a walk that ran out of rows on a server that is %s ends on one that is %s', async (was, is, way, span) => {
  const paging = { paging: { scanRows: 200 } };
  const config = { ...unshared, limits: { ...patient.limits, ...paging } };
  const opened = await start({ version: was, messages: numbered(450) }, {}, config);
  const onTheWay = await pageOf(opened, `${way}: 5`);
  expect(onTheWay).toMatchObject({ nodes: [], outcome: { status: 'PARTIAL' } });
  opened.platform.version = is;
  const { startCursor, endCursor } = onTheWay.pageInfo;
  const cursor = way === 'first' ? `after: "${endCursor}"` : `before: "${startCursor}"`;
  expect(spanOf(await pageOf(opened, `${way}: 5, ${cursor}`))).toEqual(span);
});

test.each([
  ['new', 'first'],
  ['old', 'last'],
] as const)('nothing comes before the end to which a walk on a server that is %s leads', async (version, way) => {
  const paging = { paging: { scanRows: 200 } };
  const opened = await start(
    { version, messages: numbered(450) },
    {},
    { ...unshared, limits: { ...patient.limits, ...paging } },
  );
  let page = await pageOf(opened, `${way}: 5`);
  const none = { hasNextPage: way === 'first', hasPreviousPage: way === 'last' };
  for (let pages = 1; page.nodes.length === 0; pages += 1) {
    expect(pages).toBeLessThan(9);
    expect(page.pageInfo).toMatchObject(none);
    const { startCursor, endCursor } = page.pageInfo;
    const cursor = way === 'first' ? `after: "${endCursor}"` : `before: "${startCursor}"`;
    page = await pageOf(opened, `${way}: 5, ${cursor}`);
  }
  expect(spanOf(page)).toEqual(way === 'first' ? [1, 5] : [446, 450]);
  expect(page.pageInfo).toMatchObject(none);
});

test('a server that answers each request as another version fails, and says why', async () => {
  const opened = await start({ version: 'old', messages: numbered(5) });
  await pageOf(opened, 'last: 1');
  const { platform, asked } = opened;
  let count = 0;
  Object.defineProperty(platform, 'version', { get: () => (count++ % 2 === 0 ? 'new' : 'old') });
  const query = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(first: 1) { nodes { nativeId } } } }`;
  const { json } = await asked.ask({ query });
  expect(json).toMatchObject({
    errors: [
      {
        message: 'Source "scope" answers as several versions at once.',
        extensions: { code: 'UPSTREAM_BAD_RESPONSE' },
      },
    ],
  });
});

test('the same page is asked for once in an operation', async () => {
  const opened = await start({ messages: numbered(30) });
  await pageOf(opened, 'last: 1');
  opened.requests();
  const query = `{ session(id: "${globalId('session', 'helper/talk')}") {
    one: messages(last: 2) { nodes { nativeId } } other: messages(last: 2) { nodes { text } } } }`;
  expect((await opened.asked.ask({ query })).json).toEqual({
    data: {
      session: {
        one: { nodes: [{ nativeId: 'm29' }, { nativeId: 'm30' }] },
        other: { nodes: [{ text: 'Number 29.' }, { text: 'Number 30.' }] },
      },
    },
  });
  expect(opened.requests()).toEqual([list, messages('limit=2')]);
});

test.each(['old', 'new'] as const)('a message is found again by its id on a server that is %s', async (version) => {
  const { asked } = await start({ version, messages: numbered(250) });
  const ids = ['m1', 'm250', 'gone'].map((id) => globalId('message', `helper/talk/${id}`));
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Message { text session { nativeId } } } }';
  const session = { nativeId: 'talk' };
  expect((await asked.ask({ query, variables: { ids } })).json).toEqual({
    data: { nodes: [{ id: ids[0], text: 'Number 1.', session }, { id: ids[1], text: 'Number 250.', session }, null] },
  });
});

test("nobody opens another user's conversation: neither the session nor the message is there", async () => {
  const { asked, requests } = await start({}, { user: { constant: 'mallory' } });
  const ids = [globalId('session', 'helper/talk'), globalId('message', 'helper/talk/m1')];
  const query =
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Session { messages(last: 1) { nodes { id } } } } }';
  expect((await asked.ask({ query, variables: { ids } })).json).toEqual({ data: { nodes: [null, null] } });
  expect(requests()).toEqual([list]);
});

test('each viewer reads with a name of their own, and the way that the server pages is known to all', async () => {
  const opened = await start(
    {},
    { user: 'viewer' },
    {
      ...unshared,
      auth: {
        mode: 'header',
        header: 'x-viewer',
        secretHeader: 'x-proxy-secret',
        secret: 'a-secret-of-the-proxy-of-32-letters',
      },
    },
  );
  const query = `{ session(id: "${globalId('session', 'helper/talk')}") { messages(last: 1) { nodes { nativeId } } } }`;
  const as = (viewer: string) => ({ 'x-viewer': viewer, 'x-proxy-secret': 'a-secret-of-the-proxy-of-32-letters' });
  const own = { data: { session: { messages: { nodes: [{ nativeId: 'm5' }] } } } };
  expect((await opened.asked.ask({ query }, as('alice'))).json).toEqual(own);
  expect((await opened.asked.ask({ query }, as('mallory'))).json).toEqual({ data: { session: null } });
  expect((await opened.asked.ask({ query }, as('alice'))).json).toEqual(own);
  expect(opened.server.headers.map((headers) => headers['x-user-id'])).toEqual([
    'alice',
    'alice',
    'mallory',
    'alice',
    'alice',
  ]);
  expect(opened.requests()).toEqual([list, messages('limit=200'), list, list, messages('limit=1')]);
});

test('when the session is gone meanwhile, the field says so and the list stands', async () => {
  const { asked } = await start({ sessions: ['talk', 'gone'], gone: ['gone'] });
  const { json } = await asked.ask({ query: inbox });
  expect(json).toMatchObject({
    data: {
      sessions: {
        nodes: expect.arrayContaining([
          { nativeId: 'gone', messages: null },
          { nativeId: 'talk', messages: { nodes: [{ nativeId: 'm5' }] } },
        ]),
      },
    },
    errors: [{ message: 'Source "scope" no longer has this session.', extensions: { code: 'UPSTREAM_NOT_FOUND' } }],
  });
});

test('an empty conversation is empty both ways', async () => {
  for (const version of ['old', 'new'] as const) {
    const opened = await start({ version, messages: [] });
    for (const argumentsText of ['first: 5', 'last: 5', 'first: 5']) {
      const page = await pageOf(opened, argumentsText);
      expect(page).toMatchObject({
        nodes: [],
        totalCount: 0,
        pageInfo: { hasNextPage: false, hasPreviousPage: false },
      });
    }
  }
});

test('a message whose id could name something else is shown, and not sent to page back from it', async () => {
  const opened = await start({ messages: [...numbered(2), { ...numbered(1)[0], id: '../admin' }] });
  const { nodes, pageInfo } = await pageOf(opened, 'last: 1');
  expect(nodes).toEqual([{ nativeId: '../admin' }]);
  opened.requests();
  const id = globalId('session', 'helper/talk');
  const query = `{ session(id: "${id}") { messages(last: 1, before: "${pageInfo.startCursor}") { nodes { nativeId } } } }`;
  expect((await opened.asked.ask({ query })).json).toMatchObject({
    errors: [{ extensions: { code: 'UPSTREAM_UNSAFE_ID' } }],
  });
  expect(opened.requests()).toEqual([list]);
});

test('counts of tokens that are none do not fail the message', async () => {
  const odd = { role: 'assistant', content: 'Done.', usage: { input_tokens: 3e9, output_tokens: 1.5 } };
  const { asked } = await start({ messages: [{ ...odd, id: 'm1' }] });
  const id = globalId('session', 'helper/talk');
  const query = `{ session(id: "${id}") { messages { nodes { text usage { inputTokens outputTokens } } } } }`;
  expect((await asked.ask({ query })).json).toEqual({
    data: {
      session: { messages: { nodes: [{ text: 'Done.', usage: { inputTokens: null, outputTokens: null } }] } },
    },
  });
});
