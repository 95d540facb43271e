import type { Feed, FeedItem, FeedPage, FeedRead, FeedStart, Position } from '../feed.ts';
import { compareMoments, type Direction, reverse } from '../order.ts';
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
interface Window<Row> extends Reach {
  readonly items: readonly IndexedItem<Row>[];
}

interface IndexedItem<Row> extends FeedItem<Row> {
  readonly index: number;
}

const nothing = { items: [], rows: [], offset: 0, total: 0, atHead: true, more: false, holes: 0, next: 0 } as const;

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
  const hint = hintOf(style.directions, direction, from);
  const list = hint?.list ?? (style.directions.includes(direction) ? direction : reverse(direction));
  const track: Track = { list, step: list === direction ? 1 : -1 };
  const view = createView(style, track, Math.min(limit, style.maxRows));
  const { items, more, total } = await findWindow(view, { direction, from, hint });
  const first = items[0]?.index;
  const skipped = first === undefined ? 0 : track.step === 1 ? first : Math.max(0, total - 1 - first);
  const isMiscounted = items.some(({ index }) => index >= total);
  return { items, more, skipped, total: isMiscounted ? null : total, ...view.tally() };
}

/** An upstream list, seen through windows. */
interface View<Row> {
  readonly step: Track['step'];
  readonly rowLimit: number;
  /** Up to `count` rows from `start` on, in walking order; as many more as there are places without one. */
  look(start: number, count: number): Promise<Window<Row>>;
  lookAtHead(): Promise<Window<Row>>;
  /** What all looks together have cost and shown. */
  tally(): { readonly scanned: number; readonly missing: number };
}

type Ask<Row> = (offset: number, count: number) => Promise<WindowRows<Row>>;

function createView<Row>(style: OffsetStyle<Row>, track: Track, rowLimit: number): View<Row> {
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
    const position = toPosition(track.list, index);
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

interface Search {
  readonly direction: Direction;
  readonly from: FeedStart;
  readonly hint: Place | null;
}

async function findWindow<Row>(view: View<Row>, { direction, from, hint }: Search): Promise<Window<Row>> {
  switch (from.kind) {
    case 'head':
      return view.lookAtHead();
    case 'beyond':
      return hint === null ? view.lookAtHead() : view.look(hint.index, view.rowLimit);
    case 'moment':
      return lookAtMoment(view, hint, (item) => compareMoments(item.moment, from.moment, direction) < 0);
  }
}

/** Whether a row comes before the wanted moment. */
type IsBefore<Row> = (item: IndexedItem<Row>) => boolean;

async function lookAtMoment<Row>(view: View<Row>, hint: Place | null, isBefore: IsBefore<Row>): Promise<Window<Row>> {
  const { step, rowLimit } = view;
  const isSafe = ({ atHead, items: [first] }: Window<Row>) => atHead || (first !== undefined && isBefore(first));
  const endOf = (total: number) => (step === 1 ? total : -1);

  let looks = 0;
  let window = hint === null ? await view.lookAtHead() : await view.look(Math.max(0, hint.index), rowLimit);
  // Offsets at which a row at or past the moment was seen; the walk never needs to begin after it.
  let ahead: number | null = null;
  let jump = Math.max(2, Math.ceil(rowLimit / 2));
  for (;;) {
    if (looks >= maxLooks) return view.lookAtHead();
    if (!isSafe(window)) {
      ahead = window.items[0]?.index ?? null;
      const start = (ahead ?? endOf(window.total)) - step * jump;
      window = await view.look(clamp(start, window.total), rowLimit);
      looks += 1;
      jump *= 2;
      continue;
    }
    const last = window.items.at(-1);
    if (last === undefined || !isBefore(last) || !window.more) return window;
    const closest = await bisect(view, last.index, ahead ?? endOf(window.total), isBefore);
    looks += closest.looks;
    window = await view.look(closest.index, rowLimit);
    const end = window.items.at(-1);
    if (end === undefined || !isBefore(end)) continue;
    if (closest.looks === 0 && isSafe(window)) return window;
    ahead = null;
  }
}

/** The furthest offset found with a row still before the moment, close enough for one read to pass it. */
async function bisect<Row>(
  view: View<Row>,
  behind: number,
  ahead: number,
  isBefore: IsBefore<Row>,
): Promise<{ readonly index: number; readonly looks: number }> {
  let low = behind;
  let high = ahead;
  let looks = 0;
  while (Math.abs(high - low) >= view.rowLimit && looks < maxLooks) {
    const middle = Math.floor((low + high) / 2);
    if (middle === low || middle === high) break;
    const [item] = (await view.look(middle, 1)).items;
    looks += 1;
    if (item !== undefined && isBefore(item)) low = middle;
    else high = middle;
  }
  return { index: low, looks };
}

function clamp(index: number, total: number): number {
  return Math.min(Math.max(index, 0), Math.max(total - 1, 0));
}

function hintOf(directions: readonly Direction[], direction: Direction, start: FeedStart): Place | null {
  if (start.kind === 'head') return null;
  if (start.kind === 'beyond') return fromPosition(start.position, directions);
  if (start.behind !== null) return fromPosition(start.behind, directions);
  const opposite = reverse(direction);
  if (start.nearEnd) return directions.includes(opposite) ? { list: opposite, index: hintAfter } : null;
  const near = start.near === null ? null : fromPosition(start.near, directions);
  // Seen just past the moment's rows, so a little before it is where they begin.
  return near === null ? null : { list: near.list, index: near.index - 3 * (near.list === direction ? 1 : -1) };
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
