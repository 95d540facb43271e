import { expect, test, vi } from 'vitest';
import type { EntityRef } from '../../src/domain/records.ts';
import { toNodeId } from '../../src/entities/node-id.ts';
import type { EntityName } from '../../src/providers/shape.ts';
import { execute } from '../schema/execute.ts';
import { agent, session, team, testSource } from '../schema/platforms.ts';

vi.mock('../../src/providers/registry.ts', () => import('../schema/platforms.ts'));

const numbers = Array.from({ length: 10 }, (_, index) => index);
const sourceIds = ['one', 'two'];

function source(id: string) {
  return testSource(id, 'alpha', {
    sessions: numbers.map((number) => session(id, `s${number}`)),
    agents: numbers.map((number) => agent(id, `a${number}`)),
    teams: numbers.map((number) => team(id, `t${number}`)),
    workflows: numbers.map((number) => ({
      ...agent(id, `w${number}`),
      row: { steps: number },
    })),
  });
}

function reference(typeName: string, kind: EntityName, ref: EntityRef) {
  return { __typename: typeName, id: toNodeId(kind, ref) };
}

const entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Session { nativeId }
    ... on Agent { nativeId }
    ... on Team { nativeId }
    ... on AlphaWorkflow { nativeId steps }
    ... on User { id }
  }
}`;

test('resolves 100 representations of mixed types with one call for each kind and source', async () => {
  const sources = sourceIds.map(source);
  const mixed = numbers.flatMap((number) =>
    sourceIds.flatMap((sourceId) => [
      // By the interface, as `@interfaceObject` subgraphs do, and by the type, as others do.
      number % 2 === 0
        ? reference('Session', 'session', session(sourceId, `s${number}`))
        : reference('AlphaSession', 'session', session(sourceId, `s${number}`)),
      reference('Agent', 'agent', agent(sourceId, `a${number}`)),
      reference('AlphaTeam', 'team', team(sourceId, `t${number}`)),
      reference('AlphaWorkflow', 'workflow', agent(sourceId, `w${number}`)),
      { __typename: 'User', id: `u${number}` },
    ]),
  );
  expect(mixed).toHaveLength(100);

  const { data, errors } = await execute(sources, entities, { representations: mixed });

  expect(errors).toBeUndefined();
  expect(data).toEqual({
    _entities: numbers.flatMap((number) =>
      sourceIds.flatMap(() => [
        { __typename: 'AlphaSession', nativeId: `s${number}` },
        { __typename: 'AlphaAgent', nativeId: `a${number}` },
        { __typename: 'AlphaTeam', nativeId: `t${number}` },
        { __typename: 'AlphaWorkflow', nativeId: `w${number}`, steps: number },
        { __typename: 'User', id: `u${number}` },
      ]),
    ),
  });
  for (const { calls } of sources) {
    expect(calls.map((call) => call.split(' ')[0]).toSorted()).toEqual(['agents', 'sessions', 'teams', 'workflows']);
    expect(calls.map((call) => call.split(' ').length - 1)).toEqual([10, 10, 10, 10]);
  }
});

test('asks for a session once, however many representations name it', async () => {
  const one = source('one');
  const representations = numbers.flatMap(() => [
    reference('Session', 'session', session('one', 's1')),
    reference('AlphaSession', 'session', session('one', 's1')),
  ]);

  const { data, errors } = await execute([one], entities, { representations });

  expect(errors).toBeUndefined();
  expect(data).toEqual({ _entities: representations.map(() => ({ __typename: 'AlphaSession', nativeId: 's1' })) });
  expect(one.calls).toEqual([`sessions ${session('one', 's1').key}`]);
});
