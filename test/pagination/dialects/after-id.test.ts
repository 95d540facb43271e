import { expect, test } from 'vitest';
import { afterIdFeed } from '../../../src/pagination/dialects/after-id.ts';
import type { MergedPage } from '../../../src/pagination/merge-request.ts';
import { feedOf, forward, keyOf, keysOf, options, second, start, walkFeeds } from '../lists.ts';
import { askPage, write } from '../walk.ts';
import { type Row, toFeed } from '../world.ts';

test('a platform that promises more and gives nothing new costs its own rows only', async () => {
  const rows = Array.from(
    { length: 5 },
    (_, row): Row => ({
      sourceId: 'source-0',
      key: keyOf(0, row),
      moment: start - row * second,
    }),
  );
  let requests = 0;
  const feed = () =>
    afterIdFeed<Row>({
      id: 'feed',
      sourceId: 'source-0',
      keyOf: (row) => row.key,
      momentOf: (row) => row.moment,
      idOf: (row) => row.key,
      maxRows: 3,
      // It repeats the row it was asked to go on after, and never says that it is done.
      page: async ({ after, limit }) => {
        requests += 1;
        if (requests > 100) throw new Error('The feed is asked without end.');
        const index = after === null ? 0 : rows.findIndex((row) => row.key === after);
        return { rows: rows.slice(index, index + Math.min(limit, 3)), more: true };
      },
    });
  const { keys, pages } = await walkFeeds(() => [feed()], { ...forward, size: 10 });
  expect(new Set(keys).size).toBe(keys.length);
  for (const page of pages) {
    for (const error of page.sources.get('source-0')?.errors ?? []) {
      expect(error).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    }
  }
});

test('a list whose platform answers a forgotten id with nothing goes on all the same', async () => {
  const feed = feedOf(0, 'after-id', 400);
  const forgetful = { ...options, unknownAfter: 'empty' as const };
  const keys: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 10; pages += 1) {
    const page: MergedPage<Row> = await askPage([feed], forgetful, { ...forward, size: 50, after: cursor });
    keys.push(...keysOf(page));
    cursor = write(page.end);
    if (!page.more) break;
    // With the last rows given, the one that the next page would go on after is gone.
    for (const key of keysOf(page).slice(-5)) feed.rows.delete(key);
  }
  expect(keys).toEqual(Array.from({ length: 400 }, (_, row) => keyOf(0, 399 - row)));
});

test('from the near end of a list, too, whose platform answers a forgotten id with nothing', async () => {
  const feed = feedOf(0, 'after-id', 250);
  const forgetful = { ...options, unknownAfter: 'empty' as const };
  feed.onRequest = () => {
    // Read from its end, the list would go on after this row.
    if (feed.requests === 1) feed.rows.delete(keyOf(0, 99));
  };
  const moment = start + 240 * second;
  const from = { kind: 'moment', moment, behind: null, near: null, nearEnd: true } as const;
  const { items, more } = await toFeed(feed, forgetful).read({ direction: 'desc', from, limit: 50 });
  expect(items.map(({ key }) => key)).toContain(keyOf(0, 240));
  expect(more || items.some(({ key }) => key === keyOf(0, 0))).toBe(true);
});
