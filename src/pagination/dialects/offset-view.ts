import type { FeedItem } from '../feed.ts';
import type { Direction } from '../order.ts';
import type { Listing } from './dialect.ts';
import { toPosition } from './offset-position.ts';

export interface OffsetStyle<Row> extends Listing<Row> {
  /** The directions the platform can list in. */
  readonly directions: readonly Direction[];
  readonly maxRows: number;
  /** May answer fewer rows than asked for, but never skips any. */
  window(request: WindowRequest): Promise<WindowRows<Row>>;
}

export interface WindowRequest {
  readonly direction: Direction;
  readonly offset: number;
  readonly limit: number;
}

export interface WindowRows<Row> {
  /** Null in the place of a row that the platform has but cannot show. */
  readonly rows: readonly (Row | null)[];
  readonly total: number;
  /** Rows the platform sent, where that is more than `rows`. */
  readonly scanned?: number;
}

/** Which upstream list is walked, and whether along its offsets (1) or against them (-1). */
export interface Track {
  readonly list: Direction;
  readonly step: 1 | -1;
}

/** Where a look has been, with what is needed to tell whether a row could have been missed. */
interface Reach {
  readonly total: number;
  readonly atHead: boolean;
  readonly more: boolean;
  /** Places without a row that can be shown. */
  readonly holes: number;
  /** The place after the last one. */
  readonly next: number;
}

/** Rows in the order of the platform, the first of them at `offset`. */
interface Stretch<Row> extends Reach {
  readonly rows: readonly (Row | null)[];
  readonly offset: number;
}

/** Rows in walking order. */
export interface Window<Row> extends Reach {
  readonly items: readonly IndexedItem<Row>[];
}

export interface IndexedItem<Row> extends FeedItem<Row> {
  readonly index: number;
}

const nothing = { items: [], rows: [], offset: 0, total: 0, atHead: true, more: false, holes: 0, next: 0 } as const;

/** After so many looks at a list that will not hold still, its beginning is read instead. */
export const maxLooks = 48;

/** An upstream list, seen through windows. */
export interface View<Row> {
  readonly step: Track['step'];
  readonly rowLimit: number;
  /** Up to `count` rows from `start` on, in walking order; as many more as there are places without one. */
  look(start: number, count: number): Promise<Window<Row>>;
  lookAtHead(): Promise<Window<Row>>;
  /** What all looks together have cost and shown. */
  tally(): { readonly scanned: number; readonly missing: number };
}

type Ask<Row> = (offset: number, count: number) => Promise<WindowRows<Row>>;

export function createView<Row>(style: OffsetStyle<Row>, track: Track, rowLimit: number): View<Row> {
  let scanned = 0;
  let missing = 0;

  async function ask(offset: number, count: number): Promise<WindowRows<Row>> {
    const answer = await style.window({ direction: track.list, offset, limit: count });
    scanned += answer.scanned ?? answer.rows.length;
    missing += countHoles(answer.rows);
    return answer;
  }

  async function look(start: number, count: number): Promise<Window<Row>> {
    const stretch =
      track.step === 1 ? await readAlong(ask, start, count) : await readAgainst(ask, start, count, style.maxRows);
    const window = { ...stretch, items: toItems(stretch) };
    if (window.holes === 0 || !window.more) return window;
    const rest = await look(window.next, window.holes);
    return { ...rest, items: [...window.items, ...rest.items], atHead: window.atHead };
  }

  function toItems({ rows, offset }: Stretch<Row>): readonly IndexedItem<Row>[] {
    const items = rows.flatMap((row, index) => (row === null ? [] : [toItem(row, offset + index)]));
    return track.step === 1 ? items : items.toReversed();
  }

  function toItem(row: Row, index: number): IndexedItem<Row> {
    const { sourceId } = style;
    const position = toPosition({ list: track.list, index });
    return { row, sourceId, key: style.keyOf(row), moment: style.momentOf(row), position, index };
  }

  async function lookAtHead(): Promise<Window<Row>> {
    if (track.step === 1) return look(0, rowLimit);
    let { total } = await ask(0, 1);
    for (let looks = 0; ; looks += 1) {
      if (total === 0) return nothing;
      const window = await look(total - 1, rowLimit);
      if (window.atHead || looks >= maxLooks) return window;
      total = window.total;
    }
  }

  return { step: track.step, rowLimit, look, lookAtHead, tally: () => ({ scanned, missing }) };
}

/** Along the offsets, from `start` on. */
async function readAlong<Row>(ask: Ask<Row>, start: number, count: number): Promise<Stretch<Row>> {
  const offset = Math.max(0, start);
  const { rows, total } = await ask(offset, count);
  const end = offset + rows.length;
  // A platform that shows more rows than it counts may have more still, as long as it gives all that it is asked for.
  const mayFollow = end > total ? rows.length === count : end < total;
  return {
    rows,
    offset,
    total,
    atHead: offset === 0,
    // Where more than one row was asked for and one came, the count is wrong: every window begins with a known row.
    more: rows.length > Math.min(1, count - 1) && mayFollow,
    holes: countHoles(rows),
    next: end,
  };
}

/** Against the offsets, from `start` back. */
async function readAgainst<Row>(ask: Ask<Row>, start: number, count: number, maxRows: number): Promise<Stretch<Row>> {
  let top = start;
  // Half a page at most: numbered pages hold any such window whole.
  let size = Math.min(count, Math.ceil(maxRows / 2));
  // Where the list was seen to end: some platforms count more rows than they list.
  let end = Number.POSITIVE_INFINITY;
  for (;;) {
    const low = Math.max(0, top - size + 1);
    const answer = await ask(low, top - low + 1);
    const { rows } = answer;
    const total = Math.min(answer.total, end);
    const reached = low + rows.length - 1;
    const wanted = Math.min(top, total - 1);
    if (total === 0) return nothing;
    if (reached >= wanted && rows.length > 0) {
      const holes = countHoles(rows);
      return { rows, offset: low, total, atHead: reached >= total - 1, more: low > 0, holes, next: low - 1 };
    }
    // The window was cut short, or the list is shorter than the offset or than its count: come again from its end.
    if (low <= wanted) {
      if (rows.length === 0 || (await ask(reached + 1, 1)).rows.length === 0) end = reached + 1;
      if (rows.length > 0) size = rows.length;
    }
    top = Math.min(wanted, end - 1);
  }
}

function countHoles(rows: readonly unknown[]): number {
  return rows.reduce<number>((holes, row) => (row === null ? holes + 1 : holes), 0);
}
