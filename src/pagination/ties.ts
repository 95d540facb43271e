import { UpstreamError } from '../domain/errors.ts';
import type { Feed, FeedItem, FeedPage, FeedStart, Position } from './feed.ts';
import { compareMoments, type Direction, type Moment } from './order.ts';

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
   * - `unstable`: the platform orders the group anew for each read and rows may be missing.
   * - `unfinished`: larger than the limit.
   */
  readonly state: 'whole' | 'unstable' | 'unfinished';
}

const maxBarrenRounds = 5;

/**
 * Reads a group of equal moments that does not fit into one read. A platform may order the group differently each time, so
 * that rows repeat and others hide: then it is read again until as many rows are known as the list has places for them.
 */
export async function readTieGroup<Row>(
  feed: Feed<Row>,
  direction: Direction,
  start: Extract<FeedStart, { kind: 'moment' }>,
  limit: number,
): Promise<TieGroup<Row>> {
  const { moment } = start;
  const seen = new Map<string, FeedItem<Row>>();
  let scanned = 0;
  let total: number | null = null;
  let missing = 0;
  let barrenRounds = 0;

  async function read(from: FeedStart): Promise<FeedPage<Row>> {
    const page = await feed.read({ direction, from, limit: feed.maxRows });
    scanned += page.scanned;
    total = page.total;
    missing += page.missing;
    return page;
  }

  function group(facts: Pick<TieGroup<Row>, 'state' | 'next' | 'lastPosition'>): TieGroup<Row> {
    return { ...facts, items: [...seen.values()], scanned, total, missing };
  }

  for (let round = 0; ; round += 1) {
    const known = seen.size;
    const inRound = new Set<string>();
    let places = 0;
    let shuffled = false;
    let torn = false;
    let last: FeedItem<Row> | null = null;
    let next: Moment | undefined;
    let page = await read(start);
    for (;;) {
      for (const [index, item] of page.items.entries()) {
        const side = compareMoments(item.moment, moment, direction);
        if (side < 0) continue;
        const isJoint: boolean = index === 0 && item.position === last?.position;
        if (side > 0) {
          // The row that ended the read before is gone from its place: rows of the group may have moved behind it, unseen.
          torn ||= isJoint;
          next = item.moment;
          break;
        }
        if (isJoint) shuffled ||= item.key !== last?.key;
        else {
          places += 1;
          shuffled ||= inRound.has(item.key);
        }
        inRound.add(item.key);
        if (!seen.has(item.key)) seen.set(item.key, item);
        last = item;
      }
      const furthest = page.items.at(-1);
      if (next !== undefined || !page.more || furthest === undefined) break;
      if (round === 0 && seen.size > limit) {
        return group({ state: 'unfinished', next: moment, lastPosition: furthest.position });
      }
      page = await read({ kind: 'beyond', position: furthest.position });
      // The list became so short that its rows are all before the place.
      torn ||= page.items.length === 0;
      if (page.more && page.items.at(-1)?.position === furthest.position) {
        const cause = new Error(`Feed ${feed.id} says that more rows follow but shows the same again.`);
        throw new UpstreamError(feed.sourceId, 'UPSTREAM_BAD_RESPONSE', { cause });
      }
    }
    const whole = !torn && (!shuffled || seen.size === places);
    barrenRounds = seen.size === known ? barrenRounds + 1 : 0;
    if (whole || barrenRounds >= maxBarrenRounds || scanned > limit * 4) {
      return group({ state: whole ? 'whole' : 'unstable', next, lastPosition: last?.position ?? null });
    }
  }
}
