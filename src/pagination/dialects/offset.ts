import type { Feed, FeedPage, FeedRead, FeedStart } from '../feed.ts';
import { compareMoments, type Direction, reverse } from '../order.ts';
import { fromPosition, type Place } from './offset-position.ts';
import {
  createView,
  type IndexedItem,
  maxLooks,
  type OffsetStyle,
  type Track,
  type View,
  type Window,
} from './offset-view.ts';

const hintAfter = 20;

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
    positions: 'places',
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
