import { describe, expect, test } from 'vitest';
import { toNodeId } from '../../src/entities/node-id.ts';
import { agent, team } from '../schema/platforms.ts';
import { ask, pageOf, type Question, row, written } from './written.ts';

const rows = [
  row('one', 'b', { created: '2026-03-02T00:00:00Z', agentKey: 'ada', teamKey: 'lead/red', userId: 'kim' }),
  row('one', 'a', { created: '2026-03-01T00:00:00Z', agentKey: 'ada', teamKey: 'lead/red', userId: 'kim' }),
];

function open() {
  const one = written('one', { rows });
  return {
    ...one,
    agents: async () => [agent('one', 'ada', { provider: 'agno' })],
    teams: async () => [team('one', 'red', { provider: 'agno' })],
  };
}

const sessionId = toNodeId('session', { sourceId: 'one', key: 'agent/a' });
const agentId = toNodeId('agent', { sourceId: 'one', key: 'ada' });
const teamId = toNodeId('team', { sourceId: 'one', key: 'lead/red' });

describe('the caller learns of a mistake, and nothing is read,', () => {
  test.each<readonly [string, Question, string]>([
    ['with `first` and `last`', { first: 1, last: 1 }, 'Give either `first` or `last`, not both.'],
    ['with a negative `first`', { first: -1 }, '`first` must be from 0 to 100, but is -1.'],
    ['with a negative `last`', { last: -1 }, '`last` must be from 0 to 100, but is -1.'],
    ['with too large a `first`', { first: 101 }, '`first` must be from 0 to 100, but is 101.'],
    ['with too large a `last`', { last: 101 }, '`last` must be from 0 to 100, but is 101.'],
    ['with a source that does not exist', { filter: { sources: ['one', 'nine'] } }, 'There is no source "nine".'],
    ['with no id for an agent', { filter: { agents: ['ada'] } }, '"ada" is not an id of this graph.'],
    ['with no id for a team', { filter: { teams: ['red'] } }, '"red" is not an id of this graph.'],
    [
      'with a session for an agent',
      { filter: { agents: [sessionId] } },
      `"${sessionId}" is the id of a session, not of an agent.`,
    ],
    [
      'with an agent for a team',
      { filter: { teams: [agentId] } },
      `"${agentId}" is the id of an agent, not of a team.`,
    ],
    [
      'with a creation that ends before it begins',
      { filter: { createdAt: { from: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' } } },
      'In `createdAt`, `from` must be before `until`.',
    ],
    [
      'with an activity that ends where it begins',
      { filter: { updatedAt: { from: '2026-03-01T00:00:00Z', until: '2026-03-01T00:00:00Z' } } },
      'In `updatedAt`, `from` must be before `until`.',
    ],
  ])('%s', async (_about, question, message) => {
    const one = open();
    const answer = await ask([one], question);
    expect(answer.page).toBeNull();
    expect(answer.errors).toEqual([{ path: 'sessions', code: 'BAD_USER_INPUT', message }]);
    expect(one.reads()).toBe(0);
  });

  test('and the largest page that is allowed is given', async () => {
    expect((await pageOf([open()], { first: 100 })).ids).toEqual(['b', 'a']);
    expect((await pageOf([open()], { last: 100 })).ids).toEqual(['b', 'a']);
  });
});

const foreign = 'The cursor belongs to a list with another filter, order or parent.';
const unreadable = 'The cursor was not made by this graph, or is incomplete.';

describe('a cursor is refused, and nothing is read,', () => {
  const cursor = async (question: Question = {}, parent = '*') =>
    (await pageOf([open()], { first: 1, ...question }, { parent })).endCursor ?? '';

  const lists: readonly (readonly [string, Question])[] = [
    ['sources', { filter: { sources: ['one'] } }],
    ['providers', { filter: { providers: ['AGNO'] } }],
    ['kinds', { filter: { kinds: ['AGENT'] } }],
    ['agents', { filter: { agents: [agentId] } }],
    ['teams', { filter: { teams: [teamId] } }],
    ['users', { filter: { users: ['kim'] } }],
    ['statuses', { filter: { statuses: ['IDLE'] } }],
    ['search', { filter: { search: 'session' } }],
    ['tags', { filter: { tags: ['vip'] } }],
    ['createdAt', { filter: { createdAt: { from: '2026-03-01T00:00:00Z' } } }],
    ['updatedAt', { filter: { updatedAt: { until: '2026-04-01T00:00:00Z' } } }],
    ['another order', { orderBy: { field: 'UPDATED_AT' } }],
    ['another direction', { orderBy: { field: 'CREATED_AT', direction: 'ASC' } }],
  ];

  test.each(lists)('of a list without it, on one with %s', async (_name, question) => {
    const after = await cursor();
    for (const place of [
      { first: 1, after },
      { last: 1, before: after },
    ]) {
      const one = open();
      const { page, errors } = await ask([one], { ...question, ...place });
      expect(page).toBeNull();
      expect(errors).toEqual([{ path: 'sessions', code: 'BAD_CURSOR', message: foreign }]);
      expect(one.reads()).toBe(0);
    }
  });

  test.each(lists.filter(([name]) => name !== 'tags'))('of a list with %s, on one without', async (_name, question) => {
    const { page, errors } = await ask([open()], { after: await cursor(question) });
    expect(page).toBeNull();
    expect(errors).toEqual([{ path: 'sessions', code: 'BAD_CURSOR', message: foreign }]);
  });

  const parents = ['source(id: "one") { * }', `agent(id: "${agentId}") { * }`, `team(id: "${teamId}") { * }`];

  test.each(parents)('of the list of all, on that of %s', async (parent) => {
    const own = await cursor({}, parent);
    expect((await pageOf([open()], { after: own }, { parent })).ids).toEqual(['a']);
    const { page, errors } = await ask([open()], { after: await cursor() }, { parent });
    expect(page).toBeNull();
    expect(errors).toMatchObject([{ code: 'BAD_CURSOR', message: foreign }]);
    expect((await ask([open()], { after: own })).errors).toMatchObject([{ code: 'BAD_CURSOR', message: foreign }]);
  });

  test.each([
    ['empty', () => ''],
    ['anything', () => 'anything'],
    ['one cut short', (whole: string) => whole.slice(0, -4)],
    ['one with more behind it', (whole: string) => `${whole}AAAA`],
    ['one in another spelling', (whole: string) => `${whole}=`],
    [
      'one with another letter',
      (whole: string) => `${whole.slice(0, 20)}${whole[20] === 'A' ? 'B' : 'A'}${whole.slice(21)}`,
    ],
    ['an id', () => sessionId],
  ])('that is %s', async (_about, spoil) => {
    const after = spoil(await cursor());
    const one = open();
    expect(await ask([one], { after })).toEqual({
      page: null,
      errors: [{ path: 'sessions', code: 'BAD_CURSOR', message: unreadable }],
    });
    expect((await ask([one], { last: 1, before: after })).errors).toMatchObject([{ code: 'BAD_CURSOR' }]);
    expect(one.reads()).toBe(0);
  });

  test('but what is null is as good as absent', async () => {
    const after = await cursor({ filter: { search: null, createdAt: null } });
    expect((await pageOf([open()], { after })).ids).toEqual(['a']);
    expect((await pageOf([open()], { after, orderBy: { field: 'CREATED_AT', direction: 'DESC' } })).ids).toEqual(['a']);
  });
});
