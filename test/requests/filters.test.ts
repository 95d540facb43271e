import { describe, expect, test } from 'vitest';
import type { FilterName } from '../../src/domain/filter.ts';
import type { SessionKind, SessionStatus } from '../../src/domain/records.ts';
import { toNodeId } from '../../src/entities/node-id.ts';
import type { FilterSupport } from '../../src/providers/source.ts';
import { pageOf, type Question, row, type WrittenSource, walked, written } from './written.ts';

/**
 * The eight sessions that every list below is taken from. `c` and `f` were created at one moment; `b`, `g` and `h` tell no
 * activity, and `e` and `h` no creation.
 */
const rows = {
  one: [
    of('one', 'a', '2026-03-01T10:00:00Z', '2026-03-09T00:00:00Z', 'AGENT RUNNING ada - kim', 'Refund for order 7', [
      'billing',
      'vip',
    ]),
    of('one', 'b', '2026-03-02T00:00:00Z', null, 'AGENT IDLE bob - lee', 'Weather in Oslo', ['vip']),
    of('one', 'c', '2026-03-03T00:00:00Z', '2026-03-03T12:00:00Z', 'TEAM IDLE - red kim', 'REFUND policy', ['billing']),
    of('one', 'd', '2026-03-04T00:00:00Z', '2026-03-04T00:00:00Z', 'WORKFLOW FAILED - - -', null, []),
    of('one', 'e', null, '2026-03-06T00:00:00Z', 'AGENT WAITING ada - lee', 'Orders', ['Billing']),
  ],
  two: [
    of('two', 'f', '2026-03-03T00:00:00Z', '2026-03-05T00:00:00Z', 'AGENT RUNNING eve - kim', 'No refunds', [
      'new',
      'vip',
      'billing',
    ]),
    of('two', 'g', '2026-03-05T08:00:00Z', null, 'TEAM ENDED - blue lee', 'Oslo', []),
    of('two', 'h', null, null, 'AGENT UNKNOWN eve - -', null, []),
  ],
};

function of(
  sourceId: string,
  id: string,
  created: string | null,
  updated: string | null,
  words: `${SessionKind} ${SessionStatus} ${string} ${string} ${string}`,
  title: string | null,
  tags: readonly string[],
) {
  const [kind, status, agentKey, teamKey, userId] = words.split(' ').map((word) => (word === '-' ? null : word));
  return row(sourceId, id, {
    provider: sourceId === 'one' ? 'agno' : 'everruns',
    created,
    updated,
    title,
    tags,
    kind: kind as SessionKind,
    status: status as SessionStatus,
    agentKey: agentKey ?? null,
    teamKey: teamKey ?? null,
    userId: userId ?? null,
  });
}

const agent = (sourceId: string, key: string) => toNodeId('agent', { sourceId, key });
const team = (sourceId: string, key: string) => toNodeId('team', { sourceId, key });

interface Case {
  readonly about: string;
  readonly filter: Readonly<Record<string, unknown>>;
  /** The filter whose support is varied; null for those that need no look at a row. */
  readonly name: FilterName | null;
  /** Newest first, by creation and by activity. */
  readonly created: string;
  readonly updated: string;
}

const cases: readonly Case[] = [
  { about: 'none', filter: {}, name: null, created: 'g d f c b a h e', updated: 'a e g f d c b h' },
  { about: 'sources', filter: { sources: ['one'] }, name: null, created: 'd c b a e', updated: 'a e d c b' },
  { about: 'providers', filter: { providers: ['EVERRUNS'] }, name: null, created: 'g f h', updated: 'g f h' },
  {
    about: 'native ids',
    filter: { nativeIds: ['h', 'c', 'nothing', 'a'] },
    name: 'nativeIds',
    created: 'c a h',
    updated: 'a c h',
  },
  { about: 'kinds', filter: { kinds: ['AGENT'] }, name: 'kinds', created: 'f b a h e', updated: 'a e f b h' },
  {
    about: 'several kinds',
    filter: { kinds: ['WORKFLOW', 'TEAM'] },
    name: 'kinds',
    created: 'g d c',
    updated: 'g d c',
  },
  {
    about: 'agents',
    filter: { agents: [agent('one', 'ada'), agent('two', 'eve')] },
    name: 'agentKeys',
    created: 'f a h e',
    updated: 'a e f h',
  },
  {
    about: 'teams',
    filter: { teams: [team('one', 'red'), team('two', 'blue')] },
    name: 'teamKeys',
    created: 'g c',
    updated: 'g c',
  },
  { about: 'users', filter: { users: ['kim'] }, name: 'userIds', created: 'f c a', updated: 'a f c' },
  {
    about: 'statuses',
    filter: { statuses: ['RUNNING', 'UNKNOWN'] },
    name: 'statuses',
    created: 'f a h',
    updated: 'a f h',
  },
  {
    about: 'search, in any case, without the spaces around',
    filter: { search: ' rEfund ' },
    name: 'search',
    created: 'f c a',
    updated: 'a f c',
  },
  {
    about: 'tags, all of them, in their case',
    filter: { tags: ['billing', 'vip'] },
    name: 'tags',
    created: 'f a',
    updated: 'a f',
  },
  {
    about: 'createdAt: its beginning is inside, its end is not',
    filter: { createdAt: { from: '2026-03-02T00:00:00Z', until: '2026-03-04T00:00:00Z' } },
    name: 'createdAt',
    created: 'f c b',
    updated: 'f c b',
  },
  {
    about: 'createdAt from',
    filter: { createdAt: { from: '2026-03-04T00:00:00Z' } },
    name: 'createdAt',
    created: 'g d',
    updated: 'g d',
  },
  {
    about: 'createdAt until',
    filter: { createdAt: { until: '2026-03-03T00:00:00Z' } },
    name: 'createdAt',
    created: 'b a',
    updated: 'a b',
  },
  {
    about: 'updatedAt: its beginning is inside, its end is not, and creation counts where no activity is reported',
    filter: { updatedAt: { from: '2026-03-05T00:00:00Z', until: '2026-03-09T00:00:00Z' } },
    name: 'updatedAt',
    created: 'g f e',
    updated: 'e g f',
  },
  {
    about: 'updatedAt from',
    filter: { updatedAt: { from: '2026-03-04T00:00:00Z' } },
    name: 'updatedAt',
    created: 'g d f a e',
    updated: 'a e g f d',
  },
  {
    about: 'updatedAt until',
    filter: { updatedAt: { until: '2026-03-03T12:00:00Z' } },
    name: 'updatedAt',
    created: 'b',
    updated: 'b',
  },
];

const orders = [
  { order: 'CREATED_AT', orders: ['createdAt'] },
  { order: 'UPDATED_AT', orders: ['createdAt', 'updatedAt'] },
  { order: 'UPDATED_AT, which is sorted here,', orders: ['createdAt'] },
] as const;

interface Support {
  readonly support: FilterSupport;
}

const supports: readonly Support[] = [{ support: 'native' }, { support: 'local' }, { support: 'never' }];

function open(
  { name, created }: Pick<Case, 'name' | 'created'>,
  support: FilterSupport,
  ordered: (typeof orders)[number]['orders'],
): readonly [WrittenSource, WrittenSource] {
  const shared = {
    filters: name === null ? {} : { [name]: support },
    capabilities: { orders: ordered },
    ...(support === 'native' ? { answers: created.split(' ') } : {}),
  };
  return [
    written('one', { ...shared, rows: rows.one }),
    written('two', { ...shared, rows: rows.two, provider: 'everruns' }),
  ];
}

const matrix = cases.flatMap((each) =>
  orders.flatMap((order) =>
    (each.name === null ? [{ support: 'local' } as const] : supports).map((support) => ({
      ...each,
      ...order,
      ...support,
    })),
  ),
);

describe('sessions by', () => {
  test.each(matrix)('$about, answered as $support, in the order of $order both ways', async (each) => {
    const sources = open(each, each.support, each.orders);
    const isByCreation = each.order === 'CREATED_AT';
    const expected = each.support === 'never' ? [] : (isByCreation ? each.created : each.updated).split(' ');
    const orderBy = { field: isByCreation ? 'CREATED_AT' : 'UPDATED_AT' } as const;
    const newestFirst: Question = { filter: each.filter, orderBy };
    const oldestFirst: Question = { filter: each.filter, orderBy: { ...orderBy, direction: 'ASC' } };

    const page = await pageOf(sources, newestFirst);
    expect(page.ids).toEqual(expected);
    expect(page.outcomes.map((outcome) => outcome.split(' ').slice(1).join())).toEqual(
      page.outcomes.map(() => 'COMPLETE'),
    );
    expect(page).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    expect((await pageOf(sources, oldestFirst)).ids).toEqual(expected.toReversed());

    expect(await walked(sources, newestFirst, 1)).toEqual(expected);
    expect(await walked(sources, oldestFirst, 2)).toEqual(expected.toReversed());
    expect(await walked(sources, newestFirst, 2, { backward: true })).toEqual(expected);
    expect(await walked(sources, oldestFirst, 1, { backward: true })).toEqual(expected.toReversed());
  });

  test.each(matrix)(
    '$about, answered as $support, in the order of $order: counts exactly or not at all',
    async (each) => {
      const sources = open(each, each.support, each.orders);
      const field = each.order === 'CREATED_AT' ? 'CREATED_AT' : 'UPDATED_AT';
      const { totalCount } = await pageOf(sources, { filter: each.filter, orderBy: { field }, first: 1 });
      const exact = each.created.split(' ').length;
      const isOrdered = each.name === (field === 'CREATED_AT' ? 'createdAt' : 'updatedAt');
      if (each.support === 'never') expect(totalCount).toBe(0);
      else if (each.name === null || (each.support === 'native' && !isOrdered)) expect(totalCount).toBe(exact);
      else expect([null, exact]).toContain(totalCount);
    },
  );
});

test('a source whose sessions never have what is asked for is not read', async () => {
  const [one, two] = open({ name: 'tags', created: '' }, 'never', ['createdAt']);
  const page = await pageOf([one, two], { filter: { tags: ['vip'] } });
  expect(page).toMatchObject({ ids: [], outcomes: ['one COMPLETE', 'two COMPLETE'], totals: [0, 0], totalCount: 0 });
  expect([one.reads(), two.reads()]).toEqual([0, 0]);
});

test('what only one source answers is taken from that one', async () => {
  const one = written('one', { rows: rows.one, filters: { userIds: 'never' } });
  const two = written('two', { rows: rows.two, provider: 'everruns', filters: { userIds: 'local' } });
  const page = await pageOf([one, two], { filter: { users: ['kim', 'lee'] } });
  expect(page).toMatchObject({ ids: ['g', 'f'], outcomes: ['one COMPLETE', 'two COMPLETE'], totals: [0, null] });
});

test('every given filter must be passed', async () => {
  const sources = open({ name: null, created: '' }, 'local', ['createdAt', 'updatedAt']);
  const filter = { kinds: ['AGENT'], users: ['kim', 'lee'], tags: ['vip'] };
  expect((await pageOf(sources, { filter })).ids).toEqual(['f', 'b', 'a']);
  const narrower = { ...filter, statuses: ['RUNNING'], search: 'refund', sources: ['one'] };
  expect((await pageOf(sources, { filter: narrower })).ids).toEqual(['a']);
  const times = { createdAt: { from: '2026-03-01T00:00:00Z' }, updatedAt: { from: '2026-03-05T00:00:00Z' } };
  expect((await pageOf(sources, { filter: times })).ids).toEqual(['g', 'f', 'a']);
});

test('an empty list matches nothing, a blank text and a range without ends match everything', async () => {
  const sources = open({ name: null, created: '' }, 'local', ['createdAt']);
  for (const filter of [
    { sources: [] },
    { providers: [] },
    { kinds: [] },
    { agents: [] },
    { teams: [] },
    { workflows: [] },
    { users: [] },
    { statuses: [] },
    { tags: [] },
  ]) {
    expect(await pageOf(sources, { filter }), JSON.stringify(filter)).toMatchObject({ ids: [], totalCount: 0 });
  }
  for (const filter of [{ search: '' }, { search: ' ' }, { createdAt: {} }, { updatedAt: {} }]) {
    const { ids } = await pageOf(sources, { filter });
    expect(ids, JSON.stringify(filter)).toEqual(['g', 'd', 'f', 'c', 'b', 'a', 'h', 'e']);
  }
});

test('a source gets the filters and the order it declares, with ids that are its own', async () => {
  const filters = { agentKeys: 'native', statuses: 'native', createdAt: 'native' } as const;
  const one = written('one', { rows: rows.one, filters, answers: ['a'], capabilities: { orders: ['updatedAt'] } });
  await pageOf([one], {
    filter: {
      agents: [agent('one', 'ada'), agent('two', 'eve')],
      statuses: ['RUNNING'],
      createdAt: { from: '2026-03-01T00:00:00Z', until: '2026-03-02T00:00:00Z' },
    },
    orderBy: { field: 'UPDATED_AT' },
  });
  expect(one.queries).toHaveLength(1);
  expect(one.queries).toMatchObject([
    {
      orderBy: 'updatedAt',
      filter: {
        kinds: null,
        agentKeys: ['ada'],
        teamKeys: null,
        userIds: null,
        statuses: ['RUNNING'],
        search: null,
        tags: null,
        createdAt: { from: 1_772_323_200_000_000, until: 1_772_409_600_000_000 },
        updatedAt: null,
      },
    },
  ]);
});
