import { expect, test } from 'vitest';
import { decodeCursor } from '../../src/pagination/cursor.ts';
import { mergePage } from '../../src/pagination/merge.ts';
import { allRows } from './oracle.ts';
import { askPage, fingerprint, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Row, type SimulatedFeed, type Style, toSources } from './world.ts';

const options = { shuffles: false, unknownAfter: 'error' as const, random: createRandom(1) };
const second = 1_000_000;

function feedOf(
  index: number,
  style: Style,
  size: number,
  momentOf = (row: number) => 1_780_000_000_000_000 + row * second,
): SimulatedFeed {
  const sourceId = `source-${index % 5}`;
  const rows = Array.from(
    { length: size },
    (_, row): Row => ({ sourceId, key: keyOf(index, row), moment: momentOf(row) }),
  );
  return createSimulatedFeed(sourceId, `feed-${index}`, style, rows);
}

/** As long as the ids that platforms give. */
function keyOf(feed: number, row: number): string {
  return `session_${feed.toString(16).padStart(8, '0')}${row.toString(16).padStart(24, '0')}`;
}

const styles: readonly Style[] = ['offset', 'pages', 'after-id', 'complete'];

function requestsOf(feeds: readonly SimulatedFeed[]): { requests: number; rows: number }[] {
  return feeds.map((feed) => ({ requests: feed.requests, rows: feed.rowsSent }));
}

test('the first page asks each feed once, for one row more than the page holds', async () => {
  const feeds = ['offset', 'pages', 'after-id'].map((style, index) => feedOf(index, style as Style, 1000));
  const page = await askPage(feeds, options, { direction: 'desc', walk: 'forward', size: 20 });
  expect(page.items).toHaveLength(20);
  expect(requestsOf(feeds)).toEqual([
    { requests: 1, rows: 21 },
    { requests: 1, rows: 21 },
    { requests: 1, rows: 21 },
  ]);
});

test('the next page asks each feed once again, however deep the walk is', async () => {
  const feeds = (['offset', 'pages', 'after-id'] as const).map((style, index) => feedOf(index, style, 2000));
  let cursor: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await askPage(feeds, options, { direction: 'desc', walk: 'forward', size: 50, after: cursor });
    cursor = write(page.end);
  }
  for (const feed of feeds) Object.assign(feed, { requests: 0, rowsSent: 0 });
  const next = await askPage(feeds, options, { direction: 'desc', walk: 'forward', size: 20, after: cursor });
  expect(next.sawBehind).toBe(true);
  expect(requestsOf(feeds).map(({ requests }) => requests)).toEqual([1, 1, 1]);
  for (const { rows } of requestsOf(feeds)) expect(rows).toBeLessThan(40);

  for (const feed of feeds) Object.assign(feed, { requests: 0, rowsSent: 0 });
  await askPage(feeds, options, { direction: 'desc', walk: 'backward', size: 20, before: cursor });
  expect(requestsOf(feeds).map(({ requests }) => requests)).toEqual([1, 1, 1]);
});

test('with 5 sources and 12 feeds a cursor is under 200 characters for 1,000 sessions, and under 600 at any depth', async () => {
  const feeds = Array.from({ length: 12 }, (_, index) => feedOf(index, styles[index % 4] ?? 'offset', 1500));
  let cursor: string | null = null;
  let delivered = 0;
  let longestEarly = 0;
  let longest = 0;
  for (;;) {
    // What is deep is passed in long strides: a cursor there is the same however many pages led to it.
    const size = delivered < 1000 ? 100 : 400;
    const page = await askPage(feeds, options, { direction: 'desc', walk: 'forward', size, after: cursor });
    for (const item of page.items) {
      delivered += 1;
      if (delivered % (delivered <= 1000 ? 10 : 200) !== 0) continue;
      const length = write(item.cursor)?.length ?? 0;
      if (delivered <= 1000) longestEarly = Math.max(longestEarly, length);
      longest = Math.max(longest, length);
    }
    cursor = write(page.end);
    if (!page.more) break;
  }
  expect(delivered).toBe(12 * 1500);
  expect(longestEarly).toBeLessThan(200);
  expect(longest).toBeLessThan(600);
});

test('a group of ties larger than the scan budget is delivered once, and said to be out of order', async () => {
  for (const style of styles) {
    const feeds = [
      feedOf(0, style, 700, (row) => 1_780_000_000_000_000 + (row < 600 ? 0 : row) * second),
      feedOf(1, 'pages', 50),
    ];
    const delivered: string[] = [];
    let cursor: string | null = null;
    let unstable = false;
    for (let pages = 0; pages < 100; pages += 1) {
      const page = await askPage(feeds, options, {
        direction: 'desc',
        walk: 'forward',
        size: 45,
        after: cursor,
        scanRows: 300,
      });
      delivered.push(...page.items.map((item) => item.row.key));
      unstable ||= [...page.sources.values()].some((source) => source.tiesUnstable);
      cursor = write(page.end);
      if (!page.more) break;
    }
    expect(delivered.toSorted()).toEqual(
      allRows(feeds, 'asc')
        .map((row) => row.key)
        .toSorted(),
    );
    // A complete list is put in order whatever it holds.
    expect(unstable).toBe(style !== 'complete');
  }
});

test('time far back is found by search, not by walking', async () => {
  for (const style of ['offset', 'pages'] as const) {
    const feed = feedOf(0, style, 20_000);
    const latest = 1_780_000_000_000_000 + 300 * second;
    const page = await askPage([feed], options, { direction: 'desc', walk: 'forward', size: 20, latest });
    expect(page.items[0]?.row.key).toBe(keyOf(0, 300));
    expect(feed.requests).toBeLessThan(20);
    expect(feed.rowsSent).toBeLessThan(120);
  }
});

test('a source whose feeds cannot be listed keeps its place and goes on from there', async () => {
  const feeds = [feedOf(0, 'offset', 60), feedOf(1, 'pages', 60)];
  const first = await askPage(feeds, options, { direction: 'desc', walk: 'forward', size: 30 });
  const [lost, other] = toSources(feeds, options);
  if (lost === undefined || other === undefined) throw new Error('two sources were made');
  const request = {
    direction: 'desc' as const,
    walk: 'forward' as const,
    size: 100,
    before: null,
    scanRows: 2000,
    concurrentReads: 16,
  };
  const without = await mergePage([{ ...lost, open: () => Promise.reject(new Error('gone')) }, other], {
    ...request,
    after: decodeCursor(write(first.end) ?? '', fingerprint),
  });
  expect(without.sources.get('source-0')?.failed).toBe(true);
  const back = await askPage(feeds, options, {
    direction: 'desc',
    walk: 'forward',
    size: 100,
    after: write(without.end),
  });
  const delivered = [...first.items, ...without.items, ...back.items].map((item) => item.row.key);
  expect(delivered).toHaveLength(120);
  expect(new Set(delivered).size).toBe(120);
});
