import { expect, test } from 'vitest';
import type { MergedPage } from '../../src/pagination/merge-request.ts';
import { askPage, write } from './walk.ts';
import { createSimulatedFeed, type Row, type SimulatedFeed } from './world.ts';

const start = 1_760_000_000_000_000;
const options = { shuffles: false, unknownAfter: 'error', random: () => 0.5 } as const;

function feedOf(sourceId: string, index: number, seconds: readonly number[]): SimulatedFeed {
  const rows = seconds.map(
    (at): Row => ({ sourceId, key: `${sourceId}${index}-${at}`, moment: start + at * 1_000_000 }),
  );
  return createSimulatedFeed(sourceId, `feed-${index}`, 'after-id', rows);
}

function keysOf(page: MergedPage<Row>): readonly string[] {
  return page.items.map(({ row }) => row.key);
}

const newestFirst = { direction: 'desc', walk: 'forward' } as const;

/** Every key of a walk that goes on from here. */
async function walkOn(feeds: readonly SimulatedFeed[], after: string | null, size: number): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let cursor = after, more = true; more; ) {
    const page: MergedPage<Row> = await askPage(feeds, options, { ...newestFirst, size, after: cursor });
    keys.push(...keysOf(page));
    cursor = write(page.end);
    more = page.more;
  }
  return keys;
}

test('what a page up to another cursor knows of the way on is not believed beyond that cursor', async () => {
  const feeds = Array.from({ length: 20 }, (_, index) => {
    return feedOf('x', index, index < 10 ? [1000 - index, 990 - index, 980 - index] : [1000 - index, 700 - index]);
  });
  const whole = await askPage(feeds, options, { ...newestFirst, size: 100 });
  const before = write(whole.items[30]?.cursor ?? null);
  const bounded = await askPage(feeds, options, { ...newestFirst, size: 22, before });
  expect(await walkOn(feeds, write(bounded.end), 5)).toEqual(keysOf(whole).slice(22));
});

test('a source that was lost while the others only caught up loses no row', async () => {
  const many = Array.from({ length: 20 }, (_, index) => feedOf('x', index, [1000 - index, 600 - index, 400 - index]));
  const late = feedOf('w', 20, [999.5, 990.5, 989.5, 988.5, 987.5, 986.5, 985.5]);
  const feeds = [...many, late, feedOf('y', 0, [999.2, 700, 699, 698, 697, 550, 450])];
  const all = keysOf(await askPage(feeds, options, { ...newestFirst, size: 100 }));
  const first = await askPage(feeds, options, { ...newestFirst, size: 3 });
  late.down = true;
  const second = await askPage(feeds, options, { ...newestFirst, size: 20, after: write(first.end) });
  late.down = false;
  const lost = new Set(['y']);
  const third = await askPage(feeds, options, { ...newestFirst, size: 3, after: write(second.end), lost });
  const rest = await walkOn(feeds, write(third.end), 5);
  const walked = [...keysOf(first), ...keysOf(second), ...keysOf(third), ...rest];
  expect(walked.toSorted()).toEqual(all.toSorted());
  expect(new Set(walked).size).toBe(74);
});

test('a page of no rows while a source is lost loses none of its rows', async () => {
  const many = Array.from({ length: 20 }, (_, index) => feedOf('x', index, [1000 - index, 600 - index]));
  const feeds = [...many, feedOf('y', 0, [999.2, 700, 550])];
  const all = keysOf(await askPage(feeds, options, { ...newestFirst, size: 100 }));
  const first = await askPage(feeds, options, { ...newestFirst, size: 3 });
  const none = await askPage(feeds, options, {
    ...newestFirst,
    size: 0,
    after: write(first.end),
    lost: new Set(['y']),
  });
  const rest = await walkOn(feeds, write(none.end), 4);
  expect([...keysOf(first), ...rest].toSorted()).toEqual(all.toSorted());
});

test.each([
  ['asc', 'forward'],
  ['desc', 'backward'],
] as const)(
  'going up (%s, %s), rows that are new come after a failure as they do without one',
  async (direction, walk) => {
    const a = feedOf('a', 0, [1, 2, 3]);
    const well = feedOf('b', 1, [1.5]);
    const broken = feedOf('b', 2, [1.7, 2.7]);
    const feeds = [a, well, broken];
    const side = (cursor: string | null) => (walk === 'forward' ? { after: cursor } : { before: cursor });
    broken.down = true;
    const first = await askPage(feeds, options, { direction, walk, size: 10 });
    expect(keysOf(first).toSorted()).toEqual(['a0-1', 'a0-2', 'a0-3', 'b1-1.5']);
    broken.down = false;
    const second = await askPage(feeds, options, { direction, walk, size: 10, ...side(write(first.end)) });
    expect(keysOf(second).toSorted()).toEqual(['b2-1.7', 'b2-2.7']);
    a.rows.set('a0-50', { sourceId: 'a', key: 'a0-50', moment: start + 50_000_000 });
    well.rows.set('b1-51', { sourceId: 'b', key: 'b1-51', moment: start + 51_000_000 });
    const third = await askPage(feeds, options, { direction, walk, size: 10, ...side(write(second.end)) });
    expect(keysOf(third).toSorted()).toEqual(['a0-50', 'b1-51']);
  },
);

test('the rows of a source are counted on a page that none of them can be on', async () => {
  const feeds = [feedOf('a', 0, [9, 8]), feedOf('b', 1, [4.5]), feedOf('b', 2, [4.2, 4.1])];
  const pages = feeds.map(({ sourceId, id, rows }) => createSimulatedFeed(sourceId, id, 'pages', [...rows.values()]));
  const broken = pages[2];
  if (broken === undefined) throw new Error('There are three.');
  broken.down = true;
  const first = await askPage(pages, options, { ...newestFirst, size: 10 });
  broken.down = false;
  const second = await askPage(pages, options, { ...newestFirst, size: 10, after: write(first.end) });
  expect(keysOf(second)).toEqual(['b2-4.2', 'b2-4.1']);
  expect([await second.totalOf('a'), await second.totalOf('b')]).toEqual([2, 3]);
});
