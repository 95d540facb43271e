import { UpstreamError } from '../domain/errors.ts';
import { type Boundary, compareBoundaries } from './boundary.ts';
import { type Feed, type FeedItem, OrderUnsupportedError } from './feed.ts';
import type { ReadyItem } from './intake.ts';
import { compareMoments, type Moment } from './order.ts';
import type { ReaderOptions } from './reader-options.ts';
import { createReceiver } from './receiver.ts';
import { readTieGroup } from './ties.ts';
import type { Trail } from './trail.ts';

export interface Reader<Row> {
  readonly feed: Feed<Row>;
  readonly start: Boundary;
  readonly trail: Pick<Trail, 'hintFor' | 'depthOf' | 'depthOfAll'>;
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
  const { feed, direction, start, budget, notBefore } = options;
  const receiver = createReceiver(options);
  const { intake, foothold, trail } = receiver;
  let failure: { readonly status: 'ended' | 'failed'; readonly error: unknown } | null = null;
  let readWholly = options.selective;
  let scanned = 0;
  let total: number | null = null;
  let missesRows = false;

  function isDeferred(): boolean {
    const since = foothold.since();
    if (receiver.hasRead() || notBefore === undefined || since === undefined) return false;
    return compareMoments(since, notBefore, direction) < 0;
  }

  function status(): ReaderStatus {
    if (intake.peek() !== null) return 'ready';
    if (failure !== null) return failure.status;
    if (intake.hasEnded()) return 'ended';
    return budget.wasted >= budget.limit && receiver.hasAdvanced() ? 'stalled' : 'hungry';
  }

  function rowsToAsk(want: number): number {
    // A platform that does not filter as it was believed to sends rows in vain: then reads had better be large.
    // A list that costs nothing to read on is only counted rightly when all of it was looked at.
    const isToBeSearched = !options.acceptsAll && feed.maxRows === Number.POSITIVE_INFINITY;
    if (readWholly || isToBeSearched || intake.hasRefused()) return feed.maxRows;
    return Math.min(feed.maxRows, want + receiver.rowsReadAgain());
  }

  async function refill(want: number): Promise<void> {
    try {
      const limit = rowsToAsk(want);
      const page = await feed.read({ direction, from: foothold.nextStart(), limit });
      note(page);
      const headway = receiver.receive(page);
      if (headway === 'got-on') return;
      if (headway === 'stuck' && limit >= feed.maxRows) await readGroup(page.items);
      else readWholly = true;
    } catch (error) {
      failure = { status: isFinal(error) ? 'ended' : 'failed', error };
    }
  }

  async function readGroup(shown: readonly FeedItem<Row>[]): Promise<void> {
    const from = foothold.nextStart();
    if (from.kind !== 'moment') return;
    // Which rows of a group are done is known by a row of it only while it is in order, and so read whole.
    const isBegun =
      start.at !== 'inside' && compareBoundaries(start, { at: 'before', moment: from.moment }, direction) > 0;
    const limit = isBegun ? Number.POSITIVE_INFINITY : budget.limit;
    const group = await readTieGroup(feed, direction, from, shown, limit);
    note(group);
    receiver.receiveGroup(group);
  }

  function note(read: { readonly scanned: number; readonly total: number | null; readonly missing: number }): void {
    scanned += read.scanned;
    total = read.total ?? total;
    missesRows ||= read.missing > 0;
  }

  return {
    feed,
    start,
    trail,
    peek: intake.peek,
    take: intake.take,
    hasMore: () => intake.peek() !== null || (failure?.status !== 'failed' && receiver.hasWaiting()),
    status,
    bound: () => (isDeferred() ? notBefore : foothold.since()),
    refill,
    hasRead: receiver.hasRead,
    isDeferred,
    report: () => ({
      scanned,
      total: intake.hasRefused() ? null : total,
      error: failure?.error ?? null,
      sawBehind: intake.sawBehind(),
      advanced: intake.sawBeyond() || (status() === 'ended' && receiver.hasRead()),
      tiesUnstable: receiver.tiesUnstable(),
      missesRows,
    }),
    furthest: receiver.furthest,
    isInside: () => foothold.insideFrom() !== null || (intake.peek()?.insidePosition ?? null) !== null,
    progress: foothold.progress,
  };
}

/** Whether there is nothing to come back for: the same request would fail for ever. */
function isFinal(cause: unknown): boolean {
  return (
    cause instanceof OrderUnsupportedError || (cause instanceof UpstreamError && cause.code === 'UPSTREAM_UNSAFE_ID')
  );
}
