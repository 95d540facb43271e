import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sendJson, sendStatus, startServer } from '../http/server.ts';
import { open } from '../server/ask.ts';

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'one-dialogue', `${name}.json`), 'utf8'));
}

const common = read('common');
const foundry = read('foundry') as {
  readonly responses: unknown;
  readonly input_items: Readonly<Record<string, unknown>>;
};
const everrunsId = `session_${'1'.repeat(32)}`;
const page = (data: unknown) => ({ object: 'list', data, first_id: null, last_id: null, has_more: false });

/** What each platform answers at these paths. */
const platforms = [
  {
    provider: 'agno',
    key: 'agent/s1',
    settings: { dialect: '2.9' },
    answers: {
      '/sessions/s1': { session_id: 's1', agent_session_id: 's1', agent_id: 'helper', chat_history: [] },
      '/sessions/s1/runs': read('agno'),
    },
  },
  {
    provider: 'agentscope',
    key: 'helper/s1',
    settings: { user: { constant: 'alice' } },
    answers: {
      '/sessions/': {
        sessions: [{ session: { id: 's1', agent_id: 'helper' }, is_running: false, team: null }],
        total: 1,
      },
      '/sessions/s1/messages': read('agentscope'),
    },
  },
  {
    provider: 'everruns',
    key: everrunsId,
    settings: {},
    answers: {
      [`/v1/sessions/${everrunsId}`]: { id: everrunsId, status: 'idle' },
      [`/v1/sessions/${everrunsId}/messages`]: read('everruns'),
    },
  },
  {
    provider: 'foundry',
    key: 'helper/session-1',
    settings: { conversations: { scan: true } },
    answers: {
      '/agents/helper/endpoint/sessions/session-1': { agent_session_id: 'session-1', status: 'active' },
      '/openai/v1/responses': page(foundry.responses),
      '/openai/v1/responses/resp_1/input_items': page(foundry.input_items.resp_1),
      '/openai/v1/responses/resp_2/input_items': page(foundry.input_items.resp_2),
    },
  },
] as const;

const query = `query ($id: ID!) {
  session(id: $id) {
    messages(first: 100, roles: [SYSTEM, USER, ASSISTANT]) {
      nodes {
        role
        text
        parts {
          kind: __typename
          ... on TextPart { text }
          ... on ReasoningPart { thoughts: text redacted }
          ... on ToolCallPart { toolCallId name arguments argumentsText state result { toolCallId name text output isError } }
          ... on FilePart { modality mediaType filename url fileId byteLength base64 }
          ... on OtherPart { data }
        }
      }
    }
  }
}`;

interface Told {
  readonly role: string;
  readonly text: string;
  readonly parts: readonly Readonly<Record<string, unknown>>[];
}

/** As a frontend shows it: what one speaker says in succession stands together, however many messages it came in. */
function asShown(messages: readonly Told[]): readonly Told[] {
  const shown: Told[] = [];
  for (const message of messages) {
    const last = shown.at(-1);
    if (last?.role !== message.role) {
      shown.push(message);
      continue;
    }
    const text = [last.text, message.text].filter((each) => each !== '').join('\n');
    shown[shown.length - 1] = { ...last, text, parts: [...last.parts, ...message.parts] };
  }
  return shown;
}

function withPlainNames({ thoughts, ...part }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { kind, ...rest } = part;
  return thoughts === undefined ? part : { kind, text: thoughts, ...rest };
}

test.each(platforms)('a dialogue in the words of $provider is the common one, byte for byte', async (platform) => {
  const { provider, key, settings, answers } = platform;
  const server = await startServer((request, response) => {
    const answer = Object.entries(answers).find(([path]) => path === request.url?.split('?')[0]);
    return answer === undefined ? sendStatus(response, 404) : sendJson(response, answer[1]);
  });
  const asked = open({ sources: [{ id: provider, provider, url: server.url, ...settings }] });
  onTestFinished(() => asked.app.close());
  const id = Buffer.from(`session:${provider}/${key}`).toString('base64url');
  const { json } = await asked.ask({ query, variables: { id } });
  const { nodes } = (json as { data: { session: { messages: { nodes: readonly Told[] } } } }).data.session.messages;
  const told = asShown(nodes.map((node) => ({ ...node, parts: node.parts.map(withPlainNames) })));
  expect(JSON.stringify(told, null, 2)).toBe(JSON.stringify(common, null, 2));
});
