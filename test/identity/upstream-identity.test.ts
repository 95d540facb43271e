import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRandom } from '../pagination/world.ts';
import type { RecordedRequest } from '../sandbox-controls/faults.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, open, patient, unshared } from '../server/ask.ts';

const secret = 'a shared secret of more than thirty-two characters';
const organizations = {
  alice: 'org_00000000000000000000000000000001',
  bob: 'org_00000000000000000000000000000002',
} as const;
type Viewer = keyof typeof organizations;
const viewers: readonly Viewer[] = ['alice', 'bob'];

/** How each platform is told whose data may be read, as it arrives there. */
const identityIn: Readonly<Record<string, (request: RecordedRequest) => string | null | undefined>> = {
  foundry: ({ headers }) => headers['x-ms-user-identity'],
  agentscope: ({ headers }) => headers['x-user-id'],
  agno: ({ url }) => new URL(url, 'http://agno').searchParams.getAll('user_id').join(' and '),
  everruns: ({ headers }) => viewers.find((viewer) => organizations[viewer] === headers['x-org-id']),
};

const platforms = new Map<string, RunningPlatform>();
let server: Asked;

beforeAll(async () => {
  const scoped = ['foundry', 'agentscope', 'agno'] as const;
  for (const platform of scoped) {
    platforms.set(platform, await startPlatform({ platform, sessions: 80, agents: 4, users: viewers }));
  }
  const everruns = await startPlatform({ platform: 'everruns', sessions: 300 });
  platforms.set('everruns', everruns);
  server = open({
    server: {
      ...unshared,
      auth: { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret },
      // A busy machine may take longer than a source has for a page.
      limits: { http: { ...patient.limits.http, listShareMs: 900_000 }, query: { requestsPerMinute: 100_000 } },
    },
    sources: [
      ...scoped.map((id) => ({
        id,
        provider: id,
        url: platforms.get(id)?.url,
        user: 'viewer',
        ...(id === 'foundry' ? { userHeader: 'x-ms-user-identity' } : {}),
      })),
      { id: 'everruns', provider: 'everruns', url: everruns.url, auth: { forward: 'x-org-id' } },
    ],
  });
});

afterAll(async () => {
  await server.app.close();
  await Promise.all([...platforms.values()].map((platform) => platform.close()));
});

beforeEach(() => {
  for (const platform of platforms.values()) platform.clearRequests();
});

/** As the proxy sends it on. The request's id tells upstream whose operation it is part of. */
function headersOf(viewer: Viewer, number: number): Record<string, string> {
  return {
    'x-viewer': viewer,
    'x-proxy-secret': secret,
    'x-org-id': organizations[viewer],
    'x-request-id': `${viewer}-${number}`,
  };
}

interface Sent {
  readonly source: string;
  /** Whose operation caused it, and as whom it was asked. */
  readonly viewer: string;
  readonly identity: string | null | undefined;
}

function sent(): readonly Sent[] {
  return [...platforms].flatMap(([source, { requests }]) =>
    requests.map((request) => ({
      source,
      viewer: request.headers['x-request-id']?.split('-')[0] ?? '',
      identity: identityIn[source]?.(request),
    })),
  );
}

function expectOwnIdentities(requests: readonly Sent[]): void {
  expect(requests.filter(({ viewer, identity }) => identity !== viewer)).toEqual([]);
}

const crowd = Number(process.env.CROWD);

const everything = `{
  sessions(first: 20) { nodes { id messages(last: 1) { nodes { id } } agent { name } team { name } user { id sessions(first: 2) { nodes { id } } } } }
  agents(first: 5) { nodes { name sessions(first: 2) { nodes { id } } } }
  teams(first: 5) { nodes { name } }
}`;

test('every request of many operations at once carries the identity of whoever caused it, to every platform', async () => {
  const random = createRandom(8);
  await Promise.all(
    Array.from({ length: crowd }, async (_, number) => {
      const viewer = random() < 0.5 ? 'alice' : 'bob';
      const query =
        random() < 0.2
          ? everything
          : `{ sessions(first: ${1 + Math.floor(random() * 9)}) { nodes { id agent { name } } } }`;
      const { status } = await server.ask({ query }, headersOf(viewer, number));
      expect(status).toBe(200);
    }),
  );
  const requests = sent();
  expectOwnIdentities(requests);
  for (const source of platforms.keys()) {
    for (const viewer of viewers) {
      const own = requests.filter((request) => request.source === source && request.viewer === viewer);
      expect(own.length, `${viewer} on ${source}`).toBeGreaterThan(crowd / 4);
    }
  }
});

interface Page {
  readonly data: {
    readonly sessions: {
      readonly nodes: readonly {
        readonly id: string;
        readonly nativeId: string;
        readonly messages: { readonly nodes: readonly { readonly id: string }[] };
      }[];
    };
  };
}

test('an organization that is forwarded opens that organization only, also by id', async () => {
  const everruns = platforms.get('everruns');
  const query =
    '{ sessions(first: 100, filter: { sources: ["everruns"] }) { nodes { id nativeId messages(last: 1) { nodes { id } } } } }';
  const pages = await Promise.all(
    viewers.map(async (viewer, number) => (await server.ask({ query }, headersOf(viewer, number))).json as Page),
  );
  for (const [index, viewer] of viewers.entries()) {
    const nodes = pages[index]?.data.sessions.nodes ?? [];
    expect(nodes.length).toBeGreaterThan(5);
    expect(new Set(nodes.map(({ nativeId }) => everruns?.ownerOf(nativeId)))).toEqual(new Set([organizations[viewer]]));
  }
  const foreign = pages[1]?.data.sessions.nodes[0]?.id;
  const byId = 'query ($id: ID!) { node(id: $id) { id } session(id: $id) { id } sessionsById(ids: [$id]) { id } }';
  const { json } = await server.ask({ query: byId, variables: { id: foreign } }, headersOf('alice', 2));
  expect(json).toEqual({ data: { node: null, session: null, sessionsById: [null] } });
  const [said] = (pages[1]?.data.sessions.nodes ?? []).flatMap(({ messages }) => messages.nodes);
  const message = { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: said?.id } };
  expect((await server.ask(message, headersOf('alice', 3))).json).toEqual({ data: { node: null } });
  expect((await server.ask(message, headersOf('bob', 4))).json).toEqual({ data: { node: { id: said?.id } } });
});

test('without the header that is forwarded, that source alone is refused and asked nothing', async () => {
  const { 'x-org-id': _organization, ...headers } = headersOf('alice', 0);
  const query = '{ sessions(first: 1) { outcomes { source { slug } status error { code } } } }';
  const { json } = await server.ask({ query }, headers);
  expect(json).toMatchObject({
    data: {
      sessions: {
        outcomes: [
          { status: 'COMPLETE' },
          { status: 'COMPLETE' },
          { status: 'COMPLETE' },
          { source: { slug: 'everruns' }, status: 'FAILED', error: { code: 'UPSTREAM_UNAUTHENTICATED' } },
        ],
      },
    },
  });
  expect(platforms.get('everruns')?.requests).toEqual([]);
});

const claims: readonly (readonly [string, Readonly<Record<string, string>>, string, object])[] = [
  [
    'headers',
    {
      'x-user-id': 'bob',
      'X-User-Id': 'bob',
      'x-ms-user-identity': 'bob',
      'x-ms-user-isolation-key': 'bob',
      authorization: 'Bearer bob',
      cookie: 'user_id=bob',
      'x-forwarded-user': 'bob',
    },
    everything,
    {},
  ],
  ['a variable nobody has declared', {}, everything, { user_id: 'bob', user: 'bob', viewer: 'bob' }],
  [
    'the filter of users',
    {},
    'query ($users: [ID!]) { sessions(first: 20, filter: { users: $users, sources: ["foundry", "agentscope", "agno"] }) { nodes { id } } }',
    { users: ['bob'] },
  ],
  [
    'the user of a federated query',
    {},
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { sessions(first: 9, filter: { sources: ["foundry", "agentscope", "agno"] }) { nodes { id } } } } }',
    { r: [{ __typename: 'User', id: 'bob' }] },
  ],
];

test.each(claims)('%s cannot make anybody somebody else', async (_name, headers, query, variables) => {
  const { status, json } = await server.ask({ query, variables }, { ...headers, ...headersOf('alice', 0) });
  expect(status).toBe(200);
  expect(json).not.toHaveProperty('errors');
  expectOwnIdentities(sent());
  for (const { source, session } of sessionsIn(JSON.stringify(json))) {
    const owner = platforms.get(source)?.ownerOf(session);
    expect(owner, `${source} ${session}`).toBe(source === 'everruns' ? organizations.alice : 'alice');
  }
});

/** What the ids in an answer name, in the sandbox's own words. */
function sessionsIn(text: string): readonly { readonly source: string; readonly session: string }[] {
  return [...text.matchAll(/"id":"([\w-]+)"/g)].flatMap(([, id = '']) => {
    const [, source, key] = /^session:([^/]+)\/(.+)$/.exec(Buffer.from(id, 'base64url').toString()) ?? [];
    if (source === undefined || key === undefined) return [];
    const parts = key.split('/').map(decodeURIComponent);
    return [{ source, session: source === 'foundry' ? parts.join('/') : (parts.at(-1) ?? '') }];
  });
}

test('a platform that is asked as the viewer is not asked for the sessions of anybody else', async () => {
  const query = '{ sessions(first: 5, filter: { users: ["bob"], sources: ["agentscope", "agno"] }) { nodes { id } } }';
  const { json } = await server.ask({ query }, headersOf('alice', 0));
  expect(json).toEqual({ data: { sessions: { nodes: [] } } });
  expect(sent()).toEqual([]);
});
