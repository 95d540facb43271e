import { afterEach, expect, test } from 'vitest';
import { startWorld, type World, type WorldSource } from './world.ts';

let world: World;

afterEach(async () => {
  await world.close();
});

const inbox = '{ sessions(first: 20) { nodes { nativeId messages(last: 1) { nodes { text } } } } }';

const listings: Readonly<Record<string, RegExp>> = {
  agno: /^GET \/sessions\?/,
  agentscope: /^GET \/(agent|sessions)\//,
  everruns: /^GET \/v1\/sessions\?/,
};

interface Inbox {
  readonly sessions: {
    readonly nodes: readonly { readonly nativeId: string; readonly messages: { nodes: unknown[] } }[];
  };
}

test.each([
  ['agno', { dialect: '2.9' }, (id: string) => new RegExp(`^GET /sessions/${id}/runs\\?type=(agent|team|workflow)$`)],
  [
    'agentscope',
    { dialect: '2.0.6' },
    (id: string) => new RegExp(`^GET /sessions/${id}/messages\\?agent_id=[^&]+&limit=\\d+$`),
  ],
  ['everruns', {}, (id: string) => new RegExp(`^GET /v1/sessions/${id}/messages$`)],
] as const)(
  'the newest message of each of 20 sessions of %s costs one request each, and asks nothing else',
  async (platform, options, expected) => {
    const source = { id: platform, platform, sessions: 40, ...options } as WorldSource;
    world = await startWorld(source);
    // What a process learns once of its platform is learnt before.
    await world.run('{ sessions(first: 1) { nodes { id messages(last: 1) { nodes { id } } } } }');
    const { data, errors, requests } = await world.run(inbox);
    expect(errors).toEqual([]);
    const { nodes } = (data as Inbox).sessions;
    expect(nodes).toHaveLength(20);
    const asked = requests[platform] ?? [];
    const ofMessages = asked.filter((request) => /\/(runs|messages)(\?|$)/.test(request));
    expect(ofMessages).toHaveLength(20);
    for (const { nativeId } of nodes) {
      const own = expected(nativeId.replaceAll('.', '\\.'));
      expect(
        ofMessages.filter((request) => own.test(request)),
        nativeId,
      ).toHaveLength(1);
    }
    const others = asked.filter((request) => !ofMessages.includes(request));
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((request) => !listings[platform]?.test(request))).toEqual([]);
  },
);

test('a session of Azure AI Foundry has no messages, says so, and asks nobody', async () => {
  world = await startWorld({ id: 'foundry', platform: 'foundry', sessions: 10 });
  const { data, errors, requests } = await world.run(
    '{ sessions(first: 1) { nodes { messages(last: 1) { nodes { id } totalCount pageInfo { hasPreviousPage endCursor } outcome { status error { code retryable } } } } } }',
  );
  expect(errors).toEqual([]);
  expect(data).toEqual({
    sessions: {
      nodes: [
        {
          messages: {
            nodes: [],
            totalCount: null,
            pageInfo: { hasPreviousPage: false, endCursor: null },
            outcome: { status: 'UNSUPPORTED', error: { code: 'MESSAGES_UNSUPPORTED', retryable: false } },
          },
        },
      ],
    },
  });
  expect(requests.foundry?.filter((request) => /responses|conversations/.test(request))).toEqual([]);
});

test('the last 20 messages of one session are one request beside that for the session', async () => {
  world = await startWorld({ id: 'everruns', platform: 'everruns', sessions: 30 });
  const first = await world.run('{ sessions(first: 1) { nodes { id nativeId } } }');
  const [session] = (first.data as { sessions: { nodes: { id: string; nativeId: string }[] } }).sessions.nodes;
  const { requests } = await world.run(
    'query ($id: ID!) { session(id: $id) { newest: messages(last: 20) { nodes { text } totalCount } all: messages(first: 5) { nodes { text } } } }',
    { id: session?.id },
  );
  expect(requests).toEqual({
    everruns: [`GET /v1/sessions/${session?.nativeId}`, `GET /v1/sessions/${session?.nativeId}/messages`],
  });
});
