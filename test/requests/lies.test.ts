import { describe, expect, test } from 'vitest';
import type { FilterName } from '../../src/domain/filter.ts';
import { toNodeId } from '../../src/entities/node-id.ts';
import { pageOf, row, walked, written } from './written.ts';

/** Platforms that do not do what they say. The list stays right, or says that it may not be. */

const rows = [
  row('one', 'c', {
    created: '2026-03-03T00:00:00Z',
    updated: '2026-03-08T00:00:00Z',
    kind: 'TEAM',
    teamKey: 'red',
    userId: 'lee',
    status: 'ENDED',
    title: 'Weather',
    tags: ['old'],
  }),
  row('one', 'b', {
    created: '2026-03-02T00:00:00Z',
    updated: '2026-03-04T00:00:00Z',
    agentKey: 'ada',
    userId: 'kim',
    status: 'RUNNING',
    title: 'Refund',
    tags: ['vip'],
  }),
  row('one', 'a', {
    created: '2026-03-01T00:00:00Z',
    updated: '2026-03-06T00:00:00Z',
    kind: 'WORKFLOW',
    userId: 'lee',
    status: 'IDLE',
    title: null,
  }),
];

const wanted: readonly (readonly [FilterName, Readonly<Record<string, unknown>>])[] = [
  ['nativeIds', { nativeIds: ['b'] }],
  ['kinds', { kinds: ['AGENT'] }],
  ['agentKeys', { agents: [toNodeId('agent', { sourceId: 'one', key: 'ada' })] }],
  ['userIds', { users: ['kim'] }],
  ['statuses', { statuses: ['RUNNING'] }],
  ['search', { search: 'refund' }],
  ['tags', { tags: ['vip'] }],
  ['createdAt', { createdAt: { from: '2026-03-02T00:00:00Z', until: '2026-03-03T00:00:00Z' } }],
  ['updatedAt', { updatedAt: { from: '2026-03-04T00:00:00Z', until: '2026-03-06T00:00:00Z' } }],
];

describe('a platform that says it filters by', () => {
  test.each(wanted)(
    '%s, and answers everything: only what was asked for is given, and not counted',
    async (name, filter) => {
      for (const pageRows of [undefined, 4]) {
        const one = written('one', { rows, filters: { [name]: 'native' }, ...(pageRows ? { pageRows } : {}) });
        expect(await pageOf([one], { filter })).toMatchObject({
          ids: ['b'],
          outcomes: ['one COMPLETE'],
          totalCount: null,
          hasNextPage: false,
        });
        expect(await walked([one], { filter }, 1)).toEqual(['b']);
        expect(await walked([one], { filter }, 1, { backward: true })).toEqual(['b']);
      }
    },
  );

  test('teams, and answers everything', async () => {
    const one = written('one', { rows, filters: { teamKeys: 'native' } });
    const filter = { teams: [toNodeId('team', { sourceId: 'one', key: 'red' })] };
    expect(await pageOf([one], { filter })).toMatchObject({ ids: ['c'], totalCount: null });
  });

  test.each(wanted)('%s, and answers too little: what it holds back is not made up', async (name, filter) => {
    const one = written('one', { rows, filters: { [name]: 'native' }, answers: ['a', 'c'] });
    expect((await pageOf([one], { filter })).ids).toEqual([]);
  });
});

describe('a platform that says it orders', () => {
  const shuffled = [rows[1], rows[0], rows[2]].flatMap((each) => (each === undefined ? [] : [each]));

  test('and does not: within one answer the rows are given, and it is PARTIAL', async () => {
    const one = written('one', { rows: shuffled, pageRows: 10 });
    const page = await pageOf([one]);
    expect(page.ids.toSorted()).toEqual(['a', 'b', 'c']);
    expect(page.outcomes).toEqual(['one PARTIAL TIES_UNSTABLE']);
  });

  test('by activity, and does so by creation: it is PARTIAL', async () => {
    const one = written('one', { rows, pageRows: 10, capabilities: { orders: ['createdAt', 'updatedAt'] } });
    const page = await pageOf([one], { orderBy: { field: 'UPDATED_AT' } });
    expect(page.ids.toSorted()).toEqual(['a', 'b', 'c']);
    expect(page.outcomes).toEqual(['one PARTIAL TIES_UNSTABLE']);
  });

  test('its whole list, and does not: the list is put in order here', async () => {
    const one = written('one', { rows: shuffled });
    expect(await pageOf([one])).toMatchObject({ ids: ['c', 'b', 'a'], outcomes: ['one COMPLETE'] });
  });
});

describe('a platform that counts', () => {
  const six = ['6', '5', '4', '3', '2', '1'].map((id) => row('one', id, { created: `2026-03-0${id}T00:00:00Z` }));

  test('fewer rows than it shows ends no list early, and is not believed', async () => {
    const one = written('one', { rows: six, pageRows: 4, claims: 1 });
    expect(await walked([one], {}, 1)).toEqual(['6', '5', '4', '3', '2', '1']);
    expect(await walked([one], {}, 4)).toEqual(['6', '5', '4', '3', '2', '1']);
    expect(await pageOf([one], { first: 3 })).toMatchObject({ totalCount: null, hasNextPage: true });
  });

  test('more rows than it has makes no list endless', async () => {
    const one = written('one', { rows: six, pageRows: 4, claims: 40 });
    expect(await walked([one], {}, 4)).toEqual(['6', '5', '4', '3', '2', '1']);
    expect(await pageOf([one], { first: 10 })).toMatchObject({ hasNextPage: false });
  });
});

test('a platform that says it has no total is not counted by what it says', async () => {
  const one = written('one', { rows, pageRows: 2, capabilities: { total: false } });
  const { totalCount } = await pageOf([one], { first: 1 });
  expect([null, 3]).toContain(totalCount);
});
