import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sendJson, startServer, type TestServer } from '../http/server.ts';
import { type Asked, open, unshared } from '../server/ask.ts';

const real: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'providers', 'captures', 'agno-3.1.10-runs.json'), 'utf8'),
);

const secret = 'a shared secret of more than thirty-two characters';
const globalId = (kind: string, key: string) => Buffer.from(`${kind}:agno/${key}`).toString('base64url');
const messageId = (session: string, message: string) =>
  globalId('message', `${session}/${encodeURIComponent(message)}`);

interface Platform {
  /** What is answered to the runs of the session; null for 404. */
  readonly runs: () => unknown;
  readonly type?: 'agent' | 'team' | 'workflow';
  readonly source?: Readonly<Record<string, unknown>>;
  readonly server?: Readonly<Record<string, unknown>>;
}

/** An AgentOS with one session, `s1`, of alice. */
async function start(platform: Platform): Promise<{ readonly server: TestServer; readonly asked: Asked }> {
  const { runs, type = 'agent', source = {} } = platform;
  const session = {
    session_id: 's1',
    session_name: 'One',
    user_id: 'alice',
    [`${type}_id`]: 'one',
    ...(type === 'agent' ? { agent_session_id: 's1' } : {}),
    ...(type === 'workflow' ? {} : { chat_history: [] }),
    created_at: '2026-11-01T08:00:00Z',
  };
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://agno');
    const isOwn = [null, 'alice'].includes(url.searchParams.get('user_id'));
    const answer = url.pathname === '/sessions/s1/runs' ? runs() : url.pathname === '/sessions/s1' ? session : null;
    if (url.pathname === '/sessions') {
      const data = isOwn ? [{ ...session, session_type: type }] : [];
      return sendJson(response, { data, meta: { total_count: data.length } });
    }
    if (isOwn && answer !== null) return sendJson(response, answer);
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ detail: 'Session with ID s1 not found' }));
  });
  const asked = open({
    server: { ...unshared, ...platform.server },
    sources: [{ id: 'agno', provider: 'agno', url: server.url, dialect: '2.9', ...source }],
  });
  onTestFinished(() => asked.app.close());
  return { server, asked };
}

const parts = `parts {
  __typename nativeType
  ... on TextPart { said: text }
  ... on ReasoningPart { thought: text redacted }
  ... on ToolCallPart { toolCallId name arguments argumentsText state result { ...Result } }
  ... on ToolResultPart { ...Result }
  ... on FilePart { modality mediaType filename url fileId byteLength base64 }
  ... on OtherPart { data }
}`;
const result = 'fragment Result on ToolResultPart { nativeType toolCallId name text output isError }';

interface Connection {
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string };
  readonly outcome: unknown;
}

async function messagesOf(asked: Asked, selection: string, type = 'agent', page = 'first: 50'): Promise<Connection> {
  const query = `query ($id: ID!) { session(id: $id) { messages(${page}) { ${selection} } } }`;
  const withResult = selection.includes('...Result') ? `${query} ${result}` : query;
  const variables = { id: globalId('session', `${type}/s1`) };
  const { json } = await asked.ask({ query: withResult, variables });
  expect(json).not.toHaveProperty('errors');
  return (json as { data: { session: { messages: Connection } } }).data.session.messages;
}

/** The nodes of a conversation of these runs. */
async function told(runs: readonly unknown[], selection: string, type: Platform['type'] = 'agent') {
  const { asked } = await start({ runs: () => runs, type });
  return (await messagesOf(asked, `nodes { ${selection} }`, type)).nodes;
}

const run = (fields: object) => ({
  run_id: 'r1',
  parent_run_id: '',
  agent_id: 'one',
  user_id: 'alice',
  status: 'COMPLETED',
  content: '',
  ...fields,
});

const user = { role: 'user', content: 'Hello', from_history: false, created_at: 1_790_000_001 };
const answer = { role: 'assistant', content: 'Hi.', from_history: false, created_at: 1_790_000_002 };

function calling(id: string, name = 'look', argumentsText = '{}') {
  return { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name, arguments: argumentsText } }] };
}

test('a conversation is told in the words of the graph, and asked for once', async () => {
  const runs = [
    run({
      run_input: 'What is on this picture?',
      content: 'A cat.',
      metrics: { input_tokens: 22, output_tokens: 14, details: { model: [{ id: 'gpt-5', provider: 'OpenAI' }] } },
      created_at: '2026-09-21T14:26:40Z',
      messages: [
        { id: 'm0', role: 'system', content: 'Be brief.', from_history: false, created_at: 1_790_000_000 },
        {
          ...user,
          id: 'm1',
          content: 'What is on this picture?',
          images: [{ id: 'i1', content: 'aGVsbG8=', mime_type: 'image/png', format: 'png' }],
          references: { query: 'picture', references: [{ name: 'Cats' }] },
        },
        {
          ...calling('call_1', 'look', '{"deep": true, "big": 9007199254740993}'),
          id: 'm2',
          from_history: false,
          reasoning_content: 'I should look.',
          redacted_reasoning_content: 'c2VjcmV0',
          metrics: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
          created_at: 1_790_000_002,
        },
        {
          id: 'm3',
          role: 'tool',
          content: 'a cat',
          from_history: false,
          tool_call_id: 'call_1',
          tool_name: 'look',
          tool_args: { deep: true },
          tool_call_error: false,
          created_at: 1_790_000_003,
        },
        { ...answer, id: 'm4', content: 'A cat.', metrics: { time_to_first_token: 0.1 }, created_at: 0 },
      ],
      tools: [{ tool_call_id: 'call_1', tool_name: 'look', tool_args: { deep: true }, result: 'a cat' }],
    }),
  ];
  const { server, asked } = await start({ runs: () => runs });
  const selection = `
    nodes {
      id nativeId session { nativeId } turnId parentTurnId role nativeRole name status createdAt finishedAt model
      usage { inputTokens outputTokens } error { message } text ${parts}
    }
    totalCount pageInfo { hasNextPage hasPreviousPage } outcome { status scanned error { code } }`;
  const none = {
    session: { nativeId: 's1' },
    turnId: 'r1',
    parentTurnId: null,
    name: null,
    status: 'COMPLETED',
    finishedAt: null,
    model: null,
    usage: null,
    error: null,
  };
  const cat = {
    nativeType: null,
    toolCallId: 'call_1',
    name: 'look',
    text: 'a cat',
    output: null,
    isError: false,
  };
  expect(await messagesOf(asked, selection)).toEqual({
    totalCount: 5,
    pageInfo: { hasNextPage: false, hasPreviousPage: false },
    outcome: { status: 'COMPLETE', scanned: 5, error: null },
    nodes: [
      {
        ...none,
        id: messageId('agent/s1', 'r1/0'),
        nativeId: 'm0',
        role: 'SYSTEM',
        nativeRole: 'system',
        createdAt: '2026-09-21T14:13:20Z',
        text: 'Be brief.',
        parts: [{ __typename: 'TextPart', nativeType: null, said: 'Be brief.' }],
      },
      {
        ...none,
        id: messageId('agent/s1', 'r1/input'),
        nativeId: 'm1',
        role: 'USER',
        nativeRole: 'user',
        createdAt: '2026-09-21T14:13:21Z',
        text: 'What is on this picture?',
        parts: [
          { __typename: 'TextPart', nativeType: null, said: 'What is on this picture?' },
          {
            __typename: 'FilePart',
            nativeType: 'image',
            modality: 'IMAGE',
            mediaType: 'image/png',
            filename: null,
            url: null,
            fileId: 'i1',
            byteLength: 5,
            base64: 'aGVsbG8=',
          },
          {
            __typename: 'OtherPart',
            nativeType: 'references',
            data: { query: 'picture', references: [{ name: 'Cats' }] },
          },
        ],
      },
      {
        ...none,
        id: messageId('agent/s1', 'r1/2'),
        nativeId: 'm2',
        role: 'ASSISTANT',
        nativeRole: 'assistant',
        name: 'one',
        createdAt: '2026-09-21T14:13:22Z',
        model: 'gpt-5',
        usage: { inputTokens: 11, outputTokens: 7 },
        text: '',
        parts: [
          {
            __typename: 'ReasoningPart',
            nativeType: 'reasoning_content',
            thought: 'I should look.',
            redacted: false,
          },
          { __typename: 'ReasoningPart', nativeType: 'redacted_reasoning_content', thought: null, redacted: true },
          {
            __typename: 'ToolCallPart',
            nativeType: 'function',
            toolCallId: 'call_1',
            name: 'look',
            arguments: { deep: true, big: '9007199254740993' },
            argumentsText: null,
            state: 'SUCCEEDED',
            result: cat,
          },
        ],
      },
      {
        ...none,
        id: messageId('agent/s1', 'r1/3'),
        nativeId: 'm3',
        role: 'TOOL',
        nativeRole: 'tool',
        createdAt: '2026-09-21T14:13:23Z',
        text: '',
        parts: [{ __typename: 'ToolResultPart', ...cat }],
      },
      {
        ...none,
        id: messageId('agent/s1', 'r1/4'),
        nativeId: 'm4',
        role: 'ASSISTANT',
        nativeRole: 'assistant',
        name: 'one',
        createdAt: null,
        model: 'gpt-5',
        text: 'A cat.',
        parts: [{ __typename: 'TextPart', nativeType: null, said: 'A cat.' }],
      },
    ],
  });
  expect(server.requests).toEqual(['GET /sessions/s1?type=agent', 'GET /sessions/s1/runs?type=agent']);
});

test('the conversation is read from the same database, as the same user, as the session', async () => {
  const { server, asked } = await start({
    runs: () => [],
    type: 'workflow',
    source: { dbId: 'db-1', table: 'old', user: { constant: 'alice' } },
  });
  const connection = await messagesOf(asked, 'totalCount nodes { id } outcome { status scanned }', 'workflow');
  expect(connection).toEqual({ totalCount: 0, nodes: [], outcome: { status: 'COMPLETE', scanned: 0 } });
  expect(server.requests).toEqual([
    'GET /sessions/s1?type=workflow&db_id=db-1&table=old&user_id=alice',
    'GET /sessions/s1/runs?type=workflow&db_id=db-1&table=old&user_id=alice',
  ]);
});

/** Each message in a line: its turn, the turn around it, who speaks, what it is doing, and its parts in short. */
async function linesOf(name: string, type: 'agent' | 'team' | 'workflow' = 'agent'): Promise<readonly string[]> {
  const fields = `turnId parentTurnId role name status error { message } text parts {
    __typename ... on ToolCallPart { name state result { text } } ... on FilePart { mediaType byteLength } ... on OtherPart { nativeType }
  }`;
  const nodes = await told(real[name] as readonly unknown[], fields, type);
  return nodes.map((node) => {
    const all = node.parts as readonly Readonly<Record<string, unknown>>[];
    const others = all
      .filter(({ __typename }) => !['TextPart', 'ReasoningPart', 'ToolResultPart'].includes(String(__typename)))
      .map(({ __typename, ...part }) => JSON.stringify(part));
    const turns = [node.turnId, node.parentTurnId].map((id) => String(id ?? '').slice(0, 4)).join('<');
    const error = (node.error as { message: string } | null)?.message ?? [];
    return [turns, node.role, node.name ?? [], node.status, error, String(node.text).split('\n')[0] || [], others]
      .flat(2)
      .join(' ');
  });
}

test.each([
  [
    's-tool',
    'agent',
    [
      '3963< SYSTEM COMPLETED be nice',
      '3963< USER COMPLETED use the tool please',
      '3963< ASSISTANT live COMPLETED {"name":"add_one","state":"SUCCEEDED","result":{"text":"42"}}',
      '3963< TOOL COMPLETED',
      '3963< ASSISTANT live COMPLETED Result: 42',
      // The copies of the first run, which are in the second too, are not told again.
      'ec5c< SYSTEM COMPLETED be nice',
      'ec5c< USER COMPLETED second',
      'ec5c< ASSISTANT live COMPLETED Echo: second',
    ],
  ],
  [
    'c-no',
    'agent',
    [
      '8a0a< SYSTEM COMPLETED be nice',
      '8a0a< USER COMPLETED confirm',
      '8a0a< ASSISTANT live COMPLETED I ask first. {"name":"danger","state":"DENIED","result":{"text":"not today"}}',
      '8a0a< TOOL COMPLETED',
      '8a0a< ASSISTANT live COMPLETED Result: not today',
    ],
  ],
  [
    's-confirm',
    'agent',
    [
      '4db5< SYSTEM COMPLETED be nice',
      '4db5< USER COMPLETED confirm',
      '4db5< ASSISTANT live WAITING I ask first. {"name":"danger","state":"WAITING_FOR_APPROVAL","result":null}',
    ],
  ],
  [
    's-boom',
    'agent',
    [
      '3fd4< SYSTEM COMPLETED be nice',
      '3fd4< USER COMPLETED boom-after tool',
      '3fd4< ASSISTANT live COMPLETED {"name":"add_one","state":"SUCCEEDED","result":{"text":"42"}}',
      '3fd4< TOOL COMPLETED',
      '3fd4< ASSISTANT live FAILED the model broke after the tool',
    ],
  ],
  [
    'c-regen',
    'agent',
    ['baa0< SYSTEM COMPLETED be nice', 'baa0< USER COMPLETED hello', 'baa0< ASSISTANT live COMPLETED Echo: hello'],
  ],
  ['c-bg', 'agent', ['172b< USER IN_PROGRESS slow']],
  [
    's-media',
    'agent',
    [
      'e7d0< SYSTEM COMPLETED be nice',
      'e7d0< USER COMPLETED look {"mediaType":"image/png","byteLength":12} {"mediaType":"text/plain","byteLength":6}',
      'e7d0< ASSISTANT live COMPLETED Echo: look',
    ],
  ],
  [
    's-team',
    'team',
    [
      '7648<5e8b USER COMPLETED do it',
      '7648<5e8b ASSISTANT member COMPLETED Echo: do it',
      '5e8b< SYSTEM COMPLETED <team>',
      '5e8b< USER COMPLETED delegate',
      '5e8b< ASSISTANT team COMPLETED {"name":"delegate_task_to_member","state":"SUCCEEDED","result":{"text":"Echo: do it"}}',
      '5e8b< TOOL COMPLETED',
      '5e8b< ASSISTANT team COMPLETED Result: Echo: do it',
      '342e< SYSTEM COMPLETED <team>',
      '342e< USER COMPLETED hello',
      '342e< ASSISTANT team COMPLETED Echo: hello',
    ],
  ],
  [
    's-wf',
    'workflow',
    [
      '844b< USER COMPLETED flow',
      '49e4<844b USER COMPLETED flow',
      '49e4<844b ASSISTANT bare COMPLETED Echo: flow',
      'c371<844b SYSTEM COMPLETED <team>',
      'c371<844b USER COMPLETED fn: Echo: flow',
      'c371<844b ASSISTANT team COMPLETED Echo: fn: Echo: flow',
      '844b< ASSISTANT wf COMPLETED Echo: fn: Echo: flow {"nativeType":"step_result"}',
    ],
  ],
] as const)('what a server of 3.1.10 answered for %s is told', async (name, type, lines) => {
  expect(await linesOf(name, type)).toEqual(lines);
});

test.each([
  ['RUNNING', 'IN_PROGRESS', 'RUNNING'],
  ['PENDING', 'IN_PROGRESS', 'RUNNING'],
  ['PAUSED', 'WAITING', 'PENDING'],
  ['ERROR', 'FAILED', 'UNKNOWN'],
  ['CANCELLED', 'CANCELLED', 'CANCELLED'],
  ['COMPLETED', 'COMPLETED', 'UNKNOWN'],
  ['DREAMING', 'UNKNOWN', 'UNKNOWN'],
  [undefined, 'COMPLETED', 'UNKNOWN'],
])('the last message of a run that is %s is %s, and a call without an answer %s', async (status, message, call) => {
  const messages = [user, { ...calling('c1'), content: 'So far.' }];
  const nodes = await told(
    [run({ status, messages, content: 'So far.' })],
    'role status error { code message } parts { ... on ToolCallPart { state } }',
  );
  const error = status === 'ERROR' ? { code: null, message: null } : null;
  expect(nodes).toEqual([
    { role: 'USER', status: 'COMPLETED', error: null, parts: [{}] },
    { role: 'ASSISTANT', status: message, error, parts: [{}, { state: call }] },
  ]);
});

test.each([
  ['asks for leave', { requires_confirmation: true }, 'WAITING_FOR_APPROVAL'],
  ['was allowed', { requires_confirmation: true, confirmed: true }, 'PENDING'],
  ['was refused', { requires_confirmation: false, confirmed: false }, 'DENIED'],
  ['asks for input', { requires_user_input: true, answered: false }, 'WAITING_FOR_APPROVAL'],
  ['has its input', { requires_user_input: true, answered: true }, 'PENDING'],
  ['is for somebody else', { external_execution_required: true }, 'WAITING_FOR_APPROVAL'],
  ['was done by somebody else', { external_execution_required: true, result: 'done' }, 'SUCCEEDED'],
  ['failed', { tool_call_error: true, result: 'broken' }, 'FAILED'],
  ['is not known', null, 'PENDING'],
])('a call that %s is told so, by what the run says beside its messages', async (_, execution, state) => {
  const tools = [execution === null ? 'nonsense' : { tool_call_id: 'c1', tool_name: 'look', ...execution }];
  const [, message] = await told(
    [run({ status: 'PAUSED', messages: [user, calling('c1')], tools })],
    'parts { ... on ToolCallPart { state result { text isError } } }',
  );
  const { result: text, tool_call_error: isError = false } = { result: null, ...execution } as Record<string, unknown>;
  expect(message).toEqual({ parts: [{ state, result: text === null ? null : { text, isError } }] });
});

test('2.3 does not say that a run waits, but its calls do, and says nothing of its failures', async () => {
  const tools = [{ tool_call_id: 'c1', requires_confirmation: true, confirmed: null, result: null }];
  const { status: _, ...older } = run({ messages: [user, calling('c1')], tools });
  const { status: __, ...failed } = run({ run_id: 'r2', run_input: 'Again', content: 'the model broke' });
  const { status: ___, ...done } = run({
    run_id: 'r3',
    messages: [calling('c1')],
    tools: [{ tool_call_id: 'c1', external_execution_required: true, result: 'done' }],
  });
  const nodes = await told([older, failed, done], 'turnId role status text parts { ... on ToolCallPart { state } }');
  expect(nodes).toEqual([
    { turnId: 'r1', role: 'USER', status: 'COMPLETED', text: 'Hello', parts: [{}] },
    { turnId: 'r1', role: 'ASSISTANT', status: 'WAITING', text: '', parts: [{ state: 'WAITING_FOR_APPROVAL' }] },
    { turnId: 'r2', role: 'USER', status: 'COMPLETED', text: 'Again', parts: [{}] },
    { turnId: 'r2', role: 'ASSISTANT', status: 'COMPLETED', text: 'the model broke', parts: [{}] },
    { turnId: 'r3', role: 'ASSISTANT', status: 'COMPLETED', text: '', parts: [{ state: 'SUCCEEDED' }] },
  ]);
});

test('a model that numbers its calls anew gets the answers of each turn, and of each call', async () => {
  const answering = (content: string) => ({ role: 'tool', tool_call_id: 'c1', content });
  const nodes = await told(
    [
      run({ messages: [user, calling('c1'), answering('one'), calling('c1'), answering('two')] }),
      run({ run_id: 'r2', messages: [user, calling('c1'), answering('three')] }),
    ],
    'role parts { ... on ToolCallPart { result { text } } }',
  );
  const texts = nodes
    .filter(({ role }) => role === 'ASSISTANT')
    .flatMap((node) => (node.parts as { result: { text: string } }[]).map((part) => part.result.text));
  expect(texts).toEqual(['one', 'two', 'three']);
});

test('some models of 2.3 have all results of a turn in one message, and counts of tokens in lists', async () => {
  const [call, results] = await told(
    [
      run({
        messages: [
          {
            role: 'assistant',
            tool_calls: [...calling('c1', 'a').tool_calls, ...calling('c2', 'b').tool_calls],
            metrics: { input_tokens: [3, 4], output_tokens: [5] },
          },
          {
            role: 'tool',
            content: ['one', 'two'],
            tool_name: 'a, b',
            tool_calls: [
              { tool_call_id: 'c1', tool_name: 'a', content: 'one' },
              { tool_call_id: 'c2', tool_name: 'b', content: 'two' },
            ],
          },
        ],
      }),
    ],
    `usage { inputTokens outputTokens } parts {
      ... on ToolCallPart { name state result { text } } ... on ToolResultPart { name toolCallId text output }
    }`,
  );
  expect(call).toEqual({
    usage: { inputTokens: 7, outputTokens: 5 },
    parts: [
      { name: 'a', state: 'SUCCEEDED', result: { text: 'one' } },
      { name: 'b', state: 'SUCCEEDED', result: { text: 'two' } },
    ],
  });
  expect(results).toEqual({
    usage: null,
    parts: [
      { name: 'a', toolCallId: 'c1', text: 'one', output: null },
      { name: 'b', toolCallId: 'c2', text: 'two', output: null },
    ],
  });
});

test('runs without messages are told by their input and their answer, with what they did', async () => {
  const inside = (fields: object) => ({ agent_id: 'two', status: 'COMPLETED', created_at: 1_790_000_005, ...fields });
  const runs = [
    {
      run_id: 'w1',
      workflow_id: 'one',
      run_input: '{\n  "q": "go"\n}',
      content: { answer: 42 },
      content_type: 'dict',
      status: 'COMPLETED',
      created_at: 1_790_000_004,
      step_executor_runs: [
        inside({ run_id: 'a1', parent_run_id: 'w1', input: { input_content: 'go' }, content: 'gone', model: 'gpt-5' }),
        {
          ...inside({ run_id: 't1', input: { input_content: [{ type: 'text', text: 'listed' }] } }),
          team_id: 'three',
          member_responses: [inside({ run_id: 'm1', input: { plan: 'plain' }, content: 'member' })],
        },
      ],
      step_results: [
        { step_name: 'one', step_run_id: 'a1', content: 'gone', success: true },
        { step_name: 'two', content: 'skipped', success: false, error: 'broken' },
        'nonsense',
      ],
    },
    { run_id: 'w1', workflow_id: 'one', run_input: 'sent twice' },
    {
      workflow_id: 'one',
      run_input: 'without an id',
      content: 'answered',
      reasoning_content: 'Hm.',
      tools: [{ tool_call_id: 'c1', tool_name: 'look', tool_args: { x: 1 }, result: { y: 2 }, tool_call_error: false }],
      metrics: { input_tokens: 5, output_tokens: 6 },
      input_media: { files: [{ url: 'https://files.example/a.pdf', filepath: '/srv/in/a.pdf' }] },
    },
  ];
  const nodes = await told(
    runs,
    `id nativeId nativeRole turnId parentTurnId role name status createdAt model usage { inputTokens outputTokens } text
    parts { __typename ... on OtherPart { nativeType data } ... on FilePart { filename url }
      ... on ToolCallPart { name arguments state result { text output } } }`,
    'workflow',
  );
  const plain = {
    nativeId: null,
    nativeRole: null,
    parentTurnId: null,
    name: null,
    status: 'COMPLETED',
    createdAt: null,
    model: null,
    usage: null,
  };
  const text = { __typename: 'TextPart' };
  const id = (name: string) => messageId('workflow/s1', name);
  expect(nodes).toEqual([
    {
      ...plain,
      id: id('w1/input'),
      turnId: 'w1',
      role: 'USER',
      createdAt: '2026-09-21T14:13:24Z',
      text: '{\n  "q": "go"\n}',
      parts: [text],
    },
    {
      ...plain,
      id: id('a1/input'),
      turnId: 'a1',
      parentTurnId: 'w1',
      role: 'USER',
      createdAt: '2026-09-21T14:13:25Z',
      text: 'go',
      parts: [text],
    },
    {
      ...plain,
      id: id('a1/output'),
      turnId: 'a1',
      parentTurnId: 'w1',
      role: 'ASSISTANT',
      name: 'two',
      model: 'gpt-5',
      text: 'gone',
      parts: [text],
    },
    {
      ...plain,
      id: id('t1/input'),
      turnId: 't1',
      parentTurnId: 'w1',
      role: 'USER',
      createdAt: '2026-09-21T14:13:25Z',
      text: 'listed',
      parts: [text],
    },
    {
      ...plain,
      id: id('m1/input'),
      turnId: 'm1',
      parentTurnId: 't1',
      role: 'USER',
      createdAt: '2026-09-21T14:13:25Z',
      text: '{"plan":"plain"}',
      parts: [text],
    },
    {
      ...plain,
      id: id('m1/output'),
      turnId: 'm1',
      parentTurnId: 't1',
      role: 'ASSISTANT',
      name: 'two',
      text: 'member',
      parts: [text],
    },
    {
      ...plain,
      id: id('w1/output'),
      turnId: 'w1',
      role: 'ASSISTANT',
      name: 'one',
      text: '{"answer":42}',
      parts: [
        text,
        {
          __typename: 'OtherPart',
          nativeType: 'step_result',
          data: { step_name: 'two', content: 'skipped', success: false, error: 'broken' },
        },
        { __typename: 'OtherPart', nativeType: 'step_result', data: 'nonsense' },
      ],
    },
    {
      ...plain,
      id: id('~2/input'),
      turnId: null,
      role: 'USER',
      text: 'without an id',
      parts: [text, { __typename: 'FilePart', filename: 'a.pdf', url: 'https://files.example/a.pdf' }],
    },
    {
      ...plain,
      id: id('~2/output'),
      turnId: null,
      role: 'ASSISTANT',
      name: 'one',
      usage: { inputTokens: 5, outputTokens: 6 },
      text: 'answered',
      parts: [
        { __typename: 'ReasoningPart' },
        text,
        {
          __typename: 'ToolCallPart',
          name: 'look',
          arguments: { x: 1 },
          state: 'SUCCEEDED',
          result: { text: '{"y":2}', output: { y: 2 } },
        },
      ],
    },
  ]);
});

test.each([
  ['ERROR', { content: 'No key.' }, { status: 'FAILED', error: { message: 'No key.' }, text: '' }],
  ['ERROR', { content: { half: 1 } }, { status: 'FAILED', error: { message: null }, text: '{"half":1}' }],
  ['CANCELLED', { content: 'Stopped.' }, { status: 'CANCELLED', error: null, text: 'Stopped.' }],
])('a run that ended with %s before its model answered has an answer that says so', async (status, fields, told_) => {
  const expected = { role: 'ASSISTANT', name: 'one', usage: null, ...told_ };
  const fieldsOfMessage = 'role name status usage { inputTokens } error { message } text';
  for (const messages of [[user], undefined]) {
    const nodes = await told([run({ status, run_input: 'Hello', messages, ...fields })], fieldsOfMessage);
    expect(nodes).toEqual([expect.objectContaining({ role: 'USER', status: 'COMPLETED', text: 'Hello' }), expected]);
  }
});

test('what ran inside a run that was made again is not told either', async () => {
  const runs = [
    run({ run_id: 'inner', parent_run_id: 'old', messages: [answer] }),
    run({ run_id: 'old', agent_id: undefined, team_id: 'one', status: 'REGENERATED', messages: [user, answer] }),
    run({ run_id: 'a', parent_run_id: 'b', messages: [user] }),
    run({ run_id: 'b', parent_run_id: 'a', messages: [answer] }),
  ];
  expect(await told(runs, 'turnId', 'team')).toEqual([{ turnId: 'a' }, { turnId: 'b' }]);
});

test('the question of a run that has just begun stays the same message when its answer comes', async () => {
  let runs = [run({ status: 'PENDING', run_input: 'Hello', content: '' })];
  const { asked } = await start({ runs: () => runs });
  const selection = 'nodes { id role status text } pageInfo { endCursor }';
  const first = await messagesOf(asked, selection);
  const question = messageId('agent/s1', 'r1/input');
  expect(first.nodes).toEqual([{ id: question, role: 'USER', status: 'IN_PROGRESS', text: 'Hello' }]);
  runs = [
    run({ run_input: 'Hello', content: 'Hi.', messages: [{ role: 'system', content: 'Be brief.' }, user, answer] }),
  ];
  const next = await messagesOf(asked, selection, 'agent', `first: 5, after: "${first.pageInfo.endCursor}"`);
  const reply = messageId('agent/s1', 'r1/2');
  expect(next.nodes).toEqual([{ id: reply, role: 'ASSISTANT', status: 'COMPLETED', text: 'Hi.' }]);
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Message { status text session { nativeId } } } }';
  const ids = [question, reply, messageId('agent/s1', 'r1/output')];
  const session = { nativeId: 's1' };
  expect((await asked.ask({ query, variables: { ids } })).json).toEqual({
    data: {
      nodes: [{ status: 'COMPLETED', text: 'Hello', session }, { status: 'COMPLETED', text: 'Hi.', session }, null],
    },
  });
});

test('messages are found again where the platform makes up their ids at each read, and copies keep their places', async () => {
  let read = 0;
  const made = () => {
    read += 1;
    const messages = [{ ...user, from_history: true }, { ...answer, from_history: true }, user, answer, answer];
    return [run({ messages: messages.map((message, index) => ({ ...message, id: `${read}-${index}` })) })];
  };
  const { asked } = await start({ runs: made });
  const { nodes } = await messagesOf(asked, 'nodes { id nativeId }');
  expect(nodes).toEqual([
    { id: messageId('agent/s1', 'r1/input'), nativeId: '1-2' },
    { id: messageId('agent/s1', 'r1/3'), nativeId: '1-3' },
    { id: messageId('agent/s1', 'r1/4'), nativeId: '1-4' },
  ]);
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Message { nativeId } } }';
  const { json } = await asked.ask({ query, variables: { ids: nodes.map(({ id }) => id) } });
  expect(json).toEqual({
    data: { nodes: nodes.map(({ id }, index) => ({ id, nativeId: `2-${index + 2}` })) },
  });
});

test('files are told wherever they are, each once, and texts among them as files', async () => {
  const png = { id: 'made', content: 'aGk=', mime_type: 'image/png' };
  const [question, reply] = await told(
    [
      run({
        messages: [
          {
            ...user,
            content: null,
            images: [{ url: 'data:image/gif;base64,aGk=' }],
            files: [
              { id: 'f1', content: 'TestData', mime_type: 'text/plain', filename: 'a.txt' },
              { id: 'f2', content: 'name,age', mime_type: 'application/csv', name: 'b' },
              {
                id: 'f3',
                media_reference: { url: 'https://store.example/c', mime_type: 'application/pdf', filename: 'c.pdf' },
              },
            ],
            videos: [{ filepath: 'C:\\films\\d.mp4' }, 'nonsense'],
            audio: 'nonsense',
          },
          {
            role: 'assistant',
            images: [png],
            audio_output: { id: 'a1', content: 'aGk=', transcript: 'Spoken.' },
          },
        ],
        images: [png, { id: 'other', url: 'https://images.example/e' }],
        response_audio: { id: 'a1', content: 'aGk=' },
      }),
    ],
    `text ${'parts { __typename nativeType ... on FilePart { modality mediaType filename url fileId base64 } }'}`,
  );
  const file = { __typename: 'FilePart', mediaType: null, filename: null, url: null, fileId: null, base64: null };
  expect(question).toEqual({
    text: '',
    parts: [
      { ...file, nativeType: 'image', modality: 'IMAGE', mediaType: 'image/gif', base64: 'aGk=' },
      { ...file, nativeType: 'video', modality: 'VIDEO', filename: 'd.mp4' },
      {
        ...file,
        nativeType: 'file',
        modality: 'DOCUMENT',
        mediaType: 'text/plain',
        filename: 'a.txt',
        fileId: 'f1',
        base64: 'VGVzdERhdGE=',
      },
      {
        ...file,
        nativeType: 'file',
        modality: 'DOCUMENT',
        mediaType: 'application/csv',
        filename: 'b',
        fileId: 'f2',
        base64: 'bmFtZSxhZ2U=',
      },
      {
        ...file,
        nativeType: 'file',
        modality: 'DOCUMENT',
        mediaType: 'application/pdf',
        filename: 'c.pdf',
        url: 'https://store.example/c',
        fileId: 'f3',
      },
    ],
  });
  expect(reply).toEqual({
    text: 'Spoken.',
    parts: [
      { __typename: 'TextPart', nativeType: 'transcript' },
      { ...file, nativeType: 'audio_output', modality: 'AUDIO', fileId: 'a1', base64: 'aGk=' },
      { ...file, nativeType: 'image', modality: 'IMAGE', mediaType: 'image/png', fileId: 'made', base64: 'aGk=' },
      { ...file, nativeType: 'image', modality: 'IMAGE', url: 'https://images.example/e', fileId: 'other' },
    ],
  });
});

test('parts and roles that nobody knows are told as they are', async () => {
  const nodes = await told(
    [
      run({
        messages: [
          {
            role: 'prophet',
            content: [
              { type: 'text', text: 'See' },
              'this',
              { type: 'image_url', image_url: { url: 'https://x.example/y.png' } },
              { type: 'image_url', image_url: 'https://x.example/z.png' },
              { type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } },
              { type: 'file', file: { file_data: 'data:application/pdf;base64,aGk=', filename: 'a.pdf' } },
              { type: 'file', file: { file_data: 'aGk=' } },
              { type: 'hologram', shape: 'cat' },
              7,
            ],
          },
          {
            role: 'assistant',
            tool_calls: [{ type: 'web_search', query: 'cats' }, calling('c1', 'f', '{"x": 4').tool_calls[0]],
            metrics: { input_tokens: 1.5, output_tokens: 3e9 },
          },
          {
            role: 'tool',
            tool_call_id: 'c1',
            content: [{ type: 'text', text: 'one' }, { type: 'text', text: 'two' }, { type: 'hologram' }],
          },
          { role: 'assistant', content: { answer: 42 } },
        ],
      }),
    ],
    `role nativeRole text usage { inputTokens } parts {
      __typename nativeType
      ... on FilePart { modality mediaType filename url base64 }
      ... on OtherPart { data }
      ... on ToolCallPart { arguments argumentsText result { text } }
      ... on ToolResultPart { text output }
    }`,
  );
  const file = { __typename: 'FilePart', mediaType: null, filename: null, url: null, base64: null };
  expect(nodes).toEqual([
    {
      role: 'UNKNOWN',
      nativeRole: 'prophet',
      text: 'See\nthis',
      usage: null,
      parts: [
        { __typename: 'TextPart', nativeType: 'text' },
        { __typename: 'TextPart', nativeType: null },
        { ...file, nativeType: 'image_url', modality: 'IMAGE', url: 'https://x.example/y.png' },
        { ...file, nativeType: 'image_url', modality: 'IMAGE', url: 'https://x.example/z.png' },
        { ...file, nativeType: 'input_audio', modality: 'AUDIO', base64: 'aGk=' },
        {
          ...file,
          nativeType: 'file',
          modality: 'DOCUMENT',
          mediaType: 'application/pdf',
          filename: 'a.pdf',
          base64: 'aGk=',
        },
        { ...file, nativeType: 'file', modality: 'DOCUMENT', base64: 'aGk=' },
        { __typename: 'OtherPart', nativeType: 'hologram', data: { type: 'hologram', shape: 'cat' } },
        { __typename: 'OtherPart', nativeType: null, data: 7 },
      ],
    },
    {
      role: 'ASSISTANT',
      nativeRole: 'assistant',
      text: '',
      usage: null,
      parts: [
        { __typename: 'OtherPart', nativeType: 'web_search', data: { type: 'web_search', query: 'cats' } },
        {
          __typename: 'ToolCallPart',
          nativeType: 'function',
          arguments: null,
          argumentsText: '{"x": 4',
          result: { text: 'one\ntwo' },
        },
      ],
    },
    {
      role: 'TOOL',
      nativeRole: 'tool',
      text: '',
      usage: null,
      parts: [
        {
          __typename: 'ToolResultPart',
          nativeType: null,
          text: 'one\ntwo',
          output: [{ type: 'text', text: 'one' }, { type: 'text', text: 'two' }, { type: 'hologram' }],
        },
      ],
    },
    {
      role: 'ASSISTANT',
      nativeRole: 'assistant',
      text: '{"answer":42}',
      usage: null,
      parts: [{ __typename: 'TextPart', nativeType: null }],
    },
  ]);
});

test('when the session is gone meanwhile, the field says so and the list stands', async () => {
  const { server, asked } = await start({ runs: () => null });
  const { json } = await asked.ask({ query: '{ sessions { nodes { nativeId messages(last: 1) { nodes { id } } } } }' });
  expect(json).toMatchObject({
    data: { sessions: { nodes: [{ nativeId: 's1', messages: null }] } },
    errors: [
      {
        message: 'Source "agno" no longer has this session.',
        path: ['sessions', 'nodes', 0, 'messages'],
        extensions: { code: 'UPSTREAM_NOT_FOUND' },
      },
    ],
  });
  expect(server.requests).toEqual([
    'GET /sessions?sort_by=created_at&sort_order=desc&limit=21&page=1',
    'GET /sessions/s1/runs?type=agent',
  ]);
});

test('nobody opens the conversation of another user, neither by the session nor by a message', async () => {
  const { server, asked } = await start({
    runs: () => [run({ messages: [user, answer] })],
    source: { user: 'viewer' },
    server: { auth: { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret } },
  });
  const query = `query ($session: ID!, $message: ID!) {
    session(id: $session) { messages(last: 1) { nodes { text } } }
    node(id: $message) { ... on Message { text } }
  }`;
  const variables = { session: globalId('session', 'agent/s1'), message: messageId('agent/s1', 'r1/1') };
  const as = (viewer: string) =>
    asked.ask({ query, variables }, { 'x-viewer': viewer, 'x-proxy-secret': secret }).then(({ json }) => json);
  expect(await as('bob')).toEqual({ data: { session: null, node: null } });
  expect(server.requests).toEqual(['GET /sessions/s1?type=agent&user_id=bob']);
  expect(await as('alice')).toEqual({
    data: { session: { messages: { nodes: [{ text: 'Hi.' }] } }, node: { text: 'Hi.' } },
  });
  expect(server.requests.slice(1)).toEqual([
    'GET /sessions/s1?type=agent&user_id=alice',
    'GET /sessions/s1/runs?type=agent&user_id=alice',
  ]);
});

test('an id of a run that cannot be part of an id does not fail its messages', async () => {
  const messages = await told([run({ run_id: 'r\ud800', messages: [user, answer] })], 'id turnId text');
  expect(messages).toEqual([
    { id: globalId('message', 'agent/s1/~0%2Finput'), turnId: null, text: 'Hello' },
    { id: globalId('message', 'agent/s1/~0%2F1'), turnId: null, text: 'Hi.' },
  ]);
});
