import { describe, expect, test } from 'vitest';
import { toNodeId } from '../../src/entities/node-id.ts';
import { open } from '../server/ask.ts';
import { startProject, type Written } from './foundry-responses.ts';

const id = toNodeId('session', { sourceId: 'foundry', key: 'refunds/session-1' });

const parts = `parts {
  __typename nativeType
  ... on TextPart { text }
  ... on ReasoningPart { thoughts: text redacted }
  ... on ToolCallPart { toolCallId name arguments argumentsText state result { toolCallId name text output isError } }
  ... on ToolResultPart { toolCallId name resultText: text output isError }
  ... on FilePart { modality mediaType filename url fileId byteLength base64 }
  ... on OtherPart { data }
}`;

const whole = `query ($id: ID!) {
  session(id: $id) {
    messages(first: 100) {
      nodes {
        nativeId turnId role nativeRole name status createdAt finishedAt model usage { inputTokens outputTokens }
        error { code message } ${parts}
      }
      pageInfo { hasNextPage hasPreviousPage }
      totalCount
      outcome { status error { code message } scanned totalCount }
    }
  }
}`;

const sessions = { refunds: ['session-1', 'session-2'] };

function said(role: string, itemId: string, text: string) {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'message', id: itemId, role, status: 'completed', content: [{ type, text }] };
}

/** A response of the session to one message, which it answers with one. */
function turn(name: string, more: Partial<Written> = {}): Written {
  return {
    id: `resp_${name}`,
    agent: 'refunds',
    agent_session_id: 'session-1',
    status: 'completed',
    input: [said('user', `ask_${name}`, `Question ${name}`)],
    output: [said('assistant', `say_${name}`, `Answer ${name}`)],
    ...more,
  };
}

interface Asked {
  readonly data: {
    readonly session: {
      readonly messages: {
        readonly nodes: readonly Message[];
        readonly pageInfo: {
          readonly startCursor: string;
          readonly endCursor: string;
          readonly hasNextPage: boolean;
          readonly hasPreviousPage: boolean;
        };
      };
    };
  };
}

interface Message {
  readonly id: string;
  readonly text: string;
  readonly role: string;
  readonly status: string;
  readonly parts: readonly Readonly<Record<string, unknown>>[];
}

function messagesOf(json: unknown): Asked['data']['session']['messages'] {
  const messages = (json as Asked).data?.session?.messages;
  if (messages === undefined) throw new Error(`No messages: ${JSON.stringify(json)}`);
  return messages;
}

/** Of one response alone, with everything that its messages say. */
async function told(response: Partial<Written>, ...next: readonly Written[]): Promise<readonly Message[]> {
  const project = await startProject({ sessions, responses: [turn('1', response), ...next] });
  const { json } = await project.ask(whole, { id });
  return messagesOf(json).nodes;
}

describe('without the setting', () => {
  test('the messages of a session are not asked for, and the outcome says what to set', async () => {
    const project = await startProject({ sessions, responses: [turn('1')], settings: {} });
    const { json, requests } = await project.ask(
      `query ($id: ID!) { session(id: $id) { messages(last: 5) {
        nodes { text } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
        outcome { status error { code message retryable } scanned }
      } } }`,
      { id },
    );
    expect(json).toEqual({
      data: {
        session: {
          messages: {
            nodes: [],
            pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
            totalCount: null,
            outcome: {
              status: 'UNSUPPORTED',
              error: {
                code: 'MESSAGES_UNSUPPORTED',
                message:
                  'Source "foundry" has sessions that are sandboxes and hold no messages: set `conversations: { scan: true }` in its configuration to search the responses of their agents for them.',
                retryable: false,
              },
              scanned: 0,
            },
          },
        },
      },
    });
    expect(requests).toEqual(['GET /agents/refunds/endpoint/sessions/session-1']);
  });

  test.each([
    [{ conversations: { scan: 'yes' } }, 'sources[0].conversations.scan  must be true or false'],
    [{ conversations: { scans: true } }, 'sources[0].conversations.scans'],
    [{ conversations: true }, 'sources[0].conversations  must be a mapping'],
  ])('%j is no configuration', (settings, message) => {
    const source = { id: 'foundry', provider: 'foundry', url: 'http://127.0.0.1:9', ...settings };
    expect(() => open({ sources: [source] })).toThrow(message);
  });
});

/** As the platform tells it: each response repeats the history of the one before. */
const dialogue: readonly Written[] = (() => {
  const instructions = { type: 'message', id: 'msg_0', role: 'developer', content: 'Be kind.' };
  const question = {
    type: 'message',
    id: 'msg_1',
    role: 'user',
    content: [
      { type: 'input_text', text: 'Where is my order?' },
      { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'auto' },
    ],
  };
  const calls = [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Look it up.' }] },
    {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'find_order',
      arguments: '{"number":7}',
      status: 'completed',
    },
    {
      type: 'function_call',
      id: 'fc_2',
      call_id: 'call_2',
      name: 'track',
      arguments: 'order seven',
      status: 'completed',
    },
  ];
  const results = [
    { type: 'function_call_output', id: 'fco_1', call_id: 'call_1', output: 'Sent on Monday.', status: 'completed' },
    { type: 'function_call_output', id: 'fco_2', call_id: 'call_2', output: 'No such parcel.', status: 'incomplete' },
  ];
  const reply = said('assistant', 'msg_2', 'It was sent on Monday.');
  return [
    {
      id: 'resp_1',
      agent: 'refunds',
      agent_session_id: 'session-1',
      agent_reference: { type: 'agent_reference', name: 'refunds', version: '3' },
      status: 'completed',
      model: 'gpt-5',
      created_at: 1_800_000_000,
      completed_at: 1_800_000_004,
      usage: { input_tokens: 120, output_tokens: 30, total_tokens: 150 },
      input: [instructions, question],
      output: calls,
    },
    { ...turn('other'), agent_session_id: 'session-2' },
    {
      id: 'resp_2',
      agent: 'refunds',
      agent_session_id: 'session-1',
      previous_response_id: 'resp_1',
      status: 'completed',
      model: 'gpt-5',
      created_at: 1_800_000_005,
      completed_at: 1_800_000_009,
      usage: { input_tokens: 170, output_tokens: 12, total_tokens: 182 },
      input: [instructions, question, ...calls, ...results],
      output: [reply],
    },
    { ...turn('unknown'), agent_session_id: null },
    {
      id: 'resp_3',
      agent: 'refunds',
      agent_session_id: 'session-1',
      previous_response_id: 'resp_2',
      status: 'failed',
      model: 'gpt-5',
      created_at: 1_800_000_060,
      error: { code: 'server_error', message: 'The model is overloaded.' },
      input: [instructions, question, ...calls, ...results, reply, said('user', 'msg_3', 'Thank you!')],
      output: [],
    },
  ];
})();

const nothing = { name: null, finishedAt: null, model: null, usage: null, error: null };
const first = { ...nothing, turnId: 'resp_1', status: 'COMPLETED', createdAt: '2027-01-15T08:00:00Z' };
const second = { ...nothing, turnId: 'resp_2', status: 'COMPLETED', createdAt: '2027-01-15T08:00:05Z' };
const third = { ...nothing, turnId: 'resp_3', status: 'COMPLETED', createdAt: '2027-01-15T08:01:00Z' };

describe('with it', () => {
  test('the responses of a session are one conversation, in which nothing comes twice', async () => {
    const project = await startProject({ sessions, responses: dialogue });
    const { json, requests } = await project.ask(whole, { id });
    expect(json).toEqual({
      data: {
        session: {
          messages: {
            nodes: [
              {
                ...first,
                nativeId: 'msg_0',
                role: 'SYSTEM',
                nativeRole: 'developer',
                parts: [{ __typename: 'TextPart', nativeType: null, text: 'Be kind.' }],
              },
              {
                ...first,
                nativeId: 'msg_1',
                role: 'USER',
                nativeRole: 'user',
                parts: [
                  { __typename: 'TextPart', nativeType: 'input_text', text: 'Where is my order?' },
                  {
                    __typename: 'FilePart',
                    nativeType: 'input_image',
                    modality: 'IMAGE',
                    mediaType: 'image/png',
                    filename: null,
                    url: null,
                    fileId: null,
                    byteLength: 8,
                    base64: 'iVBORw0KGgo=',
                  },
                ],
              },
              {
                ...first,
                nativeId: 'rs_1',
                role: 'ASSISTANT',
                nativeRole: null,
                name: 'refunds',
                finishedAt: '2027-01-15T08:00:04Z',
                model: 'gpt-5',
                usage: { inputTokens: 120, outputTokens: 30 },
                parts: [
                  { __typename: 'ReasoningPart', nativeType: 'reasoning', thoughts: 'Look it up.', redacted: false },
                  {
                    __typename: 'ToolCallPart',
                    nativeType: 'function_call',
                    toolCallId: 'call_1',
                    name: 'find_order',
                    arguments: { number: 7 },
                    argumentsText: null,
                    state: 'SUCCEEDED',
                    result: {
                      toolCallId: 'call_1',
                      name: 'find_order',
                      text: 'Sent on Monday.',
                      output: null,
                      isError: false,
                    },
                  },
                  {
                    __typename: 'ToolCallPart',
                    nativeType: 'function_call',
                    toolCallId: 'call_2',
                    name: 'track',
                    arguments: null,
                    argumentsText: 'order seven',
                    state: 'FAILED',
                    result: {
                      toolCallId: 'call_2',
                      name: 'track',
                      text: 'No such parcel.',
                      output: null,
                      isError: true,
                    },
                  },
                ],
              },
              {
                ...second,
                nativeId: 'fco_1',
                role: 'TOOL',
                nativeRole: null,
                parts: [
                  {
                    __typename: 'ToolResultPart',
                    nativeType: 'function_call_output',
                    toolCallId: 'call_1',
                    name: null,
                    resultText: 'Sent on Monday.',
                    output: null,
                    isError: false,
                  },
                ],
              },
              {
                ...second,
                nativeId: 'fco_2',
                role: 'TOOL',
                nativeRole: null,
                parts: [
                  {
                    __typename: 'ToolResultPart',
                    nativeType: 'function_call_output',
                    toolCallId: 'call_2',
                    name: null,
                    resultText: 'No such parcel.',
                    output: null,
                    isError: true,
                  },
                ],
              },
              {
                ...second,
                nativeId: 'msg_2',
                role: 'ASSISTANT',
                nativeRole: 'assistant',
                finishedAt: '2027-01-15T08:00:09Z',
                model: 'gpt-5',
                usage: { inputTokens: 170, outputTokens: 12 },
                parts: [{ __typename: 'TextPart', nativeType: 'output_text', text: 'It was sent on Monday.' }],
              },
              {
                ...third,
                nativeId: 'msg_3',
                role: 'USER',
                nativeRole: 'user',
                parts: [{ __typename: 'TextPart', nativeType: 'input_text', text: 'Thank you!' }],
              },
              {
                ...third,
                nativeId: null,
                role: 'ASSISTANT',
                nativeRole: null,
                status: 'FAILED',
                model: 'gpt-5',
                error: { code: 'server_error', message: 'The model is overloaded.' },
                parts: [],
              },
            ],
            pageInfo: { hasNextPage: false, hasPreviousPage: false },
            totalCount: 8,
            outcome: { status: 'COMPLETE', error: null, scanned: 13, totalCount: 8 },
          },
        },
      },
    });
    expect(requests.slice(0, 2)).toEqual([
      'GET /agents/refunds/endpoint/sessions/session-1',
      'GET /openai/v1/responses?agent_name=refunds&order=desc&limit=100',
    ]);
    expect(requests.slice(2).toSorted()).toEqual([
      'GET /openai/v1/responses/resp_1/input_items?order=desc&limit=100',
      'GET /openai/v1/responses/resp_2/input_items?order=desc&limit=100',
      'GET /openai/v1/responses/resp_3/input_items?order=desc&limit=100',
    ]);
  });

  test('the last message of every session of a page is in the list of responses, which is asked for once', async () => {
    const project = await startProject({
      sessions,
      responses: [turn('1'), turn('2', { agent_session_id: 'session-2' }), turn('3')],
    });
    const { json, requests } = await project.ask(
      '{ sessions(first: 20) { nodes { nativeId messages(last: 1) { nodes { text } outcome { status scanned } } } } }',
    );
    const outcome = { status: 'COMPLETE', scanned: 4 };
    expect(json).toEqual({
      data: {
        sessions: {
          nodes: expect.arrayContaining([
            { nativeId: 'session-1', messages: { nodes: [{ text: 'Answer 3' }], outcome } },
            { nativeId: 'session-2', messages: { nodes: [{ text: 'Answer 2' }], outcome } },
          ]),
        },
      },
    });
    expect(requests).toEqual([
      'GET /agents?kind=hosted&order=desc&limit=100',
      'GET /agents/refunds/endpoint/sessions?order=desc&limit=21',
      'GET /openai/v1/responses?agent_name=refunds&order=desc&limit=100',
    ]);
  });

  test('the last messages of a session need the input of the last responses only', async () => {
    const responses = Array.from({ length: 40 }, (_, at) => turn(`${at}`));
    const project = await startProject({ sessions, responses });
    const page = 'nodes { text } pageInfo { startCursor hasPreviousPage } totalCount outcome { status }';
    const last = await project.ask(`query ($id: ID!) { session(id: $id) { messages(last: 4) { ${page} } } }`, { id });
    expect(last.json).toMatchObject({
      data: {
        session: {
          messages: {
            nodes: [{ text: 'Question 38' }, { text: 'Answer 38' }, { text: 'Question 39' }, { text: 'Answer 39' }],
            pageInfo: { hasPreviousPage: true },
            totalCount: null,
            outcome: { status: 'COMPLETE' },
          },
        },
      },
    });
    const list = [
      'GET /agents/refunds/endpoint/sessions/session-1',
      'GET /openai/v1/responses?agent_name=refunds&order=desc&limit=100',
    ];
    const inputs = (...names: readonly string[]) =>
      names.map((name) => `GET /openai/v1/responses/resp_${name}/input_items?order=desc&limit=100`);
    expect(last.requests.toSorted()).toEqual([...list, ...inputs('38', '39')].toSorted());

    const { startCursor: before } = messagesOf(last.json).pageInfo;
    const previous = await project.ask(
      `query ($id: ID!, $before: String) { session(id: $id) { messages(last: 3, before: $before) { ${page} } } }`,
      { id, before },
    );
    expect(previous.json).toMatchObject({
      data: {
        session: { messages: { nodes: [{ text: 'Answer 36' }, { text: 'Question 37' }, { text: 'Answer 37' }] } },
      },
    });
    // The message of the cursor is an input, which is read again to find what is before it.
    expect(previous.requests.toSorted()).toEqual([...list, ...inputs('37', '38')].toSorted());
  });

  test('pages forward and back tell the whole conversation, in steps of any size', async () => {
    const responses = [
      turn('0', { output: [] }),
      ...Array.from({ length: 8 }, (_, at) => turn(`${at + 1}`)),
      turn('9', { input: [], output: [said('assistant', 'a', 'One'), said('assistant', 'b', 'Two')] }),
      turn('10', { status: 'in_progress', output: [] }),
    ];
    const project = await startProject({ sessions, responses });
    const texts = [
      'Question 0',
      ...Array.from({ length: 8 }, (_, at) => [`Question ${at + 1}`, `Answer ${at + 1}`]).flat(),
      'One',
      'Two',
      'Question 10',
    ];
    const query = (page: string) => `query ($id: ID!, $cursor: String) { session(id: $id) { messages(${page}) {
      nodes { text } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    } } }`;
    for (const size of [1, 2, 3, 7, 100]) {
      const forward: string[] = [];
      for (let cursor: string | null = null, more = true; more; ) {
        const page = messagesOf((await project.ask(query(`first: ${size}, after: $cursor`), { id, cursor })).json);
        forward.push(...page.nodes.map(({ text }) => text));
        more = page.pageInfo.hasNextPage;
        cursor = page.pageInfo.endCursor;
      }
      expect(forward).toEqual(texts);
      const backward: string[] = [];
      for (let cursor: string | null = null, more = true; more; ) {
        const page = messagesOf((await project.ask(query(`last: ${size}, before: $cursor`), { id, cursor })).json);
        backward.unshift(...page.nodes.map(({ text }) => text));
        more = page.pageInfo.hasPreviousPage;
        cursor = page.pageInfo.startCursor;
      }
      expect(backward).toEqual(texts);
    }
  });

  test('a message is asked for again by its id, and roles are chosen', async () => {
    const project = await startProject({ sessions, responses: [turn('1'), turn('2'), turn('3')] });
    const users = await project.ask(
      'query ($id: ID!) { session(id: $id) { messages(first: 2, roles: [USER]) { nodes { id text } totalCount } } }',
      { id },
    );
    const [, chosen] = messagesOf(users.json).nodes;
    expect(chosen).toEqual({ id: expect.any(String), text: 'Question 2' });
    const { json } = await project.ask(
      'query ($id: ID!) { node(id: $id) { ... on Message { text session { id } } } }',
      {
        id: chosen?.id,
      },
    );
    expect(json).toEqual({ data: { node: { text: 'Question 2', session: { id } } } });
  });

  test('the newest 1,000 responses are searched, and the outcome says that there may be more', async () => {
    const responses = Array.from({ length: 1_001 }, (_, at) =>
      turn(`${at}`, { agent_session_id: at % 500 === 0 ? 'session-1' : 'session-2' }),
    );
    const project = await startProject({ sessions, responses });
    const { json, requests } = await project.ask(
      `query ($id: ID!) { session(id: $id) { messages(first: 10) {
        nodes { text } totalCount outcome { status scanned error { code message } }
      } } }`,
      { id },
    );
    expect(json).toEqual({
      data: {
        session: {
          messages: {
            nodes: ['Question 500', 'Answer 500', 'Question 1000', 'Answer 1000'].map((text) => ({ text })),
            totalCount: null,
            outcome: {
              status: 'PARTIAL',
              scanned: 1_004,
              error: {
                code: 'SCAN_BUDGET_EXCEEDED',
                message:
                  'Source "foundry" has more messages to search than one page may read; those that were not searched are missing.',
              },
            },
          },
        },
      },
    });
    // The newest are all there.
    const last = await project.ask(
      `query ($id: ID!) { session(id: $id) { messages(last: 2) { nodes { id text } outcome { status } pageInfo { hasPreviousPage } } } }`,
      { id },
    );
    expect(last.json).toMatchObject({
      data: {
        session: {
          messages: {
            nodes: [{ text: 'Question 1000' }, { text: 'Answer 1000' }],
            outcome: { status: 'COMPLETE' },
            pageInfo: { hasPreviousPage: true },
          },
        },
      },
    });
    const pages = Array.from({ length: 9 }, (_, at) => {
      return `GET /openai/v1/responses?agent_name=refunds&order=desc&after=resp_${901 - at * 100}&limit=100`;
    });
    expect(requests.slice(0, 11)).toEqual([
      'GET /agents/refunds/endpoint/sessions/session-1',
      'GET /openai/v1/responses?agent_name=refunds&order=desc&limit=100',
      ...pages,
    ]);
    expect(requests.slice(11).toSorted()).toEqual([
      'GET /openai/v1/responses/resp_1000/input_items?order=desc&limit=100',
      'GET /openai/v1/responses/resp_500/input_items?order=desc&limit=100',
    ]);
  });

  test('where the operation may not ask further, the field is an error and the list stands', async () => {
    const project = await startProject({
      sessions: { refunds: ['session-1'] },
      responses: [turn('1'), turn('2')],
      server: { limits: { upstreamRequests: 3 } },
    });
    const { json, requests } = await project.ask(
      '{ sessions(first: 1) { nodes { nativeId messages(first: 4) { nodes { text } } } } }',
    );
    expect(json).toMatchObject({
      data: { sessions: { nodes: [{ nativeId: 'session-1', messages: null }] } },
      errors: [
        {
          message: 'Source "foundry" is not asked again: this operation has sent as many requests as it may.',
          path: ['sessions', 'nodes', 0, 'messages'],
        },
      ],
    });
    expect(requests).toEqual([
      'GET /agents?kind=hosted&order=desc&limit=100',
      'GET /agents/refunds/endpoint/sessions?order=desc&limit=2',
      'GET /openai/v1/responses?agent_name=refunds&order=desc&limit=100',
    ]);
  });

  test('a long history from before the session is read in pages, and told once', async () => {
    const history = Array.from({ length: 150 }, (_, at) => said('user', `old_${at}`, `Old ${at}`));
    const responses = [
      turn('1', { input: [...history, said('user', 'ask_1', 'Question 1')] }),
      turn('2', {
        input: [
          ...history,
          said('user', 'ask_1', 'Question 1'),
          said('assistant', 'say_1', 'Answer 1'),
          said('user', 'x', 'X'),
        ],
      }),
    ];
    const project = await startProject({ sessions, responses });
    const { json, requests } = await project.ask(
      'query ($id: ID!) { session(id: $id) { messages(last: 100) { nodes { text } totalCount outcome { status } } } }',
      { id },
    );
    const { nodes } = messagesOf(json);
    expect(nodes.map(({ text }) => text)).toEqual([
      ...Array.from({ length: 96 }, (_, at) => `Old ${at + 54}`),
      'Question 1',
      'Answer 1',
      'X',
      'Answer 2',
    ]);
    expect(requests.slice(2).toSorted()).toEqual([
      'GET /openai/v1/responses/resp_1/input_items?order=desc&after=old_51&limit=100',
      'GET /openai/v1/responses/resp_1/input_items?order=desc&limit=100',
      'GET /openai/v1/responses/resp_2/input_items?order=desc&limit=100',
    ]);
    const oldest = await project.ask(
      'query ($id: ID!) { session(id: $id) { messages(first: 2) { nodes { text } } } }',
      { id },
    );
    expect(messagesOf(oldest.json).nodes).toEqual([{ text: 'Old 0' }, { text: 'Old 1' }]);
  });

  test('input that is told again after responses without output is told once', async () => {
    const ask = (name: string) => said('user', `ask_${name}`, `Question ${name}`);
    const responses = [
      turn('1', { status: 'failed', output: [] }),
      turn('2', { status: 'failed', output: [], input: [ask('1'), ask('2')] }),
      turn('3', { input: [ask('1'), ask('2'), ask('3')] }),
    ];
    const project = await startProject({ sessions, responses });
    const { json } = await project.ask(whole, { id });
    expect(messagesOf(json).nodes.map(({ role, status, parts: [part] }) => [role, status, part?.text])).toEqual([
      ['USER', 'COMPLETED', 'Question 1'],
      ['ASSISTANT', 'FAILED', undefined],
      ['USER', 'COMPLETED', 'Question 2'],
      ['ASSISTANT', 'FAILED', undefined],
      ['USER', 'COMPLETED', 'Question 3'],
      ['ASSISTANT', 'COMPLETED', 'Answer 3'],
    ]);
  });

  test('a response that is deleted meanwhile has no input', async () => {
    const project = await startProject({ sessions, responses: [turn('1', { input: null }), turn('2')] });
    const { json } = await project.ask('query ($id: ID!) { session(id: $id) { messages { nodes { text } } } }', { id });
    expect(messagesOf(json).nodes).toEqual([{ text: 'Answer 1' }, { text: 'Question 2' }, { text: 'Answer 2' }]);
  });

  test('a platform that does not name the sessions of its responses is not taken for one without messages', async () => {
    const { agent_session_id: _, ...unnamed } = turn('1');
    const project = await startProject({
      sessions,
      responses: [{ ...turn('2'), ...unnamed, agent_session_id: undefined }],
    });
    const { json } = await project.ask('query ($id: ID!) { session(id: $id) { messages { nodes { text } } } }', { id });
    expect(json).toMatchObject({
      data: { session: { messages: null } },
      errors: [{ message: 'Source "foundry" does not say to which sessions the responses of the agent belong.' }],
    });
    const empty = await startProject({ sessions, responses: [] });
    const query = 'query ($id: ID!) { session(id: $id) { messages { nodes { text } totalCount outcome { status } } } }';
    expect((await empty.ask(query, { id })).json).toEqual({
      data: { session: { messages: { nodes: [], totalCount: 0, outcome: { status: 'COMPLETE' } } } },
    });
  });
});

describe('calls', () => {
  const request = {
    type: 'mcp_approval_request',
    id: 'mcpr_1',
    name: 'delete',
    server_label: 'files',
    arguments: '{"path":"a"}',
  };
  const call = { __typename: 'ToolCallPart', nativeType: 'mcp_approval_request', toolCallId: 'mcpr_1', name: 'delete' };
  const asked = { ...call, arguments: { path: 'a' }, argumentsText: null };
  const answer = (approve: unknown) => ({
    type: 'mcp_approval_response',
    id: 'mcpa_1',
    approval_request_id: 'mcpr_1',
    approve,
  });

  test('that a person has to allow wait for that', async () => {
    const messages = await told({ output: [request] });
    expect(messages.at(-1)).toMatchObject({
      status: 'WAITING',
      parts: [{ ...asked, state: 'WAITING_FOR_APPROVAL', result: null }],
    });
  });

  test.each([
    [false, 'DENIED'],
    [true, 'PENDING'],
    ['perhaps', 'UNKNOWN'],
  ])('that a person answers with %j are %s', async (approve, state) => {
    const messages = await told(
      { output: [request] },
      turn('2', { previous_response_id: 'resp_1', input: [answer(approve)], output: [] }),
    );
    expect(messages.slice(1)).toMatchObject([
      { role: 'ASSISTANT', status: 'COMPLETED', parts: [{ ...asked, state, result: null }] },
      {
        role: 'USER',
        parts: [{ __typename: 'OtherPart', nativeType: 'mcp_approval_response', data: answer(approve) }],
      },
    ]);
  });

  test('that a person allows have the result of the call that follows', async () => {
    const made = {
      type: 'mcp_call',
      id: 'mcp_1',
      approval_request_id: 'mcpr_1',
      name: 'delete',
      arguments: '{"path":"a"}',
    };
    const messages = await told(
      { output: [request] },
      turn('2', { input: [answer(true)], output: [{ ...made, output: 'Done.', status: 'completed' }] }),
    );
    const result = { toolCallId: 'mcp_1', name: 'delete', text: 'Done.', output: null, isError: false };
    expect(messages[1]?.parts).toEqual([{ ...asked, state: 'SUCCEEDED', result }]);
    expect(messages[3]?.parts).toEqual([
      { ...asked, nativeType: 'mcp_call', toolCallId: 'mcp_1', state: 'SUCCEEDED', result },
    ]);
  });

  test('are answered in the response that names theirs, where several follow', async () => {
    const output = [
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '', status: 'completed' },
    ];
    const result = (text: string) => [
      { type: 'function_call_output', id: `fco_${text}`, call_id: 'call_1', output: text },
    ];
    const messages = await told(
      { output },
      turn('2', { previous_response_id: 'resp_0', input: result('wrong') }),
      turn('3', { previous_response_id: 'resp_1', input: result('right') }),
    );
    expect(messages[1]?.parts).toMatchObject([
      { toolCallId: 'call_1', arguments: null, argumentsText: null, state: 'SUCCEEDED', result: { text: 'right' } },
    ]);
    const [, alone] = await told({ output }, turn('2', { previous_response_id: 'resp_0', input: result('wrong') }));
    expect(alone?.parts).toMatchObject([{ state: 'PENDING', result: null }]);
  });

  test('of any tool are calls, named by their type, with what they were given and what they gave', async () => {
    const output = [
      { type: 'web_search_call', id: 'ws_1', status: 'searching', action: { type: 'search', query: 'weather' } },
      {
        type: 'code_interpreter_call',
        id: 'ci_1',
        status: 'completed',
        code: '1 + 1',
        container_id: 'c_1',
        outputs: [{ type: 'logs', logs: '2' }],
      },
      { type: 'mcp_call', id: 'mcp_1', status: 'failed', name: 'read', arguments: '{', error: 'Not allowed.' },
      {
        type: 'mcp_call',
        id: 'mcp_2',
        name: 'read',
        arguments: '{}',
        error: { type: 'http_error', code: 500, message: 'It broke.' },
      },
      { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'iVBORw0KGgo=', output_format: 'png' },
      { type: 'brand_new_call', id: 'bn_1', status: 'dreaming', depth: 3 },
      { type: 'computer_call', id: 'cu_1', call_id: 'call_1', status: 'completed', action: { type: 'screenshot' } },
      {
        type: 'computer_call_output',
        status: 'completed',
        id: 'cuo_1',
        call_id: 'call_1',
        output: { type: 'computer_screenshot', image_url: 'https://files.example/1.png' },
      },
    ];
    const part = { __typename: 'ToolCallPart', argumentsText: null };
    const result = { text: null, output: null, isError: false };
    const screenshot = { type: 'computer_screenshot', image_url: 'https://files.example/1.png' };
    const file = { __typename: 'FilePart', modality: 'IMAGE', filename: null, fileId: null };
    const messages = await told({ output });
    expect(messages[1]?.parts).toEqual([
      {
        ...part,
        nativeType: 'web_search_call',
        toolCallId: 'ws_1',
        name: 'web_search',
        arguments: { action: { type: 'search', query: 'weather' } },
        state: 'RUNNING',
        result: null,
      },
      {
        ...part,
        nativeType: 'code_interpreter_call',
        toolCallId: 'ci_1',
        name: 'code_interpreter',
        arguments: { code: '1 + 1', container_id: 'c_1' },
        state: 'SUCCEEDED',
        result: { ...result, name: 'code_interpreter', toolCallId: 'ci_1', output: [{ type: 'logs', logs: '2' }] },
      },
      {
        ...part,
        nativeType: 'mcp_call',
        toolCallId: 'mcp_1',
        name: 'read',
        arguments: null,
        argumentsText: '{',
        state: 'FAILED',
        result: { ...result, name: 'read', toolCallId: 'mcp_1', text: 'Not allowed.', isError: true },
      },
      {
        ...part,
        nativeType: 'mcp_call',
        toolCallId: 'mcp_2',
        name: 'read',
        arguments: {},
        state: 'FAILED',
        result: {
          ...result,
          name: 'read',
          toolCallId: 'mcp_2',
          text: 'It broke.',
          output: { type: 'http_error', code: 500, message: 'It broke.' },
          isError: true,
        },
      },
      {
        ...part,
        nativeType: 'image_generation_call',
        toolCallId: 'ig_1',
        name: 'image_generation',
        arguments: { output_format: 'png' },
        state: 'SUCCEEDED',
        result: null,
      },
      {
        ...file,
        nativeType: 'image_generation_call',
        mediaType: 'image/png',
        url: null,
        byteLength: 8,
        base64: 'iVBORw0KGgo=',
      },
      {
        ...part,
        nativeType: 'brand_new_call',
        toolCallId: 'bn_1',
        name: 'brand_new',
        arguments: { depth: 3 },
        state: 'UNKNOWN',
        result: null,
      },
      {
        ...part,
        nativeType: 'computer_call',
        toolCallId: 'call_1',
        name: 'computer',
        arguments: { action: { type: 'screenshot' } },
        state: 'SUCCEEDED',
        result: { ...result, name: 'computer', toolCallId: 'call_1', output: screenshot },
      },
    ]);
    expect(messages[2]).toMatchObject({
      role: 'TOOL',
      parts: [
        { __typename: 'ToolResultPart', nativeType: 'computer_call_output', resultText: null, output: screenshot },
        { ...file, nativeType: 'computer_screenshot', url: 'https://files.example/1.png', byteLength: null },
      ],
    });
  });

  test.each([
    ['in_progress', 'call_1', 'PENDING'],
    ['in_progress', null, 'RUNNING'],
    ['completed', 'call_1', 'PENDING'],
    ['completed', null, 'SUCCEEDED'],
    [null, 'call_1', 'PENDING'],
    [null, null, 'UNKNOWN'],
    ['failed', 'call_1', 'FAILED'],
    ['incomplete', 'call_1', 'CANCELLED'],
    ['paused', 'call_1', 'UNKNOWN'],
  ])('without an answer, with the status %s and the id %s, are %s', async (status, callId, state) => {
    const messages = await told({ output: [{ type: 'any_call', id: 'any_1', call_id: callId, status }] });
    expect(messages[1]?.parts).toMatchObject([{ state, result: null }]);
  });
});

test('a call without an answer is with the agent while its response goes on, and with the client afterwards', async () => {
  const output = [{ type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', status: 'completed' }];
  expect((await told({ output, status: 'in_progress' }))[1]).toMatchObject({
    status: 'IN_PROGRESS',
    parts: [{ state: 'RUNNING', result: null }],
  });
  expect((await told({ output }))[1]).toMatchObject({
    status: 'COMPLETED',
    parts: [{ state: 'PENDING', result: null }],
  });
});

describe('a response', () => {
  test.each([
    ['completed', 'COMPLETED', null],
    ['in_progress', 'IN_PROGRESS', null],
    ['queued', 'IN_PROGRESS', null],
    ['incomplete', 'FAILED', { code: 'max_output_tokens', message: null }],
    ['failed', 'FAILED', { code: 'server_error', message: 'It broke.' }],
    ['cancelled', 'CANCELLED', null],
    ['dreaming', 'UNKNOWN', null],
    [null, 'UNKNOWN', null],
  ])('that is %s makes its last message %s', async (status, expected, error) => {
    const messages = await told({
      status,
      output: [said('assistant', 'a', 'One moment.'), said('assistant', 'b', 'Done.')],
      error: status === 'failed' ? { code: 'server_error', message: 'It broke.' } : null,
      incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    });
    expect(messages).toMatchObject([
      { role: 'USER', status: 'COMPLETED', error: null },
      { role: 'ASSISTANT', status: 'COMPLETED', error: null },
      { role: 'ASSISTANT', status: expected, error },
    ]);
  });

  test('has a message for each step of the agent: its thoughts, its words, its calls', async () => {
    const reasoning = (name: string) => ({
      type: 'reasoning',
      id: name,
      summary: [{ type: 'summary_text', text: name }],
    });
    const messages = await told({
      output: [
        { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'files', tools: [] },
        reasoning('r_1'),
        said('assistant', 'm_1', 'I look.'),
        { type: 'mcp_call', id: 'c_1', name: 'look', arguments: '{}', output: 'Seen.', status: 'completed' },
        { type: 'mcp_call', id: 'c_2', name: 'look', arguments: '{}', output: 'Seen.', status: 'completed' },
        reasoning('r_2'),
        said('assistant', 'm_2', 'Done.'),
        { ...said('assistant', 'm_3', 'Me too.'), agent_reference: { type: 'agent_reference', name: 'second' } },
      ],
    });
    expect(messages.map((message) => message.parts.map(({ nativeType }) => nativeType))).toEqual([
      ['input_text'],
      ['mcp_list_tools', 'reasoning', 'output_text', 'mcp_call', 'mcp_call'],
      ['reasoning', 'output_text'],
      ['output_text'],
    ]);
    expect(messages.map((message) => (message as Message & { readonly name: string }).name)).toEqual([
      null,
      null,
      null,
      'second',
    ]);
  });

  test('may hold anything: nothing fails and nothing is lost', async () => {
    const oddities = [
      'a text',
      7,
      null,
      [],
      {},
      { type: 7, id: 7 },
      { type: 'structured_outputs', id: 'so_1', output: { a: 1 } },
      { type: 'message', id: 'm_1', role: 'critic', content: [{ type: 'output_text', text: 7 }, 'loose', null] },
      { type: 'message', id: 'm_2', role: 'assistant', content: 7 },
      { type: 'reasoning', id: 'r_1', summary: 'odd', encrypted_content: 'gAAA' },
      { type: 'reasoning', id: 'r_2', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      { role: 'user', content: 'No type.' },
      { type: 'message', id: 'm_3', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ];
    const other = (data: unknown, nativeType: string | null = null) => ({ __typename: 'OtherPart', nativeType, data });
    const expected = [
      other('a text'),
      other(7),
      other(null),
      other([]),
      other({}),
      other({ type: 7, id: 7 }),
      other(oddities[6], 'structured_outputs'),
      other({ type: 'output_text', text: 7 }, 'output_text'),
      other('loose'),
      other(null),
      other(7),
      { __typename: 'ReasoningPart', nativeType: 'reasoning', thoughts: null, redacted: true },
      { __typename: 'ReasoningPart', nativeType: 'reasoning', thoughts: 'Hm.', redacted: false },
      { __typename: 'TextPart', nativeType: null, text: 'No type.' },
      { __typename: 'TextPart', nativeType: 'refusal', text: 'No.' },
    ];
    const output = await told({ input: [], output: oddities, usage: 'much', error: 'odd', agent_reference: 'me' });
    expect(output.flatMap((message) => message.parts)).toEqual(expected);
    expect(output.map(({ role }) => role)).toEqual([
      'ASSISTANT',
      'UNKNOWN',
      'ASSISTANT',
      'ASSISTANT',
      'USER',
      'ASSISTANT',
    ]);
    const input = await told({ input: oddities, output: [] });
    expect(input.flatMap((message) => message.parts)).toEqual(expected);
    expect(new Set(input.map(({ role }) => role))).toEqual(new Set(['UNKNOWN', 'ASSISTANT', 'USER']));
  });

  test('may hold files in every form', async () => {
    const content = [
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
      { type: 'input_file', filename: 'b.pdf', file_data: 'JVBERg==' },
      { type: 'input_file', file_url: 'https://files.example/c.pdf' },
      { type: 'input_image', file_id: 'file_1' },
      { type: 'input_audio', input_audio: { data: 'SUQz', format: 'mp3' } },
    ];
    const [message] = await told({ input: [{ type: 'message', id: 'm', role: 'user', content }] });
    const file = {
      __typename: 'FilePart',
      mediaType: null,
      filename: null,
      url: null,
      fileId: null,
      byteLength: null,
      base64: null,
    };
    const document = { ...file, nativeType: 'input_file', modality: 'DOCUMENT' };
    const pdf = { ...document, byteLength: 4, base64: 'JVBERg==' };
    expect(message?.parts).toEqual([
      { ...pdf, filename: 'a.pdf', mediaType: 'application/pdf' },
      { ...pdf, filename: 'b.pdf' },
      { ...document, url: 'https://files.example/c.pdf' },
      { ...file, nativeType: 'input_image', modality: 'IMAGE', fileId: 'file_1' },
      { ...file, nativeType: 'input_audio', modality: 'AUDIO', mediaType: 'audio/mp3', byteLength: 3, base64: 'SUQz' },
    ]);
  });
});
