import { UpstreamError } from '../domain/errors.ts';
import { type Boundary, compareBoundaries, laterBoundary } from './boundary.ts';
import { type Feed, type FeedItem, type FeedPage, OrderUnsupportedError, type Position } from './feed.ts';
import { createFoothold } from './foothold.ts';
import { createIntake, type ReadyItem } from './intake.ts';
import { compareKeys, compareMoments, type Direction, type Moment } from './order.ts';
import type { ReaderOptions } from './reader-options.ts';
import { byMoment, isOrdered, toRuns } from './runs.ts';
import { readTieGroup } from './ties.ts';
import { createTrail, type Hint } from './trail.ts';

export interface Reader<Row> {
  readonly feed: Feed<Row>;
  readonly start: Boundary;
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
  /** Past the last group that was read whole. */
  furthest(): Boundary;
  /** Whether rows of a group too large for order may still come. */
  isInside(): boolean;
  /** Up to where everything is delivered when the reader stops here. */
  progress(): Boundary;
  hintFor(boundary: Boundary): Hint;
  /** Rows between the beginning of the list and the boundary, at the most; infinite when the reader did not begin there. */
  depthOf(boundary: Boundary): number;
  /** The same for where the reader has come. */
  depthOfAll(): number;
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
 *
 * Say the platform answers three rows to a read: a (10:00), b (09:00), c (09:00), and that more follow. Only `a` is given: a
 * fourth row may be of 09:00 too, and belong before b or c. The next read begins at 09:00 again and asks for one row more. When
 * it answers b, c, d (08:00), the group of 09:00 is finished: b and c are given in the order of their keys, and d waits.
 */
export function createReader<Row>(options: ReaderOptions<Row>): Reader<Row> {
  const { feed, direction, start, range, budget, hint, notBefore } = options;
  const intake = createIntake(options);
  const foothold = createFoothold(options);
  const isAtHead = hint.behind === null && hint.ahead === null && !options.nearEnd && start.at !== 'inside';
  const trail = createTrail(direction, { behind: hint.behind, isAtHead }, () => unfinished[0]);
  let status: 'open' | 'ended' | 'failed' = start.at === 'end' ? 'ended' : 'open';
  let unfinished: readonly FeedItem<Row>[] = [];
  let insideRows = 0;
  let furthest = start;
  let readWholly = options.selective;
  let reads = 0;
  let scanned = 0;
  let total: number | null = null;
  let error: unknown = null;
  let tiesUnstable = false;
  let missesRows = false;

  function isDeferred(): boolean {
    const since = foothold.since();
    return (
      reads === 0 && notBefore !== undefined && since !== undefined && compareMoments(since, notBefore, direction) < 0
    );
  }

  function currentStatus(): ReaderStatus {
    if (intake.peek() !== null) return 'ready';
    if (status !== 'open') return status;
    return budget.wasted >= budget.limit && hasAdvanced() ? 'stalled' : 'hungry';
  }

  /** Whether a cursor made now leads further than the one this walk began with: no page may end where it began. */
  function hasAdvanced(): boolean {
    const isHintKept = foothold.behind() !== hint.behind && trail.skippedRows() > feed.hintAfter;
    return reads > 0 && (isHintKept || foothold.hasMoved());
  }

  function rowsToAsk(want: number): number {
    // A platform that does not filter as it was believed to sends rows in vain: then reads had better be large.
    // A list that costs nothing to read on is only counted rightly when all of it was looked at.
    const isToBeSearched = !options.acceptsAll && feed.maxRows === Number.POSITIVE_INFINITY;
    if (readWholly || isToBeSearched || intake.hasRefused()) return feed.maxRows;
    const isFirst = reads === 0 && start.at !== 'head' && foothold.insideFrom() === null;
    const again = isFirst ? (hint.behind === null && hint.ahead === null ? feed.hintAfter : 2) : unfinished.length + 1;
    return Math.min(feed.maxRows, reads === 0 && !isFirst ? want : want + again);
  }

  async function refill(want: number): Promise<void> {
    try {
      const limit = rowsToAsk(want);
      const page = await feed.read({ direction, from: foothold.nextStart(), limit });
      reads += 1;
      note(page);
      foothold.wasRead();
      const gotOn = foothold.insideFrom() === null ? receive(page) : receiveInside(page);
      if (gotOn || status !== 'open') return;
      if (limit >= feed.maxRows) await readGroup();
      else readWholly = true;
    } catch (cause) {
      status = isFinal(cause) ? 'ended' : 'failed';
      error = cause;
    }
  }

  function note(read: { readonly scanned: number; readonly total: number | null; readonly missing: number }): void {
    scanned += read.scanned;
    total = read.total ?? total;
    missesRows ||= read.missing > 0;
  }

  /** Whether the walk got on: a group was finished, or rows before the moment were passed. */
  function receive(page: FeedPage<Row>): boolean {
    const { fresh, passed } = passOld(page);
    const ordered = isOrdered(page.items, direction);
    tiesUnstable ||= !ordered;
    const runs = toRuns(ordered ? fresh : byMoment(fresh, direction));
    const open = page.more ? runs.pop() : undefined;
    unfinished = [];
    for (const run of runs) finishGroup(run);
    const reached = open?.[0];
    if (!page.more || (reached !== undefined && !isInRange(reached.moment))) status = 'ended';
    if (status !== 'open') return true;
    unfinished = open ?? [];
    if (reached !== undefined) foothold.reach(reached.moment);
    else readWholly = true;
    if (reached === undefined && passed === 0) {
      const cause = new Error(`Feed ${feed.id} says that more rows follow but shows none.`);
      throw new UpstreamError(feed.sourceId, 'UPSTREAM_BAD_RESPONSE', { cause });
    }
    return runs.length > 0 || passed > 0;
  }

  /** The rows at or past the moment the reader is at, and how many before it the read had to pass. */
  function passOld(page: FeedPage<Row>): { readonly fresh: readonly FeedItem<Row>[]; readonly passed: number } {
    const fresh: FeedItem<Row>[] = [];
    let passed = 0;
    const since = foothold.since();
    for (const item of page.items) {
      if (since === undefined || compareMoments(item.moment, since, direction) >= 0) {
        fresh.push(item);
        continue;
      }
      passed += Number(item.position !== foothold.behind());
      foothold.pass(item);
      intake.noteBehind(item);
    }
    if (trail.isEmpty()) {
      trail.skip(passed + (reads === 1 ? page.skipped : 0), foothold.behind());
      budget.wasted += passed;
    }
    return { fresh, passed };
  }

  /** Gives rows of a group too large for order as they come; what follows the group is left to `receive`. */
  function receiveInside(page: FeedPage<Row>): boolean {
    const moment = foothold.since();
    const first = foothold.insideFrom();
    if (moment === undefined || first === null) return false;
    const inside = page.items.filter((item) => item.moment === moment && item.position !== first);
    const past = page.items.filter((item) => compareMoments(item.moment, moment, direction) > 0);
    tiesUnstable ||= inside.length > 0;
    for (const item of inside) offer(item, item.position);
    insideRows += inside.length;
    const last = (past.length === 0 ? page.items : inside).at(-1)?.position ?? first;
    foothold.pass({ position: last });
    if (past.length === 0 && page.more && last !== first) {
      foothold.enter(last);
      return true;
    }
    foothold.leave();
    trail.pass({ moment, first, last, size: insideRows });
    return receive({ ...page, items: past });
  }

  async function readGroup(): Promise<void> {
    const from = foothold.nextStart();
    if (from.kind !== 'moment') return;
    // Which rows of a group are done is known by a row of it only while it is in order, and so read whole.
    const isBegun =
      start.at !== 'inside' && compareBoundaries(start, { at: 'before', moment: from.moment }, direction) > 0;
    const limit = isBegun ? Number.POSITIVE_INFINITY : budget.limit;
    const group = await readTieGroup(feed, direction, from, limit);
    note(group);
    budget.wasted += Math.max(0, group.scanned - group.items.length);
    unfinished = [];
    if (group.state === 'unfinished') {
      foothold.enter(group.lastPosition);
      insideRows = group.items.length;
      tiesUnstable = true;
      for (const item of group.items) offer(item, item.position);
      return;
    }
    if (group.state === 'unstable') tiesUnstable = true;
    finishGroup(group.items);
    if (group.lastPosition !== null) foothold.pass({ position: group.lastPosition });
    if (group.next === undefined) status = 'ended';
    else foothold.reach(group.next);
  }

  function finishGroup(items: readonly FeedItem<Row>[]): void {
    const first = items[0];
    const last = items.at(-1);
    if (first === undefined || last === undefined || status !== 'open') return;
    if (!isInRange(first.moment)) {
      status = 'ended';
      return;
    }
    furthest = laterBoundary(start, { at: 'after', moment: first.moment }, direction);
    trail.pass({ moment: first.moment, first: first.position, last: last.position, size: items.length });
    foothold.pass(last);
    for (const item of items.length === 1 ? items : inOrder(items, direction)) offer(item, null);
  }

  function offer(item: FeedItem<Row>, insidePosition: Position | null): void {
    if (status === 'open' && !intake.offer(item, insidePosition)) status = 'ended';
  }

  function isInRange(moment: Moment): boolean {
    return range.last === undefined || compareMoments(moment, range.last, direction) <= 0;
  }

  return {
    feed,
    start,
    peek: intake.peek,
    take: intake.take,
    hasMore: () => intake.peek() !== null || (status !== 'failed' && unfinished.some(intake.isAskedFor)),
    status: currentStatus,
    bound: () => (isDeferred() ? notBefore : foothold.since()),
    refill,
    hasRead: () => reads > 0,
    isDeferred,
    report: () => ({
      scanned,
      total: intake.hasRefused() ? null : total,
      error,
      sawBehind: intake.sawBehind(),
      advanced: intake.sawBeyond() || (status === 'ended' && reads > 0),
      tiesUnstable: tiesUnstable || intake.endedInside(),
      missesRows,
    }),
    furthest: () => furthest,
    isInside: () => foothold.insideFrom() !== null || (intake.peek()?.insidePosition ?? null) !== null,
    progress: foothold.progress,
    hintFor: trail.hintFor,
    depthOf: trail.depthOf,
    depthOfAll: trail.depthOfAll,
  };
}

/** The rows of one moment, each once. */
function inOrder<Row>(items: readonly FeedItem<Row>[], direction: Direction): readonly FeedItem<Row>[] {
  const known = new Map(items.map((item) => [item.key, item]));
  return [...known.values()].sort((left, right) => compareKeys(left, right, direction));
}

/** Whether there is nothing to come back for: the same request would fail for ever. */
function isFinal(cause: unknown): boolean {
  return (
    cause instanceof OrderUnsupportedError || (cause instanceof UpstreamError && cause.code === 'UPSTREAM_UNSAFE_ID')
  );
}
