import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeKey } from '../../src/providers/key.ts';
import { sandboxSourceIds } from '../../src/sandbox/sandbox.ts';
import { type Sandbox, startSandbox } from '../sandbox-controls/sandbox.ts';
import { type Asked, open } from '../server/ask.ts';

// An id is an address that a client can write. Whatever it spells, no platform is asked for another path than that of its
// kind: not by servers and proxies that decode a path, nor by those that decode it twice.

let sandbox: Sandbox;
let server: Asked;

beforeAll(async () => {
  sandbox = await startSandbox({ size: 60 });
  server = open({
    sources: sandbox.sources.map(({ id, provider, platform, settings }) => ({
      id,
      provider,
      url: platform.url,
      ...settings,
    })),
  });
});

afterAll(async () => {
  await server.app.close();
  await sandbox.close();
});

beforeEach(() => {
  for (const { platform } of sandbox.sources) platform.clearRequests();
});

const crafted = [
  '../../admin',
  '..%2fadmin',
  '%2e%2e%2fadmin',
  '%252e%252e%252fadmin',
  'a/b',
  'a\\b',
  '.',
  '..',
] as const;

/** What a crafted id spells, whatever number of times it is escaped. */
const spellings = ['admin', '..', '%2e', '%252e', '%2f', '%5c', '\\', '/a/b', '=a/b', '=.&'];

/** The keys that a client can make for one id: alone, and as each part of a key of two. */
const keysOf = (id: string) => [encodeKey(id), encodeKey('known', id), encodeKey(id, 'known')];

function toId(kind: string, sourceId: string, key: string): string {
  return Buffer.from(`${kind}:${sourceId}/${key}`).toString('base64url');
}

interface Body {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

async function ask(query: string, variables: Readonly<Record<string, unknown>>): Promise<Body> {
  const { json } = await server.ask({ query, variables });
  return json as Body;
}

function expectNothingSent(): void {
  const urls = sandbox.sources.flatMap(({ platform }) => platform.requests.map(({ url }) => url.toLowerCase()));
  expect(urls.filter((url) => spellings.some((spelling) => url.includes(spelling)))).toEqual([]);
}

const reason = /is not asked for an id with a slash or "\.\." in it|is not an id of this graph/;

const lookups = [
  ['node', 'session', 'query ($id: ID!) { answer: node(id: $id) { id } }'],
  ['node', 'agent', 'query ($id: ID!) { answer: node(id: $id) { id } }'],
  ['node', 'team', 'query ($id: ID!) { answer: node(id: $id) { id } }'],
  ['node', 'workflow', 'query ($id: ID!) { answer: node(id: $id) { id } }'],
  ['node', 'agentVersion', 'query ($id: ID!) { answer: node(id: $id) { id } }'],
  ['session', 'session', 'query ($id: ID!) { answer: session(id: $id) { id title } }'],
  ['agent', 'agent', 'query ($id: ID!) { answer: agent(id: $id) { id name sessions { nodes { id } } } }'],
  ['team', 'team', 'query ($id: ID!) { answer: team(id: $id) { id name sessions { nodes { id } } } }'],
] as const;

describe.each(sandboxSourceIds)('%s', (sourceId) => {
  test.each(lookups)('%s: an id of kind %s names nothing outside of its path', async (_field, kind, query) => {
    for (const key of crafted.flatMap(keysOf)) {
      const { data, errors = [] } = await ask(query, { id: toId(kind, sourceId, key) });
      expect(data, key).toEqual({ answer: null });
      for (const { message } of errors) expect(message).toMatch(reason);
    }
    expectNothingSent();
  });

  test('sessionsById answers null for each, and says why', async () => {
    const ids = crafted.flatMap(keysOf).map((key) => toId('session', sourceId, key));
    const { data, errors = [] } = await ask('query ($ids: [ID!]!) { sessionsById(ids: $ids) { id } }', { ids });
    expect(data).toEqual({ sessionsById: ids.map(() => null) });
    for (const { message } of errors) expect(message).toMatch(reason);
    expectNothingSent();
  });

  test('_entities answers null for each, and says why', async () => {
    const representations = crafted.flatMap(keysOf).flatMap((key) => [
      { __typename: 'Session', id: toId('session', sourceId, key) },
      { __typename: 'Agent', id: toId('agent', sourceId, key) },
      { __typename: 'Team', id: toId('team', sourceId, key) },
    ]);
    const { data, errors = [] } = await ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
      { representations },
    );
    expect(data).toEqual({ _entities: representations.map(() => null) });
    for (const { message } of errors) expect(message).toMatch(reason);
    expectNothingSent();
  });

  test.each(['agents', 'teams'])('filter.%s finds no session', async (filter) => {
    for (const key of crafted.flatMap(keysOf)) {
      const id = toId(filter.slice(0, -1), sourceId, key);
      const { data, errors } = await ask(
        `query ($id: ID!) { sessions(filter: { ${filter}: [$id] }) { nodes { id } outcomes { status error { message } } } }`,
        { id },
      );
      if (data?.sessions === null) expect(errors?.[0]?.message, key).toMatch(reason);
      else expect(data, key).toMatchObject({ sessions: { nodes: [] } });
    }
    expectNothingSent();
  });
});

test('the filter of native ids sends none, and says which sources were not asked', async () => {
  const query = `query ($ids: [String!]!) { sessions(filter: { nativeIds: $ids }) {
    nodes { id } outcomes { source { slug } status error { code } }
  } }`;
  const refused = (slug: string) => ({ source: { slug }, status: 'FAILED', error: { code: 'UPSTREAM_UNSAFE_ID' } });
  // What finds sessions in its lists has looked there.
  const searched = (slug: string) => ({ source: { slug }, status: 'COMPLETE', error: null });
  for (const id of crafted) {
    expect(await ask(query, { ids: [id] }), id).toEqual({
      data: {
        sessions: {
          nodes: [],
          outcomes: [
            refused('foundry'),
            refused('everruns'),
            searched('agentscope-records'),
            searched('agentscope-views'),
            refused('agno'),
          ],
        },
      },
    });
  }
  expectNothingSent();
});

test('where the platform has such a thing, an id alone is refused with the reason', async () => {
  const errorsOf = async (kind: string, sourceId: string, key: string) => {
    const { data, errors = [] } = await ask('query ($id: ID!) { node(id: $id) { id } }', {
      id: toId(kind, sourceId, key),
    });
    return { data, messages: errors.map(({ message }) => message) };
  };
  const refused = (sourceId: string) => ({
    data: { node: null },
    messages: [
      `Source "${sourceId}" is not asked for an id with a slash or ".." in it, because that could name something else.`,
    ],
  });
  for (const id of crafted) {
    expect(await errorsOf('session', 'foundry', encodeKey('known', id)), id).toEqual(refused('foundry'));
    expect(await errorsOf('agent', 'foundry', encodeKey(id)), id).toEqual(refused('foundry'));
    expect(await errorsOf('agentVersion', 'foundry', encodeKey('known', id)), id).toEqual(refused('foundry'));
    expect(await errorsOf('session', 'everruns', encodeKey(id)), id).toEqual(refused('everruns'));
    expect(await errorsOf('agent', 'everruns', encodeKey(id)), id).toEqual(refused('everruns'));
    expect(await errorsOf('session', 'agno', encodeKey('agent', id)), id).toEqual(refused('agno'));
  }
  expectNothingSent();
});
