import { UpstreamError } from '../domain/errors.ts';
import type { Feed, FeedItem, FeedPage, FeedStart, Position } from './feed.ts';
import type { Direction, Moment } from './order.ts';
import { createOrderWatch } from './order-watch.ts';
import { createTieRound } from './tie-round.ts';

/**
 * Rows of one moment are given in the order of their keys (`compareKeys` in order.ts), and only once all of them are known. The
 * receiver sees to that; here is how a group is read that is larger than one read.
 */
export interface TieGroup<Row> {
  /** Without repeats, in the order they were first seen. */
  readonly items: readonly FeedItem<Row>[];
  /** The moment that follows, or undefined when the list ends with the group. */
  readonly next: Moment | undefined;
  readonly lastPosition: Position | null;
  readonly scanned: number;
  readonly total: number | null;
  readonly missing: number;
  /**
   * - `whole`: every row was seen.
   * - `unstable`: rows may be missing, because the list or its order changed with each read.
   * - `unfinished`: larger than the limit.
   */
  readonly state: 'whole' | 'unstable' | 'unfinished';
}

const maxBarrenRounds = 5;

/** Places whose rows a read shows again: so many rows may go between two reads and leave no gap. */
const overlap = 4;

/**
 * Reads a group of equal moments that does not fit into one read, in rounds, until it is known that every row was seen:
 * - A platform that keeps its order has shown all once each read of a round begins with rows that the one before ended with. If
 *   it begins with others, rows came or went, and some may stand where neither read has looked.
 * - A platform may also put the group into a new order for each read, so that rows repeat and others hide. It has shown all once
 *   as many rows are known as the list has places for them. Without a new order this shows nothing: of rows that come and go one
 *   may be counted twice, and another not at all.
 */
export async function readTieGroup<Row>(
  feed: Feed<Row>,
  direction: Direction,
  start: Extract<FeedStart, { kind: 'moment' }>,
  /** What a read from there has shown before. */
  shown: readonly FeedItem<Row>[],
  limit: number,
): Promise<TieGroup<Row>> {
  const { moment } = start;
  const seen = new Map<string, FeedItem<Row>>();
  /** The keys of those that were seen since the list last had another size. */
  const seenStill = new Set<string>();
  const order = createOrderWatch();
  let scanned = 0;
  let total: number | null = null;
  let missing = 0;
  let barrenRounds = 0;

  async function read(from: FeedStart): Promise<FeedPage<Row>> {
    const page = await feed.read({ direction, from, limit: feed.maxRows });
    if (page.total !== total) seenStill.clear();
    scanned += page.scanned;
    total = page.total;
    missing += page.missing;
    order.note(page.items);
    for (const item of page.items) {
      if (item.moment !== moment) continue;
      seenStill.add(item.key);
      if (!seen.has(item.key)) seen.set(item.key, item);
    }
    return page;
  }

  async function readOn({ items }: FeedPage<Row>): Promise<FeedPage<Row>> {
    const shownAgain = feed.positions === 'rows' ? 1 : Math.min(overlap, Math.ceil(items.length / 2));
    const page = await read({ kind: 'beyond', position: items.at(-shownAgain)?.position ?? '' });
    const last = page.items.at(-1);
    if (page.more && items.some(({ position }) => position === last?.position)) {
      const cause = new Error(`Feed ${feed.id} says that more rows follow but shows the same again.`);
      throw new UpstreamError(feed.sourceId, 'UPSTREAM_BAD_RESPONSE', { cause });
    }
    return page;
  }

  function group(facts: Pick<TieGroup<Row>, 'state' | 'next' | 'lastPosition'>): TieGroup<Row> {
    return { ...facts, items: [...seen.values()], scanned, total, missing };
  }

  order.note(shown);
  for (let rounds = 0; ; rounds += 1) {
    const known = seen.size;
    const round = createTieRound(feed, direction, moment);
    let page = await read(start);
    round.receive(page);
    while (page.more && page.items.length > 0 && round.next() === undefined) {
      if (rounds === 0 && seen.size > limit) {
        return group({ state: 'unfinished', next: moment, lastPosition: page.items.at(-1)?.position ?? null });
      }
      page = await readOn(page);
      round.receive(page);
    }
    const isCounted = feed.positions === 'places' && seenStill.size === round.places();
    const isWhole = round.isSeamless() || (isCounted && order.hasSeenReordering());
    barrenRounds = seen.size === known ? barrenRounds + 1 : 0;
    if (isWhole || barrenRounds >= maxBarrenRounds || scanned > limit * 4) {
      const state = isWhole ? 'whole' : 'unstable';
      return group({ state, next: round.next(), lastPosition: round.lastPosition() });
    }
  }
}
