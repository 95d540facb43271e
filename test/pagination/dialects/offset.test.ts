import { expect, test } from 'vitest';
import { offsetFeed } from '../../../src/pagination/dialects/offset.ts';
import type { Feed } from '../../../src/pagination/feed.ts';
import { backward, forward, keyOf, second, start, walkFeeds } from '../lists.ts';
import type { Row } from '../world.ts';

/** A platform whose count is wrong by some rows, as when it is another statement than the list. */
function countingWrong(size: number, surplus: number): { feed: () => Feed<Row>; requests: () => number } {
  const rows = Array.from(
    { length: size },
    (_, row): Row => ({
      sourceId: 'source-0',
      key: keyOf(0, row),
      moment: start - row * second,
    }),
  );
  let requests = 0;
  return {
    requests: () => requests,
    feed: () =>
      offsetFeed<Row>({
        id: 'feed',
        sourceId: 'source-0',
        keyOf: (row) => row.key,
        momentOf: (row) => row.moment,
        directions: ['desc'],
        maxRows: 100,
        async window({ offset, limit }) {
          requests += 1;
          if (requests > 500) throw new Error('The feed is asked without end.');
          return { rows: rows.slice(offset, offset + limit), total: size + surplus };
        },
      }),
  };
}

test('a platform that counts more rows than it lists is walked to its end all the same, both ways', async () => {
  for (const [size, surplus] of [
    [0, 2],
    [1, 1],
    [101, 1],
    [130, 1],
    [130, 25],
    [100, 300],
  ] as const) {
    const expected = Array.from({ length: size }, (_, row) => keyOf(0, row));
    for (const pageSize of [1, 20, 100]) {
      const platform = countingWrong(size, surplus);
      const onward = await walkFeeds(() => [platform.feed()], { ...forward, size: pageSize }, 200);
      expect(onward.keys, `${size}+${surplus} by ${pageSize}`).toEqual(expected);
      for (const page of onward.pages) expect(page.sources.get('source-0')?.errors).toEqual([]);
    }
    const platform = countingWrong(size, surplus);
    const before = platform.requests();
    const back = await walkFeeds(() => [platform.feed()], { ...backward, size: 20 });
    expect(platform.requests() - before, `${size}+${surplus} backward`).toBeLessThan(45);
    expect(back.keys, `${size}+${surplus} backward`).toEqual(expected.toReversed());
    for (const page of back.pages) expect(page.sources.get('source-0')?.errors).toEqual([]);
  }
});

test('rows that a platform lists in the wrong place are reported', async () => {
  const unknownLast = (left: Row, right: Row) =>
    left.moment === null || right.moment === null
      ? Number(left.moment === null) - Number(right.moment === null)
      : left.moment - right.moment;
  const rows = Array.from(
    { length: 150 },
    (_, row): Row => ({
      sourceId: 'source-0',
      key: keyOf(0, row),
      moment: row % 25 === 0 ? null : start + row * second,
    }),
  ).toSorted(unknownLast);
  const feed = () =>
    offsetFeed<Row>({
      id: 'feed',
      sourceId: 'source-0',
      keyOf: (row) => row.key,
      momentOf: (row) => row.moment,
      directions: ['asc'],
      maxRows: 100,
      window: async ({ offset, limit }: { offset: number; limit: number }) => ({
        rows: rows.slice(offset, offset + limit),
        total: rows.length,
      }),
    });
  const { keys, pages } = await walkFeeds(() => [feed()], { direction: 'asc', walk: 'forward', size: 20 });
  expect(new Set(keys).size).toBe(keys.length);
  const isTold = pages.some((page) => page.sources.get('source-0')?.tiesUnstable);
  expect(keys.length === rows.length || isTold).toBe(true);
});

test('a row that a platform lists twice is given once', async () => {
  const row: Row = { sourceId: 'source-0', key: keyOf(0, 0), moment: start };
  const feed = () =>
    offsetFeed<Row>({
      id: 'feed',
      sourceId: 'source-0',
      keyOf: ({ key }) => key,
      momentOf: ({ moment }) => moment,
      directions: ['desc'],
      maxRows: 100,
      window: async ({ offset, limit }: { offset: number; limit: number }) => ({
        rows: [row, row].slice(offset, offset + limit),
        total: 2,
      }),
    });
  const { keys } = await walkFeeds(() => [feed()], { ...forward, size: 10 });
  expect(keys).toEqual([row.key]);
});
