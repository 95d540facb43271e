import type { Feed, FeedItem, FeedPage, FeedRead } from '../feed.ts';
import { compareKeys, compareMoments, type Moment } from '../order.ts';
import type { Listing } from './dialect.ts';

export interface CompleteListStyle<Row> extends Listing<Row> {
  /** Every row, in any order. Called once at the most. */
  load(): Promise<readonly Row[]>;
  /** How many rows the platform says there are; null when it does not say. Called once at the most, after `load`. */
  count?(): Promise<number | null>;
}

interface Loaded<Row> {
  readonly ascending: readonly FeedItem<Row>[];
  readonly missing: number;
}

/** For platforms without paging: one request, sorted here. */
export function completeListFeed<Row>(style: CompleteListStyle<Row>): Feed<Row> {
  let loaded: Promise<Loaded<Row>> | null = null;
  let reads = 0;

  async function load(): Promise<Loaded<Row>> {
    const rows = await style.load();
    const counted = (await style.count?.()) ?? rows.length;
    return { ascending: inOrder(rows, style), missing: Math.max(0, counted - rows.length) };
  }

  return {
    id: style.id,
    sourceId: style.sourceId,
    hintAfter: Number.POSITIVE_INFINITY,
    maxRows: Number.POSITIVE_INFINITY,
    positions: 'places',
    async read(request): Promise<FeedPage<Row>> {
      loaded ??= load();
      const { ascending, missing } = await loaded;
      reads += 1;
      const total = ascending.length + missing;
      const scanned = reads === 1 ? ascending.length : 0;
      return { ...stretchOf(ascending, request), skipped: 0, total, missing, scanned };
    },
  };
}

/** By list and by what it is ordered by: operations that share an answer share its order too. */
const sorted = new WeakMap<object, Map<unknown, readonly FeedItem<unknown>[]>>();

function inOrder<Row>(rows: readonly Row[], { sourceId, keyOf, momentOf }: Listing<Row>): readonly FeedItem<Row>[] {
  const orders = sorted.get(rows) ?? new Map<unknown, readonly FeedItem<unknown>[]>();
  sorted.set(rows, orders);
  const known = orders.get(momentOf) as readonly FeedItem<Row>[] | undefined;
  if (known !== undefined) return known;
  const items = rows
    .map((row) => ({ row, key: keyOf(row), moment: momentOf(row), position: '', sourceId }))
    .sort((left, right) => compareKeys(left, right, 'asc'));
  orders.set(momentOf, items);
  return items;
}

/** As many rows as are asked for, and those of the same moment as the last of them. */
function stretchOf<Row>(ascending: readonly FeedItem<Row>[], { direction, from, limit }: FeedRead) {
  const { length } = ascending;
  const at = (place: number) => ascending[direction === 'asc' ? place : length - 1 - place];
  const start = from.kind === 'moment' ? countBefore(from.moment) : 0;
  let end = Math.min(length, start + limit);
  while (end > start && end < length && at(end)?.moment === at(end - 1)?.moment) end += 1;
  const items =
    direction === 'asc' ? ascending.slice(start, end) : ascending.slice(length - end, length - start).reverse();
  return { items, more: end < length };

  function countBefore(moment: Moment): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = at(middle);
      if (item !== undefined && compareMoments(item.moment, moment, direction) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
