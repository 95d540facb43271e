import { type GraphQLNamedType, isObjectType } from 'graphql';
import { expect, test, vi } from 'vitest';
import { execute, schema } from './execute.ts';
import { session, testSource } from './platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('./platforms.ts'));

const row = {
  usage: { tokens: 12, models: ['m1'] },
  history: [{ tokens: null, models: [] }],
  origin: 'console',
  metadata: { nested: [1, { two: null }] },
};

const query = `{ sessions { nodes { ... on AlphaSession {
  usage { tokens models } history { tokens models } origin metadata seenAt tags
} ... on BetaSession { goal } } } }`;

function fieldTypes(type: GraphQLNamedType | undefined) {
  if (!isObjectType(type)) throw new Error('There is no such object type.');
  return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)]));
}

test('gives a provider type the fields of its interface and those of its shape', () => {
  expect(fieldTypes(schema.getType('AlphaSession'))).toMatchInlineSnapshot(`
    {
      "agent": "Agent",
      "createdAt": "DateTime",
      "history": "[AlphaUsage!]!",
      "id": "ID!",
      "kind": "SessionKind!",
      "messages": "MessageConnection",
      "metadata": "JSON",
      "nativeId": "String!",
      "nativeStatus": "String",
      "origin": "String!",
      "preview": "String",
      "seenAt": "DateTime",
      "source": "Source!",
      "status": "SessionStatus!",
      "tags": "[String!]!",
      "team": "Team",
      "title": "String",
      "totalTokens": "Float",
      "updatedAt": "DateTime",
      "usage": "AlphaUsage",
      "user": "User",
      "version": "AlphaAgentVersion",
      "workflow": "AlphaWorkflow",
    }
  `);
  expect(fieldTypes(schema.getType('AlphaUsage'))).toEqual({ tokens: 'Int', models: '[String!]!' });
  expect(fieldTypes(schema.getType('AlphaWorkflow'))).toMatchInlineSnapshot(`
    {
      "description": "String",
      "id": "ID!",
      "name": "String",
      "nativeId": "String!",
      "sessions": "SessionConnection",
      "source": "Source!",
      "steps": "Int",
    }
  `);
  expect(fieldTypes(schema.getType('AlphaAgentVersion'))).toMatchInlineSnapshot(`
    {
      "id": "ID!",
      "image": "String",
      "nativeId": "String!",
      "source": "Source!",
    }
  `);
});

test('gives only those types a workflow whose provider has one', () => {
  expect(schema.getType('BetaWorkflow')).toBeUndefined();
  expect(schema.getType('BetaTeam')).toBeUndefined();
});

test('reads what only one platform has, nested and free-form', async () => {
  const sources = [
    testSource('one', 'alpha', {
      sessions: [session('one', 's1', { row, tags: ['a'] }), session('one', 's2', { row: {} })],
    }),
    testSource('two', 'beta', { sessions: [session('two', 's3', { provider: 'beta', title: 'win' })] }),
  ];

  expect(await execute(sources, query)).toMatchInlineSnapshot(`
    {
      "data": {
        "sessions": {
          "nodes": [
            {
              "goal": "win",
            },
            {
              "history": [],
              "metadata": null,
              "origin": "test",
              "seenAt": "2026-01-01T00:00:00Z",
              "tags": [],
              "usage": null,
            },
            {
              "history": [
                {
                  "models": [],
                  "tokens": null,
                },
              ],
              "metadata": {
                "nested": [
                  1,
                  {
                    "two": null,
                  },
                ],
              },
              "origin": "console",
              "seenAt": "2026-01-01T00:00:00Z",
              "tags": [
                "a",
              ],
              "usage": {
                "models": [
                  "m1",
                ],
                "tokens": 12,
              },
            },
          ],
        },
      },
    }
  `);
});

test('keeps the precision of the platform in times', async () => {
  const createdAt = { micros: 1_767_225_600_123_456, text: '2026-01-01T00:00:00.123456789+00:00' };
  const source = testSource('one', 'alpha', { sessions: [session('one', 's1', { createdAt })] });
  const { data } = await execute([source], `{ sessions { nodes { createdAt updatedAt } } }`);

  expect(data).toEqual({ sessions: { nodes: [{ createdAt: createdAt.text, updatedAt: null }] } });
});

test('reports a value that a platform always sends and has not sent', async () => {
  const source = testSource('one', 'alpha', { sessions: [session('one', 's1', { row: { origin: null } })] });
  const { errors } = await execute([source], `{ sessions { edges { node { ... on AlphaSession { origin } } } } }`);

  expect(errors).toMatchObject([
    { path: 'sessions.edges.0.node.origin', message: 'Cannot return null for non-nullable field AlphaSession.origin.' },
  ]);
});
