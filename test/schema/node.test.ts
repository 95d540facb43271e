import { describe, expect, test, vi } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { execute } from './execute.ts';
import { agent, session, team, testSource, type World } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

function alpha(world: World = {}) {
  return testSource('one', 'alpha', {
    sessions: [session('one', 'ä/b', { workflowKey: 'flow', row: { versionKey: 'ada/3' } }), session('one', 's2')],
    agents: [agent('one', 'ada')],
    teams: [team('one', 'red')],
    workflows: [
      {
        sourceId: 'one',
        provider: 'alpha',
        key: 'flow',
        nativeId: 'flow',
        name: 'Flow',
        description: null,
        row: { steps: 2 },
      },
    ],
    versions: [{ sourceId: 'one', provider: 'alpha', key: 'ada/3', nativeId: '3', row: { image: 'img' } }],
    ...world,
  });
}

function beta() {
  return testSource('two', 'beta', { agents: [agent('two', 'eve', { provider: 'beta' })] });
}

const encode = (text: string) => Buffer.from(text).toString('base64url');

const everything = `{
  sources { id }
  sessions { nodes { id ... on AlphaSession { workflow { id } version { id } } } }
  agents { nodes { id } }
  teams { nodes { id } }
}`;

test('answers for every id that the graph gives out', async () => {
  const given = JSON.stringify((await execute([alpha(), beta()], everything)).data);
  const ids = new Set([...given.matchAll(/"id":"([^"]+)"/g)].map((match) => match[1]));
  const again = await execute(
    [alpha(), beta()],
    `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Session { nativeId } ... on Agent { nativeId } ... on Team { nativeId } ... on Source { slug } } }`,
    { ids: [...ids] },
  );

  expect(again).toMatchInlineSnapshot(`
    {
      "data": {
        "nodes": [
          {
            "__typename": "Source",
            "id": "c291cmNlOm9uZQ",
            "slug": "one",
          },
          {
            "__typename": "Source",
            "id": "c291cmNlOnR3bw",
            "slug": "two",
          },
          {
            "__typename": "AlphaSession",
            "id": "c2Vzc2lvbjpvbmUvYWdlbnQvczI",
            "nativeId": "s2",
          },
          {
            "__typename": "AlphaSession",
            "id": "c2Vzc2lvbjpvbmUvYWdlbnQvJUMzJUE0JTJGYg",
            "nativeId": "ä/b",
          },
          {
            "__typename": "AlphaWorkflow",
            "id": "d29ya2Zsb3c6b25lL2Zsb3c",
          },
          {
            "__typename": "AlphaAgentVersion",
            "id": "YWdlbnRWZXJzaW9uOm9uZS9hZGEvMw",
          },
          {
            "__typename": "BetaAgent",
            "id": "YWdlbnQ6dHdvL2V2ZQ",
            "nativeId": "eve",
          },
          {
            "__typename": "AlphaAgent",
            "id": "YWdlbnQ6b25lL2FkYQ",
            "nativeId": "ada",
          },
          {
            "__typename": "AlphaTeam",
            "id": "dGVhbTpvbmUvbGVhZC9yZWQ",
            "nativeId": "red",
          },
        ],
      },
    }
  `);
  expect(JSON.stringify(again.data).match(/"id":"[^"]+"/g)).toEqual([...ids].map((id) => `"id":"${id}"`));
});

test('asks each source once for each kind of record, however many ids of it are wanted', async () => {
  const [one, two] = [alpha(), beta()];
  const ids = [
    'session:one/agent/s2',
    'agent:two/eve',
    'session:one/agent/gone',
    'agent:one/ada',
    'source:two',
    'session:one/agent/s2',
  ].map(encode);
  const { data } = await execute([one, two], `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }`, { ids });

  expect(data).toEqual({
    nodes: [
      { __typename: 'AlphaSession' },
      { __typename: 'BetaAgent' },
      null,
      { __typename: 'AlphaAgent' },
      { __typename: 'Source' },
      { __typename: 'AlphaSession' },
    ],
  });
  expect(one.calls).toEqual(['sessions agent/s2 agent/gone', 'agents ada']);
  expect(two.calls).toEqual(['agents eve']);
});

test('costs nothing for what the same operation has listed', async () => {
  const listed = session('one', 's2');
  const red = team('one', 'red', { members: [{ agent: null, team: null, session: listed }] });
  const one = alpha({ sessions: [session('one', 's1', { teamKey: red.key }), listed], teams: [red] });
  const { data } = await execute(
    [one],
    `{ sessions(last: 2) { nodes { nativeId team { members { session { title } } } } } }`,
  );

  expect(data).toEqual({
    sessions: {
      nodes: [
        { nativeId: 's2', team: null },
        { nativeId: 's1', team: { members: [{ session: { title: 'Session s2' } }] } },
      ],
    },
  });
  expect(one.calls).toEqual(['sessionFeeds', 'teams lead/red']);
});

describe('an id', () => {
  const query = `query ($id: ID!) { node(id: $id) { id } }`;

  test.each([
    ['of a source that is not configured', 'session:elsewhere/agent/s2'],
    ['of an unknown source', 'source:elsewhere'],
    ['of nothing that is there', 'session:one/agent/nope'],
    ['whose key makes no sense to the platform', 'session:one/../../admin'],
  ])('%s is null', async (_case, text) => {
    expect(await execute([alpha()], query, { id: encode(text) })).toEqual({ data: { node: null } });
  });

  test.each([
    ['empty', ''],
    ['no base64', 'what is this?'],
    ['padded', `${encode('session:one/agent/s2')}=`],
    ['in the other alphabet', Buffer.from('session:one/agent/ÿÿ>').toString('base64')],
    ['not UTF-8', Buffer.from([0x73, 0xff, 0xfe]).toString('base64url')],
    ['of an unknown kind', encode('toString:one/agent')],
    ['without a key', encode('session:one')],
    ['with an empty key', encode('session:one/')],
    ['of a source with a key', encode('source:one/key')],
    ['of another graph', encode('User:123')],
  ])('that is %s is refused', async (_case, id) => {
    const { data, errors } = await execute([alpha()], query, { id });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ path: 'node', code: 'BAD_USER_INPUT' }]);
    expect(errors?.[0]?.message).toBe(`"${id}" is not an id of this graph.`);
  });

  test('that is endless is not repeated in full', async () => {
    const { errors } = await execute([alpha()], query, { id: 'x'.repeat(5000) });
    expect(errors?.[0]?.message.length).toBeLessThan(200);
  });

  test('of another kind than the field asks for is refused', async () => {
    const answer = await execute(
      [alpha()],
      `query ($agent: ID!, $session: ID!) { session(id: $agent) { id } agent(id: $session) { id } team(id: $session) { id } }`,
      { agent: encode('agent:one/ada'), session: encode('session:one/agent/s2') },
    );
    expect(answer).toMatchInlineSnapshot(`
      {
        "data": {
          "agent": null,
          "session": null,
          "team": null,
        },
        "errors": [
          {
            "code": "BAD_USER_INPUT",
            "message": ""YWdlbnQ6b25lL2FkYQ" is the id of an agent, not of a session.",
            "path": "session",
          },
          {
            "code": "BAD_USER_INPUT",
            "message": ""c2Vzc2lvbjpvbmUvYWdlbnQvczI" is the id of a session, not of an agent.",
            "path": "agent",
          },
          {
            "code": "BAD_USER_INPUT",
            "message": ""c2Vzc2lvbjpvbmUvYWdlbnQvczI" is the id of a session, not of a team.",
            "path": "team",
          },
        ],
      }
    `);
  });
});

test('fails only the items that are wrong', async () => {
  const broken = new UpstreamError('one', 'UPSTREAM_BAD_RESPONSE');
  const ids = [encode('session:one/agent/s2'), 'garbage', encode('session:one/agent/bad'), encode('agent:one/ada')];
  const answer = await execute(
    [alpha({ failingKeys: { 'agent/bad': broken } })],
    `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } sessionsById(ids: $ids) { nativeId } }`,
    { ids },
  );

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "nodes": [
          {
            "__typename": "AlphaSession",
          },
          null,
          null,
          {
            "__typename": "AlphaAgent",
          },
        ],
        "sessionsById": [
          {
            "nativeId": "s2",
          },
          null,
          null,
          null,
        ],
      },
      "errors": [
        {
          "code": "BAD_USER_INPUT",
          "message": ""garbage" is not an id of this graph.",
          "path": "nodes.1",
        },
        {
          "code": "BAD_USER_INPUT",
          "message": ""garbage" is not an id of this graph.",
          "path": "sessionsById.1",
        },
        {
          "code": "BAD_USER_INPUT",
          "message": ""YWdlbnQ6b25lL2FkYQ" is the id of an agent, not of a session.",
          "path": "sessionsById.3",
        },
        {
          "code": "UPSTREAM_BAD_RESPONSE",
          "message": "Source "one" gave an answer that cannot be read.",
          "path": "nodes.2",
        },
        {
          "code": "UPSTREAM_BAD_RESPONSE",
          "message": "Source "one" gave an answer that cannot be read.",
          "path": "sessionsById.2",
        },
      ],
    }
  `);
});

test('takes at most 100 ids', async () => {
  const query = `query ($ids: [ID!]!) { sessionsById(ids: $ids) { id } }`;
  const ids = (count: number) => Array.from({ length: count }, (_, index) => encode(`session:one/agent/${index}`));

  expect((await execute([alpha()], query, { ids: ids(100) })).errors).toBeUndefined();
  expect((await execute([alpha()], query, { ids: ids(101) })).errors).toMatchObject([
    {
      path: 'sessionsById',
      code: 'BAD_USER_INPUT',
      message: 'At most 100 ids are allowed at once, but there are 101.',
    },
  ]);
});
