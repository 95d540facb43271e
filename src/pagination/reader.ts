import { UpstreamError } from '../domain/errors.ts';
import {
  type Feed,
  type FeedItem,
  type FeedPage,
  type FeedStart,
  OrderUnsupportedError,
  type Position,
} from './feed.ts';
import { compareKeys, compareMoments, type Moment, type OrderKey } from './order.ts';
import { comparePoints, isBeyond, laterPoint, type Point } from './point.ts';
import type { ReaderOptions } from './reader-options.ts';
import { isOrdered, toRuns } from './runs.ts';
import { readTieGroup } from './ties.ts';
import { createTrail, type Hint } from './trail.ts';

export interface ReadyItem<Row> {
  readonly row: Row;
  readonly order: OrderKey;
  /** Set when the item is one of a group too large to be put in order: where the platform had it. */
  readonly insidePosition: Position | null;
}

export interface Reader<Row> {
  readonly feed: Feed<Row>;
  readonly start: Point;
  /** The next row in total order that is known to be next. */
  peek(): ReadyItem<Row> | null;
  take(): void;
  /** Whether a row that is asked for is known to follow, even if its place is not settled. */
  hasMore(): boolean;
  status(): ReaderStatus;
  /** No row to come has an earlier moment; undefined when that is not known yet. */
  bound(): Moment | undefined;
  refill(want: number): Promise<void>;
  hasRead(): boolean;
  /** Whether its rows are known to be further on, so that it need not be read yet. */
  isDeferred(): boolean;
  report(): ReaderReport;
  /** Whether rows of a group too large for order may still come. */
  isInside(): boolean;
  /** Up to where everything is delivered when the reader stops here. */
  progress(): Point;
  hintFor(point: Point): Hint;
  /** Rows between the beginning of the list and the point, at the most; infinite when the reader did not begin there. */
  depthOf(point: Point): number;
}

/** `hungry`: must read to go on. `stalled`: would have to, but its source's scan budget is used up. */
export type ReaderStatus = 'ready' | 'hungry' | 'stalled' | 'ended' | 'failed';

export interface ReaderReport {
  readonly scanned: number;
  /** Of all rows that are asked for; null when the platform counts others too. */
  readonly total: number | null;
  readonly error: unknown;
  /** An asked-for row was seen at or before the start. */
  readonly sawBehind: boolean;
  /** A row beyond the start was seen, asked for or not, or that there is none. */
  readonly advanced: boolean;
  /** Rows may be missing, come twice or out of order, because of how the platform orders them. */
  readonly tiesUnstable: boolean;
  /** Rows were left out because the platform cannot show them. */
  readonly missesRows: boolean;
}

/**
 * One feed as a stream in total order. It reads a group of equal moments whole before it gives any row of it, and begins each
 * read at the last unfinished group, so neither shuffled ties nor rows that come and go between two reads can lose a row.
 */
export function createReader<Row>(options: ReaderOptions<Row>): Reader<Row> {
  const { feed, direction, start, stop, range, accepts, budget } = options;
  const ready: ReadyItem<Row>[] = [];
  const trail = createTrail(
    direction,
    {
      behind: options.hint.behind,
      isAtHead:
        options.hint.behind === null && options.hint.ahead === null && !options.nearEnd && start.at !== 'inside',
    },
    () => unfinished[0],
  );
  let readyFrom = 0;
  let status: 'open' | 'ended' | 'failed' = start.at === 'end' ? 'ended' : 'open';
  let since: Moment | undefined = firstMoment();
  let behind: Position | null = options.hint.behind;
  let near: Position | null = options.hint.ahead;
  let nearEnd = options.nearEnd;
  let insideFrom: Position | null = start.at === 'inside' ? start.position : null;
  let insideRows = 0;
  let unfinished: readonly FeedItem<Row>[] = [];
  let readWholly = options.selective;
  let reads = 0;
  let scanned = 0;
  let total: number | null = null;
  let error: unknown = null;
  let sawBehind = false;
  let advanced = false;
  let refused = false;
  let tiesUnstable = false;
  let missesRows = false;

  function firstMoment(): Moment | undefined {
    if (!('moment' in start)) return range.first;
    if (range.first === undefined) return start.moment;
    return compareMoments(start.moment, range.first, direction) >= 0 ? start.moment : range.first;
  }

  function isDeferred(): boolean {
    const { notBefore } = options;
    return (
      reads === 0 && notBefore !== undefined && since !== undefined && compareMoments(since, notBefore, direction) < 0
    );
  }

  function currentStatus(): ReaderStatus {
    if (readyFrom < ready.length) return 'ready';
    if (status !== 'open') return status;
    return budget.wasted >= budget.limit && hasAdvanced() ? 'stalled' : 'hungry';
  }

  /** Whether a cursor made now leads further than the one this walk began with: no page may end where it began. */
  function hasAdvanced(): boolean {
    const isHintKept = behind !== options.hint.behind && trail.skippedRows() > feed.hintAfter;
    const isFurtherInside = insideFrom !== null && !(start.at === 'inside' && start.position === insideFrom);
    return reads > 0 && (isHintKept || isFurtherInside || comparePoints(progress(), start, direction) > 0);
  }

  function toOrderKey(item: FeedItem<Row>): OrderKey {
    return { moment: item.moment, sourceId: feed.sourceId, key: item.key };
  }

  function nextStart(): FeedStart {
    if (insideFrom !== null) return { kind: 'beyond', position: insideFrom };
    if (since === undefined) return { kind: 'head' };
    return { kind: 'moment', moment: since, behind, near, nearEnd };
  }

  function rowsToAsk(want: number): number {
    if (readWholly) return feed.maxRows;
    const isFirst = reads === 0 && start.at !== 'head' && insideFrom === null;
    const again = isFirst ? (behind === null && near === null ? feed.hintAfter : 2) : unfinished.length + 1;
    return Math.min(feed.maxRows, reads === 0 && !isFirst ? want : want + again);
  }

  async function refill(want: number): Promise<void> {
    try {
      const limit = rowsToAsk(want);
      const page = await feed.read({ direction, from: nextStart(), limit });
      reads += 1;
      scanned += page.scanned;
      total = page.total ?? total;
      missesRows ||= page.missing > 0;
      near = null;
      nearEnd = false;
      const gotOn = insideFrom === null ? receive(page) : receiveInside(page);
      if (gotOn || status !== 'open') return;
      if (limit >= feed.maxRows) await readGroup();
      else readWholly = true;
    } catch (cause) {
      status = isFinal(cause) ? 'ended' : 'failed';
      error = cause;
    }
  }

  /** Whether the walk got on: a group was finished, or rows before the moment were passed. */
  function receive(page: FeedPage<Row>): boolean {
    const fresh: FeedItem<Row>[] = [];
    let passed = 0;
    for (const item of page.items) {
      if (since === undefined || compareMoments(item.moment, since, direction) >= 0) {
        fresh.push(item);
        continue;
      }
      passed += Number(item.position !== behind);
      behind = item.position;
      if (!isBeyond(toOrderKey(item), start, direction) && accepts(item.row)) sawBehind = true;
    }
    if (trail.isEmpty()) {
      trail.skip(passed + (reads === 1 ? page.skipped : 0), behind);
      budget.wasted += passed;
    }
    tiesUnstable ||= !isOrdered(page.items, direction);
    const runs = toRuns(fresh, direction);
    const open = page.more ? runs.pop() : undefined;
    unfinished = [];
    for (const run of runs) finishGroup(run);
    if (!page.more) status = 'ended';
    if (status !== 'open') return true;
    const reached = open?.[0];
    if (reached !== undefined && !isInRange(reached.moment)) {
      status = 'ended';
      return true;
    }
    unfinished = open ?? [];
    if (reached !== undefined) since = reached.moment;
    else readWholly = true;
    if (reached === undefined && passed === 0) {
      const cause = new Error(`Feed ${feed.id} says that more rows follow but shows none.`);
      throw new UpstreamError(feed.sourceId, 'UPSTREAM_BAD_RESPONSE', { cause });
    }
    return runs.length > 0 || passed > 0;
  }

  /** Gives rows of a group too large for order as they come; what follows the group is left to `receive`. */
  function receiveInside(page: FeedPage<Row>): boolean {
    if (since === undefined || insideFrom === null) return false;
    const moment = since;
    const first = insideFrom;
    const inside = page.items.filter((item) => item.moment === moment && item.position !== first);
    const past = page.items.filter((item) => compareMoments(item.moment, moment, direction) > 0);
    tiesUnstable ||= inside.length > 0;
    for (const item of inside) offer(item, item.position);
    insideRows += inside.length;
    const last = (past.length === 0 ? page.items : inside).at(-1)?.position ?? first;
    behind = last;
    const isStillInside = past.length === 0 && page.more && last !== first;
    insideFrom = isStillInside ? last : null;
    if (isStillInside) return true;
    trail.pass({ moment, first, last, size: insideRows });
    return receive({ ...page, items: past });
  }

  async function readGroup(): Promise<void> {
    if (since === undefined) return;
    const moment = since;
    // Which rows of a group are done is known by a row of it only while it is in order, and so read whole.
    const isBegun = start.at !== 'inside' && comparePoints(start, { at: 'before', moment }, direction) > 0;
    const limit = isBegun ? Number.POSITIVE_INFINITY : budget.limit;
    const group = await readTieGroup(feed, direction, { kind: 'moment', moment, behind, near, nearEnd }, limit);
    scanned += group.scanned;
    total = group.total ?? total;
    missesRows ||= group.missing > 0;
    budget.wasted += Math.max(0, group.scanned - group.items.length);
    unfinished = [];
    if (group.state === 'unfinished') {
      insideFrom = group.lastPosition;
      insideRows = group.items.length;
      tiesUnstable = true;
      for (const item of group.items) offer(item, item.position);
      return;
    }
    if (group.state === 'unstable') tiesUnstable = true;
    finishGroup(group.items);
    behind = group.lastPosition;
    if (group.next === undefined) status = 'ended';
    else since = group.next;
  }

  function finishGroup(items: readonly FeedItem<Row>[]): void {
    const first = items[0];
    const last = items.at(-1);
    if (first === undefined || last === undefined || status !== 'open') return;
    if (!isInRange(first.moment)) {
      status = 'ended';
      return;
    }
    trail.pass({ moment: first.moment, first: first.position, last: last.position, size: items.length });
    behind = last.position;
    const known = new Map(items.map((item) => [item.key, item]));
    const sorted = [...known.values()].sort((left, right) =>
      compareKeys(toOrderKey(left), toOrderKey(right), direction),
    );
    for (const item of sorted) offer(item, null);
  }

  function offer(item: FeedItem<Row>, insidePosition: Position | null): void {
    if (status !== 'open') return;
    const order = toOrderKey(item);
    const isAccepted = accepts(item.row);
    if (!isBeyond(order, start, direction)) {
      budget.wasted += 1;
      sawBehind ||= isAccepted;
      return;
    }
    advanced = true;
    if (stop !== null && !isBefore(order, stop)) {
      status = 'ended';
      // Which rows of the group come before the stop is only known to those who came to it the other way.
      tiesUnstable ||= stop.at === 'inside' && stop.moment === order.moment;
    } else if (isAccepted) {
      ready.push({ row: item.row, order, insidePosition });
    } else {
      refused = true;
      // A platform that does not filter as it was believed to: then reads had better be large.
      readWholly = true;
      budget.wasted += 1;
    }
  }

  function isBefore(order: OrderKey, point: Point): boolean {
    if (isBeyond(order, point, direction)) return false;
    return !(point.at === 'row' && compareKeys(order, point, direction) === 0);
  }

  function progress(): Point {
    if (insideFrom !== null && since !== undefined) return { at: 'inside', moment: since, position: insideFrom };
    if (since === undefined) return start;
    return laterPoint(start, { at: 'before', moment: since }, direction);
  }

  return {
    feed,
    start,
    peek: () => ready[readyFrom] ?? null,
    take: () => {
      readyFrom += 1;
    },
    hasMore: () =>
      readyFrom < ready.length ||
      (status !== 'failed' &&
        unfinished.some((item) => {
          const order = toOrderKey(item);
          return accepts(item.row) && isBeyond(order, start, direction) && (stop === null || isBefore(order, stop));
        })),
    status: currentStatus,
    bound: () => (isDeferred() ? options.notBefore : since),
    refill,
    hasRead: () => reads > 0,
    isDeferred,
    report: () => ({
      scanned,
      total: refused ? null : total,
      error,
      sawBehind,
      advanced: advanced || (status === 'ended' && reads > 0),
      tiesUnstable,
      missesRows,
    }),
    isInside: () => insideFrom !== null || (ready[readyFrom]?.insidePosition ?? null) !== null,
    progress,
    hintFor: trail.hintFor,
    depthOf: trail.depthOf,
  };

  function isInRange(moment: Moment): boolean {
    return range.last === undefined || compareMoments(moment, range.last, direction) <= 0;
  }
}

/** Whether there is nothing to come back for: the same request would fail for ever. */
function isFinal(cause: unknown): boolean {
  return (
    cause instanceof OrderUnsupportedError || (cause instanceof UpstreamError && cause.code === 'UPSTREAM_UNSAFE_ID')
  );
}
