import type { Feed, FeedItem, FeedPage, FeedRead, FeedStart, Position } from '../feed.ts';
import { compareMoments, type Direction, type Moment, reverse } from '../order.ts';
import type { Listing } from './dialect.ts';

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
interface Track {
  readonly list: Direction;
  readonly step: 1 | -1;
}

/** Rows in walking order, with what is needed to tell whether a row could have been missed. */
interface Window<Row> {
  readonly items: readonly IndexedItem<Row>[];
  readonly total: number;
  readonly atHead: boolean;
  readonly more: boolean;
  /** Places without a row that can be shown. */
  readonly holes: number;
  /** The place after the last one. */
  readonly next: number;
}

interface IndexedItem<Row> extends FeedItem<Row> {
  readonly index: number;
}

const empty = { items: [], total: 0, atHead: true, more: false, holes: 0, next: 0 } as const;

const hintAfter = 20;

/** After so many looks at a list that will not hold still, its beginning is read instead. */
const maxLooks = 48;

/**
 * For platforms with offsets. Offsets shift when rows come and go, so a remembered one is only where the search begins: an
 * answer counts once its first row is strictly before the wanted moment, or is the first of the list.
 */
export function offsetFeed<Row>(style: OffsetStyle<Row>): Feed<Row> {
  return {
    id: style.id,
    sourceId: style.sourceId,
    hintAfter,
    maxRows: style.maxRows,
    twoSided: false,
    read: (request) => readOffset(style, request),
  };
}

async function readOffset<Row>(style: OffsetStyle<Row>, { direction, from, limit }: FeedRead): Promise<FeedPage<Row>> {
  const hint = hintOf(from);
  const track = trackFor(style.directions, direction, hint);
  const rowLimit = Math.min(limit, style.maxRows);
  let scanned = 0;
  let missing = 0;

  async function ask(offset: number, count: number): Promise<WindowRows<Row>> {
    const answer = await style.window({ direction: track.list, offset, limit: count });
    scanned += answer.scanned ?? answer.rows.length;
    missing += answer.rows.filter((row) => row === null).length;
    return answer;
  }

  /** Up to `count` rows from `start` on, in walking order; as many more as there are places without one. */
  async function look(start: number, count: number): Promise<Window<Row>> {
    const window = await lookOnce(start, count);
    if (window.holes === 0 || !window.more) return window;
    const rest = await look(window.next, window.holes);
    return { ...rest, items: [...window.items, ...rest.items], atHead: window.atHead };
  }

  async function lookOnce(start: number, count: number): Promise<Window<Row>> {
    if (track.step === 1) {
      const offset = Math.max(0, start);
      const { rows, total } = await ask(offset, count);
      const end = offset + rows.length;
      // A platform that shows more rows than it counts may have more still, as long as it gives all that it is asked for.
      const mayFollow = end > total ? rows.length === count : end < total;
      return {
        items: toItems(rows, offset),
        total,
        atHead: offset === 0,
        // Where more than one row was asked for and one came, the count is wrong: every window begins with a known row.
        more: rows.length > Math.min(1, count - 1) && mayFollow,
        holes: rows.filter((row) => row === null).length,
        next: end,
      };
    }
    let top = start;
    // Half a page at most: numbered pages hold any such window whole.
    let size = Math.min(count, Math.ceil(style.maxRows / 2));
    // Where the list was seen to end: some platforms count more rows than they list.
    let end = Number.POSITIVE_INFINITY;
    for (;;) {
      const low = Math.max(0, top - size + 1);
      const answer = await ask(low, top - low + 1);
      const { rows } = answer;
      const total = Math.min(answer.total, end);
      const reached = low + rows.length - 1;
      const wanted = Math.min(top, total - 1);
      if (total === 0) return empty;
      if (reached >= wanted && rows.length > 0) {
        const holes = rows.filter((row) => row === null).length;
        const items = toItems(rows, low).toReversed();
        return { items, total, atHead: reached >= total - 1, more: low > 0, holes, next: low - 1 };
      }
      // The window was cut short, or the list is shorter than the offset or than its count: come again from its end.
      if (low <= wanted) {
        if (rows.length === 0 || (await ask(reached + 1, 1)).rows.length === 0) end = reached + 1;
        if (rows.length > 0) size = rows.length;
      }
      top = Math.min(wanted, end - 1);
    }
  }

  async function lookAtHead(): Promise<Window<Row>> {
    if (track.step === 1) return look(0, rowLimit);
    let { total } = await ask(0, 1);
    for (let looks = 0; ; looks += 1) {
      if (total === 0) return empty;
      const window = await look(total - 1, rowLimit);
      if (window.atHead || looks >= maxLooks) return window;
      total = window.total;
    }
  }

  function toItems(rows: readonly (Row | null)[], offset: number): readonly IndexedItem<Row>[] {
    return rows.flatMap((row, index) => (row === null ? [] : [toItem(row, offset + index)]));
  }

  function toItem(row: Row, index: number): IndexedItem<Row> {
    return { row, key: style.keyOf(row), moment: style.momentOf(row), position: toPosition(track.list, index), index };
  }

  async function lookAtMoment(moment: Moment): Promise<Window<Row>> {
    const isBefore = (item: IndexedItem<Row> | undefined) =>
      item !== undefined && compareMoments(item.moment, moment, direction) < 0;
    const isSafe = (window: Window<Row>) => window.atHead || isBefore(window.items[0]);

    let looks = 0;
    let window = hint === null ? await lookAtHead() : await look(Math.max(0, hint.index), rowLimit);
    // Offsets at which a row at or past the moment was seen; the walk never needs to begin after it.
    let ahead: number | null = null;
    let jump = Math.max(2, Math.ceil(rowLimit / 2));
    for (;;) {
      if (looks >= maxLooks) return lookAtHead();
      if (!isSafe(window)) {
        ahead = window.items[0]?.index ?? null;
        const start = (ahead ?? endOf(window.total)) - track.step * jump;
        window = await look(clamp(start, window.total), rowLimit);
        looks += 1;
        jump *= 2;
        continue;
      }
      const last = window.items.at(-1);
      if (!isBefore(last) || last === undefined || !window.more) return window;
      const closest = await bisect(last.index, ahead ?? endOf(window.total), isBefore);
      looks += closest.looks;
      window = await look(closest.index, rowLimit);
      if (!isBefore(window.items.at(-1))) continue;
      if (closest.looks === 0 && isSafe(window)) return window;
      ahead = null;
    }
  }

  /** The furthest offset found with a row still before the moment, close enough for one read to pass it. */
  async function bisect(
    behind: number,
    ahead: number,
    isBefore: (item: IndexedItem<Row> | undefined) => boolean,
  ): Promise<{ index: number; looks: number }> {
    let low = behind;
    let high = ahead;
    let looks = 0;
    while (Math.abs(high - low) >= rowLimit && looks < maxLooks) {
      const middle = Math.floor((low + high) / 2);
      if (middle === low || middle === high) break;
      const probe = await look(middle, 1);
      looks += 1;
      if (isBefore(probe.items[0])) low = middle;
      else high = middle;
    }
    return { index: low, looks };
  }

  function endOf(total: number): number {
    return track.step === 1 ? total : -1;
  }

  function clamp(index: number, total: number): number {
    return Math.min(Math.max(index, 0), Math.max(total - 1, 0));
  }

  async function window(): Promise<Window<Row>> {
    switch (from.kind) {
      case 'head':
        return lookAtHead();
      case 'beyond':
        return hint === null ? lookAtHead() : look(hint.index, rowLimit);
      case 'moment':
        return lookAtMoment(from.moment);
    }
  }

  const { items, more, total } = await window();
  const first = items[0]?.index;
  const skipped = first === undefined ? 0 : track.step === 1 ? first : Math.max(0, total - 1 - first);
  const isMiscounted = items.some(({ index }) => index >= total);
  return { items, more, skipped, total: isMiscounted ? null : total, scanned, missing };

  function trackFor(directions: readonly Direction[], walk: Direction, place: Place | null): Track {
    const list = place?.list ?? (directions.includes(walk) ? walk : reverse(walk));
    return { list, step: list === walk ? 1 : -1 };
  }

  function hintOf(start: FeedStart): Place | null {
    if (start.kind === 'head') return null;
    if (start.kind === 'beyond') return fromPosition(start.position, style.directions);
    if (start.behind !== null) return fromPosition(start.behind, style.directions);
    if (start.nearEnd)
      return style.directions.includes(reverse(direction)) ? { list: reverse(direction), index: hintAfter } : null;
    const near = start.near === null ? null : fromPosition(start.near, style.directions);
    // Seen just past the moment's rows, so a little before it is where they begin.
    return near === null ? null : { list: near.list, index: near.index - 3 * (near.list === direction ? 1 : -1) };
  }
}

interface Place {
  readonly list: Direction;
  readonly index: number;
}

function toPosition(list: Direction, index: number): Position {
  return `${list === 'desc' ? 'd' : 'a'}${index.toString(36)}`;
}

/** Positions come back from clients in cursors: what cannot be one is no hint. */
function fromPosition(position: Position, directions: readonly Direction[]): Place | null {
  const list: Direction = position.startsWith('d') ? 'desc' : 'asc';
  const index = /^[da][0-9a-z]{1,7}$/.test(position) ? Number.parseInt(position.slice(1), 36) : Number.NaN;
  return Number.isInteger(index) && index < 2 ** 31 && directions.includes(list) ? { list, index } : null;
}
