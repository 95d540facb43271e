import { expect, test } from 'vitest';
import { askPage, type PageAsked, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Row, type SimulatedFeed, type Style } from './world.ts';

const options = { shuffles: false, unknownAfter: 'error' as const, random: createRandom(1) };
const start = 1_780_000_000_000_000;
const second = 1_000_000;
const forward = { direction: 'desc', walk: 'forward' } as const;

function feedOf(sourceId: string, style: Style, moments: readonly number[]): SimulatedFeed {
  const rows = moments.map(
    (moment, row): Row => ({ sourceId, key: `${sourceId}-${String(row).padStart(6, '0')}`, moment }),
  );
  return createSimulatedFeed(sourceId, `${sourceId}-list`, style, rows);
}

function everySecond(size: number, from = start): number[] {
  return Array.from({ length: size }, (_, row) => from + row * second);
}

test('two sources away at overlapping times and back one after the other give every row once', async () => {
  for (const style of ['complete', 'offset', 'pages', 'after-id'] as const) {
    const feeds = [
      feedOf('early', style, everySecond(10, start + 40 * second)),
      feedOf('late', style, everySecond(10, start + 40 * second)),
      feedOf('steady', 'offset', everySecond(60)),
    ];
    const away = [[], ['early', 'late'], ['late'], ['late'], [], [], [], [], []];
    const keys: string[] = [];
    let cursor: string | null = null;
    for (const lost of away) {
      const page = await askPage(feeds, options, { ...forward, size: 12, after: cursor, lost: new Set(lost) });
      keys.push(...page.items.map((item) => item.row.key));
      cursor = write(page.end);
    }
    expect(new Set(keys).size, style).toBe(80);
    expect(keys, style).toHaveLength(80);
  }
});

test('the rows after a group of ties larger than the scan budget all come', async () => {
  for (const style of ['offset', 'pages', 'after-id', 'complete'] as const) {
    for (const size of [7, 20, 45, 100]) {
      const older = Array.from({ length: 250 }, (_, row) => start + Math.floor(row / 25) * second);
      const group = Array.from({ length: 300 }, () => start + 1000 * second);
      const newer = everySecond(150, start + 2000 * second);
      const feed = feedOf('one', style, [...older, ...group, ...newer]);
      const keys: string[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < 200; pages += 1) {
        const page = await askPage([feed], options, { ...forward, size, after: cursor, scanRows: 150 });
        keys.push(...page.items.map((item) => item.row.key));
        cursor = write(page.end);
        if (!page.more) break;
      }
      expect(new Set(keys).size, `${style} by ${size}`).toBe(700);
      expect(keys, `${style} by ${size}`).toHaveLength(700);
    }
  }
});

test('each page of a list entered by a date far back costs a few requests, not a search', async () => {
  const until = start + 30_000 * second;
  const accepts = (row: Row) => row.moment !== null && row.moment <= until;
  const entries: readonly Pick<PageAsked, 'direction' | 'walk' | 'latest'>[] = [
    { direction: 'desc', walk: 'forward', latest: until },
    { direction: 'asc', walk: 'backward', latest: until },
  ];
  for (const style of ['offset', 'pages'] as const) {
    for (const entry of entries) {
      const feeds = [feedOf('one', style, everySecond(100_000)), feedOf('two', style, everySecond(100_000))];
      const keys: string[] = [];
      let cursor: string | null = null;
      const requestsByPage: number[] = [];
      for (let pages = 0; pages < 6; pages += 1) {
        for (const feed of feeds) feed.requests = 0;
        const side = entry.walk === 'forward' ? { after: cursor } : { before: cursor };
        const page = await askPage(feeds, options, { ...entry, size: 5, accepts, ...side });
        const rows = page.items.map((item) => item.row.key);
        keys.push(...(entry.walk === 'forward' ? rows : rows.toReversed()));
        cursor = write(page.end);
        requestsByPage.push(feeds.reduce((sum, feed) => sum + feed.requests, 0) / feeds.length);
      }
      expect(keys.slice(0, 4)).toEqual(['two-030000', 'one-030000', 'two-029999', 'one-029999']);
      expect(new Set(keys).size).toBe(30);
      const later = requestsByPage.slice(1);
      expect(
        later.reduce((sum, requests) => sum + requests, 0) / later.length,
        `${style} ${entry.walk}`,
      ).toBeLessThanOrEqual(4);
    }
  }
});

test('rows that come before some of a large group, and are given before any of it, cost the group none', async () => {
  const noon = start + 1000 * second;
  const rowsOf = (feed: string, size: number, older: number): Row[] => [
    ...Array.from({ length: size }, (_, row) => ({
      sourceId: 'one',
      key: `${(row * 37) % 311}-${feed}`,
      moment: noon,
    })),
    ...everySecond(older).map((moment, row) => ({ sourceId: 'one', key: `old-${row}-${feed}`, moment })),
  ];
  for (const style of ['offset', 'pages', 'after-id'] as const) {
    for (const walk of ['forward', 'backward'] as const) {
      const feeds = [
        createSimulatedFeed('one', 'small', 'complete', rowsOf('small', 90, 0)),
        createSimulatedFeed('one', 'large', style, rowsOf('large', 300, 50)),
        createSimulatedFeed('one', 'larger', style, rowsOf('larger', 310, 250)),
      ];
      const keys: string[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < 200; pages += 1) {
        const side = walk === 'forward' ? { after: cursor } : { before: cursor };
        const page = await askPage(feeds, options, { direction: 'desc', walk, size: 10, scanRows: 150, ...side });
        keys.push(...page.items.map((item) => item.row.key));
        cursor = write(page.end);
        if (!page.more) break;
      }
      expect(new Set(keys).size, `${style} ${walk}`).toBe(1000);
      expect(keys, `${style} ${walk}`).toHaveLength(1000);
    }
  }
});

test('a list entered by a date costs as few requests walked backward, though many rows share each second', async () => {
  const rows = Array.from({ length: 9000 }, (_, row) => start + Math.floor(row / 6) * second);
  const feed = feedOf('one', 'offset', rows);
  const asked = { direction: 'asc', walk: 'backward', size: 5, latest: start + 700 * second } as const;
  let page = await askPage([feed], options, asked);
  feed.requests = 0;
  for (let pages = 0; pages < 10; pages += 1) {
    page = await askPage([feed], options, { ...asked, before: write(page.end) });
  }
  expect(page.items).toHaveLength(5);
  expect(feed.requests).toBeLessThanOrEqual(30);
});

test('a large group that is done stays done, though rows that come before it are given after it', async () => {
  const noon = start + 1000 * second;
  // Both sources are away on the first page, and the one whose rows come before the group for so many pages more.
  for (let back = 1; back < 12; back += 1) {
    const feeds = [
      feedOf('steady', 'offset', everySecond(60)),
      feedOf('big', 'offset', [...everySecond(40, start + 500 * second), ...Array.from({ length: 297 }, () => noon)]),
      feedOf('zero', 'complete', [noon, noon, noon]),
    ];
    const keys: string[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < 100; pages += 1) {
      const lost = new Set(pages === 0 ? ['big', 'zero'] : pages < back ? ['zero'] : []);
      const page = await askPage(feeds, options, { ...forward, size: 30, scanRows: 150, after: cursor, lost });
      keys.push(...page.items.map((item) => item.row.key));
      cursor = write(page.end);
      if (!page.more && pages >= back) break;
    }
    expect(new Set(keys).size, `back on page ${back}`).toBe(400);
    expect(keys, `back on page ${back}`).toHaveLength(400);
  }
});
