import { expect, test, vi } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { execute } from './execute.ts';
import { agent, session, team, testSource, type World } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on Session { title source { slug } }
  ... on Agent { name }
  ... on Team { name }
  ... on User { id sessions { nodes { nativeId } } }
} }`;

function alpha(world: World = {}) {
  return testSource('one', 'alpha', {
    sessions: [session('one', 's1', { userId: 'u1' }), session('one', 's2')],
    agents: [agent('one', 'ada')],
    teams: [team('one', 'red')],
    ...world,
  });
}

function beta() {
  return testSource('two', 'beta', { sessions: [session('two', 's3', { provider: 'beta' })] });
}

const id = (text: string) => Buffer.from(text).toString('base64url');

test('resolves references to concrete types and to interfaces, in one batch for each source', async () => {
  const [one, two] = [alpha(), beta()];
  const answer = await execute([one, two], query, {
    representations: [
      { __typename: 'Session', id: id('session:one/agent/s1') },
      { __typename: 'AlphaSession', id: id('session:one/agent/s1') },
      { __typename: 'Session', id: id('session:two/agent/s3') },
      { __typename: 'BetaSession', id: id('session:two/agent/s3') },
      { __typename: 'AlphaSession', id: id('session:one/agent/s2') },
      { __typename: 'Agent', id: id('agent:one/ada') },
      { __typename: 'AlphaTeam', id: id('team:one/lead/red') },
      { __typename: 'Team', id: id('team:one/lead/red') },
    ],
  });

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "_entities": [
          {
            "__typename": "AlphaSession",
            "source": {
              "slug": "one",
            },
            "title": "Session s1",
          },
          {
            "__typename": "AlphaSession",
            "source": {
              "slug": "one",
            },
            "title": "Session s1",
          },
          {
            "__typename": "BetaSession",
            "source": {
              "slug": "two",
            },
            "title": "Session s3",
          },
          {
            "__typename": "BetaSession",
            "source": {
              "slug": "two",
            },
            "title": "Session s3",
          },
          {
            "__typename": "AlphaSession",
            "source": {
              "slug": "one",
            },
            "title": "Session s2",
          },
          {
            "__typename": "AlphaAgent",
            "name": "Agent ada",
          },
          {
            "__typename": "AlphaTeam",
            "name": "Team red",
          },
          {
            "__typename": "AlphaTeam",
            "name": "Team red",
          },
        ],
      },
    }
  `);
  expect(one.calls).toEqual(['sessions agent/s1 agent/s2', 'agents ada', 'teams lead/red']);
  expect(two.calls).toEqual(['sessions agent/s3']);
});

test('leaves the records as its loaders share them', async () => {
  const frozen = Object.freeze(session('one', 's1'));
  const { data, errors } = await execute([alpha({ sessions: [frozen] })], query, {
    representations: [{ __typename: 'Session', id: id('session:one/agent/s1') }],
  });

  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ _entities: [{ title: 'Session s1' }] });
});

test('reports a representation that cannot be one to the caller, and answers the others', async () => {
  const { data, errors } = await execute([alpha()], query, {
    representations: [
      { __typename: 'Session', id: id('session:one/agent/s1') },
      { __typename: 'Invoice', id: '1' },
      { __typename: 'PageInfo' },
      { __typename: 'Node', id: id('session:one/agent/s1') },
      { __typename: '__proto__', id: '1' },
      { __typename: 7, id: '1' },
      { id: id('session:one/agent/s1') },
      'Session',
      { __typename: 'User', id: 'u1' },
    ],
  });

  expect(data).toMatchObject({
    _entities: [{ title: 'Session s1' }, null, null, null, null, null, null, null, { id: 'u1' }],
  });
  const unknown = 'The `__typename` of a representation must be an entity of this graph.';
  const shapeless = 'A representation must be an object with a `__typename`.';
  expect(errors).toEqual(
    [unknown, unknown, unknown, unknown, shapeless, shapeless, shapeless].map((message, index) => ({
      path: `_entities.${index + 1}`,
      code: 'BAD_USER_INPUT',
      message,
    })),
  );
});

test('contributes sessions to users that another subgraph owns', async () => {
  const { data } = await execute([alpha()], query, { representations: [{ __typename: 'User', id: 'u1' }] });

  expect(data).toEqual({ _entities: [{ __typename: 'User', id: 'u1', sessions: { nodes: [{ nativeId: 's1' }] } }] });
});

test('has null for what is gone, and for a session that is said to be of another platform than it is', async () => {
  const { data, errors } = await execute([alpha(), beta()], query, {
    representations: [
      { __typename: 'Session', id: id('session:one/agent/gone') },
      { __typename: 'AlphaSession', id: id('session:two/agent/s3') },
    ],
  });

  expect(errors).toBeUndefined();
  expect(data).toEqual({ _entities: [null, null] });
});

test('fails only the references that are wrong', async () => {
  const broken = new UpstreamError('one', 'UPSTREAM_TIMEOUT');
  const answer = await execute([alpha({ failingKeys: { 'agent/s2': broken } })], query, {
    representations: [
      { __typename: 'Session', id: id('session:one/agent/s1') },
      { __typename: 'Session', id: 'garbage' },
      { __typename: 'AlphaSession', id: id('agent:one/ada') },
      { __typename: 'Session', id: id('session:one/agent/s2') },
      { __typename: 'Agent' },
      { __typename: 'User', id: 7 },
    ],
  });

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "_entities": [
          {
            "__typename": "AlphaSession",
            "source": {
              "slug": "one",
            },
            "title": "Session s1",
          },
          null,
          null,
          null,
          null,
          null,
        ],
      },
      "errors": [
        {
          "code": "BAD_USER_INPUT",
          "message": "A representation must have an \`id\` that is a string.",
          "path": "_entities.4",
        },
        {
          "code": "BAD_USER_INPUT",
          "message": "A representation must have an \`id\` that is a string.",
          "path": "_entities.5",
        },
        {
          "code": "BAD_USER_INPUT",
          "message": ""garbage" is not an id of this graph.",
          "path": "_entities.1",
        },
        {
          "code": "BAD_USER_INPUT",
          "message": ""YWdlbnQ6b25lL2FkYQ" is the id of an agent, not of a session.",
          "path": "_entities.2",
        },
        {
          "code": "UPSTREAM_TIMEOUT",
          "message": "Source "one" did not answer in time.",
          "path": "_entities.3",
        },
      ],
    }
  `);
});
