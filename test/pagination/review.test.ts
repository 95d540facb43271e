import { expect, test } from 'vitest';
import { decodeCursor, fingerprintOf } from '../../src/pagination/cursor.ts';
import { afterIdFeed } from '../../src/pagination/dialects/after-id.ts';
import { offsetFeed } from '../../src/pagination/dialects/offset.ts';
import type { Feed } from '../../src/pagination/feed.ts';
import { mergePage } from '../../src/pagination/merge.ts';
import type { MergedPage } from '../../src/pagination/merge-request.ts';
import type { Direction } from '../../src/pagination/order.ts';
import { allRows } from './oracle.ts';
import { askPage, fingerprint, type PageAsked, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Row, type SimulatedFeed, type Style } from './world.ts';

const options = { shuffles: false, unknownAfter: 'error' as const, random: createRandom(1) };
const start = 1_780_000_000_000_000;
const second = 1_000_000;

function feedOf(
  index: number,
  style: Style,
  size: number,
  momentOf = (row: number): number | null => start + row * second,
  sourceId = `source-${index}`,
): SimulatedFeed {
  const rows = Array.from(
    { length: size },
    (_, row): Row => ({ sourceId, key: keyOf(index, row), moment: momentOf(row) }),
  );
  return createSimulatedFeed(sourceId, `feed-${index}`, style, rows);
}

function keyOf(feed: number, row: number): string {
  return `session_${feed.toString(16).padStart(8, '0')}${row.toString(16).padStart(24, '0')}`;
}

function keysOf(page: MergedPage<Row>): readonly string[] {
  return page.items.map((item) => item.row.key);
}

const forward = { direction: 'desc', walk: 'forward' } as const;
const backward = { direction: 'desc', walk: 'backward' } as const;

/** Asks on from the end of each page until a page says that nothing follows. */
async function walkOn(
  feeds: readonly SimulatedFeed[],
  asked: PageAsked,
  maxPages: number,
): Promise<{ readonly keys: readonly string[]; readonly pages: readonly MergedPage<Row>[] }> {
  const pages: MergedPage<Row>[] = [];
  const keys: string[] = [];
  let cursor = (asked.walk === 'forward' ? asked.after : asked.before) ?? null;
  while (pages.length < maxPages) {
    const side = asked.walk === 'forward' ? { after: cursor } : { before: cursor };
    const page = await askPage(feeds, options, { ...asked, ...side });
    pages.push(page);
    keys.push(...(asked.walk === 'forward' ? keysOf(page) : keysOf(page).toReversed()));
    cursor = write(page.end) ?? cursor;
    if (!page.more) return { keys, pages };
  }
  throw new Error(`The walk goes on after ${maxPages} pages and ${keys.length} rows.`);
}

for (const style of ['offset', 'pages', 'after-id', 'complete'] as const) {
  test(`turning back at a row gives nothing of a list that was down and so is wholly still to come (${style})`, async () => {
    const feeds = [feedOf(0, style, 50), feedOf(1, 'offset', 50)];
    const [down] = feeds;
    if (down === undefined) throw new Error('two feeds were made');
    down.down = true;
    const first = await askPage(feeds, options, { ...forward, size: 20 });
    expect(keysOf(first)).toHaveLength(20);
    down.down = false;
    const back = await askPage(feeds, options, { ...backward, size: 30, before: write(first.end) });
    expect(keysOf(back)).toEqual(keysOf(first).slice(0, 19));
    // And what was still to come is there for who asks for the end of the list behind that row.
    const rest = await askPage(feeds, options, { ...backward, size: 100, after: write(first.end) });
    expect(new Set(keysOf(rest))).toEqual(
      new Set(
        allRows(feeds, 'desc')
          .map((row) => row.key)
          .filter((key) => !keysOf(first).includes(key)),
      ),
    );
  });

  test(`walking back past a list that was down, then forward from there, gives nothing twice (${style})`, async () => {
    const feeds = [feedOf(0, style, 30), feedOf(1, 'offset', 30)];
    const [down] = feeds;
    if (down === undefined) throw new Error('two feeds were made');
    down.down = true;
    const tail = await askPage(feeds, options, { ...backward, size: 10 });
    down.down = false;
    const onward = await askPage(feeds, options, { ...forward, size: 100, after: write(tail.end) });
    expect(keysOf(onward)).toEqual(keysOf(tail).slice(1));
    const back = await walkOn(feeds, { ...backward, size: 100, before: write(tail.end) }, 10);
    expect(back.keys).toHaveLength(50);
    expect(new Set([...back.keys, ...keysOf(tail)]).size).toBe(60);
  });
}

test('a source that gave rows before it failed has not failed as a whole', async () => {
  const feed = feedOf(0, 'offset', 500, (row) => start + Math.floor(row / 30) * second);
  feed.onRequest = () => {
    if (feed.requests > 0) throw new Error('down');
  };
  const page = await askPage([feed], options, { ...forward, size: 100 });
  expect(page.items.length).toBeGreaterThan(0);
  expect(page.sources.get('source-0')).toMatchObject({ failed: false, errors: [{ message: 'down' }] });
});

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

async function walkFeeds(
  feedsOf: () => readonly Feed<Row>[],
  asked: { readonly direction: Direction; readonly walk: 'forward' | 'backward'; readonly size: number },
  maxPages = 60,
): Promise<{ readonly keys: readonly string[]; readonly pages: readonly MergedPage<Row>[] }> {
  const keys: string[] = [];
  const pages: MergedPage<Row>[] = [];
  let cursor: string | null = null;
  while (pages.length < maxPages) {
    const place = cursor === null ? null : decodeCursor(cursor, fingerprint);
    const page: MergedPage<Row> = await mergePage(
      [{ sourceId: 'source-0', open: async () => feedsOf(), accepts: () => true, selective: false }],
      {
        ...asked,
        after: asked.walk === 'forward' ? place : null,
        before: asked.walk === 'backward' ? place : null,
        earliest: undefined,
        latest: undefined,
        scanRows: 2000,
        concurrentReads: 16,
      },
    );
    pages.push(page);
    keys.push(...(asked.walk === 'forward' ? keysOf(page) : keysOf(page).toReversed()));
    cursor = write(page.end) ?? cursor;
    if (!page.more) return { keys, pages };
  }
  throw new Error(`The walk goes on after ${maxPages} pages and ${keys.length} rows.`);
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

test('a walk over more deep lists than hints fit into a short cursor comes to its end, page by full page', async () => {
  for (const size of [300, 1200]) {
    const feeds = Array.from({ length: 14 }, (_, index) => feedOf(index, 'after-id', size, undefined, 'source-0'));
    const { keys, pages } = await walkOn(feeds, { ...forward, size: 100, scanRows: 500 }, (14 * size) / 100 + 1);
    expect(keys).toEqual(allRows(feeds, 'desc').map((row) => row.key));
    expect(pages.some((page) => page.sources.get('source-0')?.outOfBudget)).toBe(false);
  }
});

test('a long list that appears beside many deep ones is passed, even while a filter uses up the scan budget', async () => {
  const deep = Array.from({ length: 10 }, (_, index) => feedOf(index, 'after-id', 1000, undefined, 'source-0'));
  const appearing = feedOf(10, 'after-id', 2000, (row) => start + (2000 + row) * second, 'source-0');
  const accepts = (row: Row) => row.moment === start || (row.moment ?? 0) >= start + 550 * second;
  const asked = { ...forward, size: 100, accepts };
  let cursor: string | null = null;
  for (let pages = 0; pages < 44; pages += 1)
    cursor = write((await askPage(deep, options, { ...asked, after: cursor })).end);
  const { keys } = await walkOn([...deep, appearing], { ...asked, after: cursor, scanRows: 1000 }, 100);
  expect(keys).toHaveLength(110);
});

const groupMoment = start + 10_000 * second;

/** 300 rows of one moment, then 60 older ones. */
function withLargeGroup(style: Style, sourceId = 'source-0'): SimulatedFeed {
  return feedOf(0, style, 360, (row) => (row < 300 ? groupMoment : start + row * second), sourceId);
}

for (const style of ['offset', 'pages', 'after-id'] as const) {
  test(`a list that fails in the midst of a large group goes on there when it is back (${style})`, async () => {
    const feeds = [withLargeGroup(style), feedOf(1, 'pages', 60)];
    const [large] = feeds;
    if (large === undefined) throw new Error('two feeds were made');
    const asked = { ...forward, size: 45, scanRows: 100 };
    const keys: string[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < 30; turn += 1) {
      large.down = turn % 3 === 2;
      const page = await askPage(feeds, options, { ...asked, after: cursor });
      keys.push(...keysOf(page));
      cursor = write(page.end) ?? cursor;
    }
    expect(keys.toSorted()).toEqual(
      allRows(feeds, 'asc')
        .map((row) => row.key)
        .toSorted(),
    );
  });

  test(`a list that fails in the midst of a large group while nothing else goes on keeps its place (${style})`, async () => {
    const newer = feedOf(1, 'pages', 10, (row) => groupMoment + (row + 1) * second);
    for (const other of [newer, feedOf(1, 'pages', 0)]) {
      const large = withLargeGroup(style);
      const asked = { ...forward, size: 45, scanRows: 100 };
      const first = await askPage([large, other], options, asked);
      large.down = true;
      const without = await askPage([large, other], options, { ...asked, after: write(first.end) });
      expect(keysOf(without)).toEqual([]);
      large.down = false;
      const { keys } = await walkOn([large, other], { ...asked, after: write(without.end) }, 20);
      const delivered = [...keysOf(first), ...keys];
      expect(new Set(delivered).size).toBe(delivered.length);
      expect(delivered).toHaveLength(large.rows.size + other.rows.size);
    }
  });

  test(`a scan budget that ends in the midst of a large group costs the other lists nothing (${style})`, async () => {
    const large = withLargeGroup(style, 'source-9');
    const others = [
      feedOf(1, 'pages', 60, (row) => (row > 50 ? groupMoment : start + row * second)),
      feedOf(2, 'after-id', 60, () => groupMoment),
    ];
    for (const rarity of [1000, 90, 7]) {
      const accepts = (row: Row) =>
        row.sourceId !== 'source-9' || Number.parseInt(row.key.slice(-4), 16) % rarity === 1;
      const { keys } = await walkOn([large, ...others], { ...forward, size: 10, scanRows: 100, accepts }, 100);
      expect(keys.toSorted()).toEqual(
        allRows([large, ...others], 'asc')
          .filter(accepts)
          .map((row) => row.key)
          .toSorted(),
      );
    }
  });

  test(`once a large group is behind, pages are whole again and cursors forget it (${style})`, async () => {
    const feeds = [feedOf(0, style, 300, () => groupMoment), feedOf(1, 'pages', 200)];
    const { pages } = await walkOn(feeds, { ...forward, size: 50, scanRows: 100 }, 100);
    const last = pages.at(-1);
    expect(last?.sources.get('source-0')?.tiesUnstable).toBe(false);
    expect(last?.end?.().cursor.lags.size).toBe(0);
  });

  test(`what cannot be told of the rows before one in a large group is said (${style})`, async () => {
    const feeds = [withLargeGroup(style)];
    const first = await askPage(feeds, options, { ...forward, size: 45, scanRows: 100 });
    const upTo = await askPage(feeds, options, { ...forward, size: 100, before: write(first.end) });
    expect(upTo.items.length).toBeLessThan(44);
    expect(upTo.sources.get('source-0')?.tiesUnstable).toBe(true);
  });
}

test('rows that a platform lists in the wrong place are told of', async () => {
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

test('a cursor stays short however many lists are down', async () => {
  const feeds = Array.from({ length: 200 }, (_, index) => feedOf(index, 'complete', 30, undefined, 'source-0'));
  for (const feed of feeds.slice(1)) feed.down = true;
  const first = await askPage(feeds, options, { ...forward, size: 5 });
  for (const feed of feeds) feed.down = false;
  for (const feed of feeds.slice(1)) feed.down = true;
  const next = await askPage(feeds, options, { ...forward, size: 5, after: write(first.end) });
  expect(write(next.end)?.length).toBeLessThan(2500);
  for (const feed of feeds) feed.down = false;
  const { keys } = await walkOn(feeds, { ...forward, size: 100, after: write(next.end) }, 100);
  expect([...keysOf(first), ...keysOf(next), ...keys].toSorted()).toEqual(
    allRows(feeds, 'asc')
      .map((row) => row.key)
      .toSorted(),
  );
});

test('a page that ends where its stretch of time ends, or at its stop, says that nothing more follows', async () => {
  for (const style of ['offset', 'pages', 'after-id'] as const) {
    const feed = feedOf(0, style, 400);
    const isTenth = (row: Row) => Number.parseInt(row.key.slice(-4), 16) % 10 === 9;
    for (const earliest of [start + 140 * second, start + 155 * second]) {
      const accepts = (row: Row) => isTenth(row) && row.moment !== null && row.moment >= earliest;
      const asked = { ...forward, size: 100, accepts };
      const page = await askPage([feed], options, { ...asked, earliest });
      expect(page.items.length).toBeGreaterThan(20);
      expect(page.more).toBe(false);
      const all = await askPage([feed], options, asked);
      const last = write(all.items.at(-1)?.cursor ?? null);
      const upTo = await askPage([feed], options, { ...forward, size: 100, accepts: isTenth, before: last });
      expect(upTo.items).toHaveLength(all.items.length - 1);
      expect(upTo.more).toBe(false);
    }
  }
});

test('a count that is of more rows than were asked for is not told', async () => {
  const feed = feedOf(0, 'offset', 30);
  const isEven = (row: Row) => Number.parseInt(row.key.slice(-2), 16) % 2 === 0;
  const page = await askPage([feed], options, { ...forward, size: 10, accepts: isEven });
  expect(await page.totalOf('source-0')).toBeNull();
  const whole = await askPage([feed], options, { ...forward, size: 10 });
  expect(await whole.totalOf('source-0')).toBe(30);
});

test('turning back from deep inside, no list is read from its far end for want of a hint', async () => {
  // Of one list the walk comes past so many rows, after all of the others.
  for (const depth of [300, 500]) {
    const deep = Array.from({ length: 8 }, (_, index) =>
      feedOf(index, 'after-id', 450, (row) => start + (row + 9000) * second),
    );
    const long = feedOf(8, 'after-id', 5000, (row) => start + (row < 4500 ? row : row + 3500) * second);
    let cursor: string | null = null;
    for (let pages = 0; pages < 36 + depth / 100; pages += 1) {
      cursor = write((await askPage([...deep, long], options, { ...forward, size: 100, after: cursor })).end);
    }
    long.rowsSent = 0;
    const back = await askPage([...deep, long], options, { ...backward, size: 20, before: cursor });
    expect(back.items).toHaveLength(20);
    expect(long.rowsSent).toBeLessThanOrEqual(400);
  }
});

test('a filter that is null and one that is left out make one list', () => {
  expect(fingerprintOf({ filter: { kinds: null, tags: ['a'] } })).toBe(fingerprintOf({ filter: { tags: ['a'] } }));
  expect(fingerprintOf({ filter: { tags: ['b'] } })).not.toBe(fingerprintOf({ filter: { tags: ['a'] } }));
});

test('a page that is full is not said to have ended early, though its scan budget was used up', async () => {
  const feed = feedOf(0, 'offset', 1000);
  const accepts = (row: Row) => Number.parseInt(row.key.slice(-4), 16) % 20 === 0;
  const page = await askPage([feed], options, { ...forward, size: 2, scanRows: 45, accepts });
  expect(page.items).toHaveLength(2);
  expect(page.sources.get('source-0')?.outOfBudget).toBe(false);
  expect(page.more).toBe(true);
  const early = await askPage([feed], options, { ...forward, size: 50, scanRows: 50, accepts });
  expect(early.items.length).toBeLessThan(50);
  expect(early.sources.get('source-0')?.outOfBudget).toBe(true);
});

test('a row past the stretch of time that is asked for ends it without another request', async () => {
  for (const style of ['offset', 'pages', 'after-id'] as const) {
    const feed = feedOf(0, style, 400);
    const page = await askPage([feed], options, { ...forward, size: 50, earliest: start + 350 * second });
    expect(page.items).toHaveLength(50);
    expect(page.more).toBe(false);
    expect(feed.requests).toBe(1);
  }
});

test('one page costs no more than its scan budget, in a large group and on the way to a place that was lost', async () => {
  const group = feedOf(0, 'after-id', 3000, () => groupMoment);
  const inGroup = await walkOn([group], { ...forward, size: 10, scanRows: 200, accepts: () => false }, 40);
  expect(inGroup.keys).toEqual([]);
  expect(inGroup.pages.length).toBeGreaterThan(10);

  const long = feedOf(1, 'after-id', 3000);
  const first = await askPage([long], options, { ...forward, size: 100 });
  const second = await askPage([long], options, { ...forward, size: 100, after: write(first.end) });
  let page = await askPage([long], options, { ...forward, size: 100, after: write(second.end) });
  for (let pages = 0; pages < 15; pages += 1) {
    page = await askPage([long], options, { ...forward, size: 100, after: write(page.end) });
  }
  const boundary = page.items.at(-1)?.row.key ?? '';
  const position = [...long.rows.keys()].indexOf(boundary);
  // The row the platform would go on after, and those around it.
  for (const key of [...long.rows.keys()].slice(position, position + 5)) long.rows.delete(key);
  long.rowsSent = 0;
  const again = await askPage([long], options, { ...forward, size: 100, scanRows: 500, after: write(page.end) });
  expect(again.sources.get('source-1')?.outOfBudget).toBe(true);
  expect(long.rowsSent).toBeLessThan(800);
  const { keys } = await walkOn([long], { ...forward, size: 100, scanRows: 500, after: write(again.end) }, 40);
  expect(keys[0]).toBe(keyOf(1, position - 1));
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
