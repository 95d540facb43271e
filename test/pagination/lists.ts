import { decodeCursor } from '../../src/pagination/cursor.ts';
import type { Feed } from '../../src/pagination/feed.ts';
import { mergePage } from '../../src/pagination/merge.ts';
import type { MergedPage } from '../../src/pagination/merge-request.ts';
import type { Direction } from '../../src/pagination/order.ts';
import { askPage, fingerprint, type PageAsked, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Row, type SimulatedFeed, type Style } from './world.ts';

export const options = { shuffles: false, unknownAfter: 'error' as const, random: createRandom(1) };
export const start = 1_780_000_000_000_000;
export const second = 1_000_000;

export function feedOf(
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

export function keyOf(feed: number, row: number): string {
  return `session_${feed.toString(16).padStart(8, '0')}${row.toString(16).padStart(24, '0')}`;
}

export function keysOf(page: MergedPage<Row>): readonly string[] {
  return page.items.map((item) => item.row.key);
}

export const forward = { direction: 'desc', walk: 'forward' } as const;
export const backward = { direction: 'desc', walk: 'backward' } as const;

/** Asks on from the end of each page until a page says that nothing follows. */
export async function walkOn(
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

/** As `walkOn`, over feeds that are made by the test itself. */
export async function walkFeeds(
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

export const groupMoment = start + 10_000 * second;

/** 300 rows of one moment, then 60 older ones. */
export function withLargeGroup(style: Style, sourceId = 'source-0'): SimulatedFeed {
  return feedOf(0, style, 360, (row) => (row < 300 ? groupMoment : start + row * second), sourceId);
}
