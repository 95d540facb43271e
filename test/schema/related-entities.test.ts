import { expect, test, vi } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { completeSession } from '../../src/entities/completion.ts';
import { contextOf, execute } from './execute.ts';
import { agent, session, team, testSource, type World } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

const sessions = Array.from({ length: 20 }, (_, index) =>
  session('one', `s${index}`, { agentKey: index % 2 === 0 ? 'ada' : 'bob', teamKey: 'lead/red', userId: 'u1' }),
);

function alpha(world: World = {}) {
  return testSource('one', 'alpha', {
    sessions,
    agents: [agent('one', 'ada'), agent('one', 'bob')],
    teams: [team('one', 'red')],
    ...world,
  });
}

function selecting(fields: string, definitions = '') {
  return `query ($off: Boolean = false) {
    sessions { nodes { agent { ${fields} } title @include(if: $off) } }
  } ${definitions}`;
}

test('loads the neighbours of all sessions in one call for each kind', async () => {
  const one = alpha();
  const { data, errors } = await execute(
    [one],
    `{ sessions { nodes { agent { name } team { name } user { id } } } again: sessions { nodes { agent { model name } } } }`,
  );

  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    sessions: {
      nodes: expect.arrayContaining([{ agent: { name: 'Agent ada' }, team: { name: 'Team red' }, user: { id: 'u1' } }]),
    },
  });
  expect(one.calls.toSorted()).toEqual(['agents bob ada', 'sessionFeeds', 'teams lead/red']);
});

test.each([
  ['only what its key says', 'id nativeId __typename source { name }'],
  ['that in a fragment', '...Known', 'fragment Known on Node { id ... on Agent { nativeId source { slug } } }'],
  ['that under an alias', 'name: id'],
  ['its sessions', 'sessions(first: 1) { nodes { title } }'],
  ['more, which is skipped', 'id name @skip(if: true) ... on Agent @include(if: $off) { name }'],
  ['more of another platform', 'id ... on BetaAgent { label name }'],
])('does not load an agent that is asked for %s', async (_case, fields, definitions = '') => {
  const one = alpha();
  const { errors } = await execute([one], selecting(fields, definitions));

  expect(errors).toBeUndefined();
  expect(one.calls.filter((call) => call !== 'sessionFeeds')).toEqual([]);
});

test.each([
  ['its name', 'id name'],
  ['a field of its platform', '... on AlphaAgent { prompt }'],
  ['more in a nested fragment', '...Told', 'fragment Told on Node { id ... on AlphaAgent { prompt } }'],
  ['more in a fragment without a type', '... { id ... @skip(if: $off) { model } }'],
  ['more under the name of what is known', 'id: name'],
])('loads an agent that is asked for %s', async (_case, fields, definitions = '') => {
  const one = alpha();
  const { errors } = await execute([one], selecting(fields, definitions));

  expect(errors).toBeUndefined();
  expect(one.calls).toContain('agents bob ada');
});

test('shows the same of an agent by its key as when it is loaded', async () => {
  const [byKey, loaded] = ['', 'name'].map(
    (more) => `{ sessions(first: 2) { nodes { agent { __typename id nativeId source { id } ${more} } } } }`,
  );
  const told = await execute([alpha()], byKey ?? '');
  const known = JSON.stringify(await execute([alpha()], loaded ?? ''));

  expect(told).toEqual(JSON.parse(known.replaceAll(/,"name":"Agent \w+"/g, '')));
});

test('has null for an agent that is gone', async () => {
  const { data, errors } = await execute(
    [alpha({ agents: [] })],
    `{ sessions(first: 1) { nodes { agent { name } known: agent { nativeId } } } }`,
  );

  expect(errors).toBeUndefined();
  expect(data).toEqual({ sessions: { nodes: [{ agent: null, known: { nativeId: 'bob' } }] } });
});

test('has null, and no call, for a session that has no neighbours or whose platform has none', async () => {
  const one = alpha({ sessions: [session('one', 's1')] });
  const two = testSource('two', 'beta', { sessions: [session('two', 's2', { provider: 'beta' })] });
  const answer = await execute(
    [one, two],
    `{ sessions { nodes { agent { name } team { name } user { id } ... on AlphaSession { workflow { name } version { image } } } } }`,
  );

  expect(answer).toEqual({
    data: {
      sessions: {
        nodes: [
          { agent: null, team: null, user: null },
          { agent: null, team: null, user: null, workflow: null, version: null },
        ],
      },
    },
  });
  expect([...one.calls, ...two.calls]).toEqual(['sessionFeeds', 'sessionFeeds']);
});

test('fails only the field whose lookup fails', async () => {
  const down = new UpstreamError('one', 'UPSTREAM_UNAVAILABLE');
  const answer = await execute(
    [alpha({ failing: { teams: down }, sessions: sessions.slice(0, 1) })],
    `{ sessions { nodes { title agent { name } team { name } } } }`,
  );

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "sessions": {
          "nodes": [
            {
              "agent": {
                "name": "Agent ada",
              },
              "team": null,
              "title": "Session s0",
            },
          ],
        },
      },
      "errors": [
        {
          "code": "UPSTREAM_UNAVAILABLE",
          "message": "Source "one" cannot be reached or failed.",
          "path": "sessions.nodes.0.team",
        },
      ],
    }
  `);
});

test('reads single sessions for what their list leaves out, and only then', async () => {
  const rows = ['s1', 's2'].map((id) => session('one', id, { complete: false }));
  const details = ['s1', 's2'].map((id) =>
    session('one', id, { agentKey: 'ada', userId: `user of ${id}`, workflowKey: 'flow' }),
  );
  const one = alpha({ sessions: rows, details });
  await execute([one], `{ sessions { nodes { id title kind source { name } } } }`);
  expect(one.calls).toEqual(['sessionFeeds']);

  const two = alpha({ sessions: rows, details });
  const { data } = await execute(
    [two],
    `{ sessions { nodes { user { id } agent { name } ... on AlphaSession { workflow { nativeId } } } } }`,
  );
  expect(data).toEqual({
    sessions: {
      nodes: [
        { user: { id: 'user of s2' }, agent: { name: 'Agent ada' }, workflow: { nativeId: 'flow' } },
        { user: { id: 'user of s1' }, agent: { name: 'Agent ada' }, workflow: { nativeId: 'flow' } },
      ],
    },
  });
  expect(two.calls).toEqual(['sessionFeeds', 'sessions agent/s2 agent/s1', 'agents ada']);
});

test('does not read a session again whose row has everything', async () => {
  const one = alpha();
  const whole = session('one', 's1');

  expect(await completeSession(whole, contextOf([one]))).toBe(whole);
  expect(one.calls).toEqual([]);
});

test('keeps what a list has of a session that is gone meanwhile', async () => {
  const rows = [session('one', 's1', { complete: false, agentKey: 'ada' })];
  const { data } = await execute(
    [alpha({ sessions: rows, details: [] })],
    `{ sessions { nodes { agent { name } user { id } } } }`,
  );

  expect(data).toEqual({ sessions: { nodes: [{ agent: { name: 'Agent ada' }, user: null }] } });
});

test('lists agents once, and loads none of those it has listed', async () => {
  const one = alpha();
  const { data } = await execute([one], `{ agents { nodes { id name } totalCount } }`);
  expect(data).toMatchObject({ agents: { totalCount: 2 } });

  const two = alpha();
  await execute([two], `{ sources { agents { nodes { sessions(first: 2) { nodes { agent { name } } } } } } }`);
  expect(two.calls.filter((call) => call.startsWith('agents'))).toEqual([]);
});

test('shows the members of a team as the team has them, and their sessions as the platform does', async () => {
  const ada = agent('one', 'ada', { description: 'embedded' });
  const inner = team('one', 'inner', { members: [{ agent: agent('one', 'bob'), team: null, session: null }] });
  const red = team('one', 'red', {
    leader: ada,
    members: [
      { agent: ada, team: null, session: { sourceId: 'one', key: 'agent/s1' } },
      { agent: null, team: inner, session: { sourceId: 'one', key: 'agent/gone' } },
    ],
  });
  const one = alpha({ teams: [red] });
  const answer = await execute(
    [one],
    `{ teams { nodes { name ... on AlphaTeam { mode } leader { description } members {
      agent { name ... on AlphaAgent { prompt } } team { name members { agent { name } } } session { title }
    } } } }`,
  );

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "teams": {
          "nodes": [
            {
              "leader": {
                "description": "embedded",
              },
              "members": [
                {
                  "agent": {
                    "name": "Agent ada",
                    "prompt": "You are ada.",
                  },
                  "session": {
                    "title": "Session s1",
                  },
                  "team": null,
                },
                {
                  "agent": null,
                  "session": null,
                  "team": {
                    "members": [
                      {
                        "agent": {
                          "name": "Agent bob",
                        },
                      },
                    ],
                    "name": "Team inner",
                  },
                },
              ],
              "mode": "route",
              "name": "Team red",
            },
          ],
        },
      },
    }
  `);
  expect(one.calls).toEqual(['listTeams', 'sessions agent/s1 agent/gone']);
});

test('walks from an agent, a team, a user and a source to their sessions', async () => {
  const own = [
    session('one', 's1', { agentKey: 'ada', userId: 'u1' }),
    session('one', 's2', { agentKey: 'bob', userId: 'u2' }),
    session('one', 's3', { teamKey: 'lead/red', kind: 'TEAM' }),
  ];
  const other = testSource('two', 'beta', { sessions: [session('two', 's4', { provider: 'beta', userId: 'u1' })] });
  const answer = await execute(
    [alpha({ sessions: own }), other],
    `{
      agents { nodes { nativeId sessions { nodes { nativeId } totalCount } } }
      teams { nodes { nativeId sessions(filter: { kinds: [TEAM] }) { nodes { nativeId } } } }
      sessions(filter: { sources: ["one"] }, last: 1) { nodes { user { sessions(orderBy: { direction: ASC }) { nodes { nativeId } } } } }
      source(id: "two") { sessions { nodes { nativeId } } }
    }`,
  );

  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "agents": {
          "nodes": [
            {
              "nativeId": "bob",
              "sessions": {
                "nodes": [
                  {
                    "nativeId": "s2",
                  },
                ],
                "totalCount": null,
              },
            },
            {
              "nativeId": "ada",
              "sessions": {
                "nodes": [
                  {
                    "nativeId": "s1",
                  },
                ],
                "totalCount": null,
              },
            },
          ],
        },
        "sessions": {
          "nodes": [
            {
              "user": {
                "sessions": {
                  "nodes": [
                    {
                      "nativeId": "s1",
                    },
                    {
                      "nativeId": "s4",
                    },
                  ],
                },
              },
            },
          ],
        },
        "source": {
          "sessions": {
            "nodes": [
              {
                "nativeId": "s4",
              },
            ],
          },
        },
        "teams": {
          "nodes": [
            {
              "nativeId": "red",
              "sessions": {
                "nodes": [
                  {
                    "nativeId": "s3",
                  },
                ],
              },
            },
          ],
        },
      },
    }
  `);
});
