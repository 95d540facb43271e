import type { Feed, FeedItem, FeedPage, FeedRead } from '../feed.ts';
import { compareKeys, compareMoments } from '../order.ts';
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

  async function load(): Promise<Loaded<Row>> {
    const rows = await style.load();
    const counted = (await style.count?.()) ?? rows.length;
    const ascending = rows
      .map((row) => ({ row, key: style.keyOf(row), moment: style.momentOf(row), position: '' }))
      .sort((left, right) => compareKeys(toOrderKey(left), toOrderKey(right), 'asc'));
    return { ascending, missing: Math.max(0, counted - rows.length) };
  }

  function toOrderKey(item: FeedItem<Row>) {
    return { moment: item.moment, sourceId: style.sourceId, key: item.key };
  }

  return {
    id: style.id,
    sourceId: style.sourceId,
    hintAfter: Number.POSITIVE_INFINITY,
    maxRows: Number.POSITIVE_INFINITY,
    twoSided: false,
    async read({ direction, from }: FeedRead): Promise<FeedPage<Row>> {
      loaded ??= load();
      const { ascending, missing } = await loaded;
      const ordered = direction === 'asc' ? ascending : ascending.toReversed();
      const items =
        from.kind === 'moment'
          ? ordered.filter((item) => compareMoments(item.moment, from.moment, direction) >= 0)
          : ordered;
      const total = ascending.length + missing;
      return { items, more: false, skipped: 0, total, missing, scanned: ascending.length };
    },
  };
}
