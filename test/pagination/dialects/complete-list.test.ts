import { expect, test } from 'vitest';
import { completeListFeed } from '../../../src/pagination/dialects/complete-list.ts';
import { mergePage } from '../../../src/pagination/merge.ts';

interface Row {
  readonly key: string;
  readonly moment: number;
}

const rows: readonly Row[] = Array.from({ length: 100 }, (_, index) => ({
  key: `row-${index}`,
  // Four rows of each moment.
  moment: Math.floor(index / 4),
}));

const keyOf = (row: Row) => row.key;
const momentOf = (row: Row) => row.moment;

function feedOf(loads: { count: number }) {
  return completeListFeed<Row>({
    id: 'all',
    sourceId: 'here',
    keyOf,
    momentOf,
    async load() {
      loads.count += 1;
      return rows;
    },
  });
}

async function pageOf(accepts: ((row: Row) => boolean) | null, size: number) {
  const loads = { count: 0 };
  const source = {
    sourceId: 'here',
    open: async () => [feedOf(loads)],
    accepts: accepts ?? (() => true),
    selective: false,
    acceptsAll: accepts === null,
  };
  const page = await mergePage([source], {
    direction: 'desc',
    walk: 'forward',
    size,
    after: null,
    before: null,
    scanRows: 1_000,
    concurrentReads: 4,
  });
  return { keys: page.items.map(({ row }) => row.key), more: page.more, total: await page.totalOf('here'), loads };
}

test('a page takes as many rows as it needs, from one load, and the whole list is counted', async () => {
  const { keys, more, total, loads } = await pageOf(null, 6);
  expect(keys).toEqual(['row-99', 'row-98', 'row-97', 'row-96', 'row-95', 'row-94']);
  expect({ more, total, loads }).toEqual({ more: true, total: 100, loads: { count: 1 } });
});

test('where rows are refused here, the count of the platform is not the count of the list', async () => {
  // Enough rows to end inside another moment: then no row need be read that is refused.
  const { keys, total } = await pageOf(({ moment }) => moment >= 20, 9);
  expect(keys).toEqual(Array.from({ length: 9 }, (_, index) => `row-${99 - index}`));
  expect(total).toBeNull();
});

test('from a moment on, each way, a moment is never cut', async () => {
  const feed = feedOf({ count: 0 });
  const from = { kind: 'moment', moment: 7, behind: null, near: null, nearEnd: false } as const;
  const up = await feed.read({ direction: 'asc', from, limit: 5 });
  expect(up.items.map((item) => item.moment)).toEqual([7, 7, 7, 7, 8, 8, 8, 8]);
  expect(up.more).toBe(true);
  const down = await feed.read({ direction: 'desc', from, limit: 1 });
  expect(down.items.map((item) => item.key)).toEqual(['row-31', 'row-30', 'row-29', 'row-28']);
  const rest = await feed.read({ direction: 'desc', from: { ...from, moment: 0 }, limit: 3 });
  expect([rest.items.length, rest.more]).toEqual([4, false]);
});
