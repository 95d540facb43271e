import { type Boundary, compareBoundaries } from './boundary.ts';
import { feedTag, sourceTag } from './cursor.ts';
import type { Feed } from './feed.ts';
import type { MergedItem, MergeRequest, MergeSource, SourceReport } from './merge-request.ts';
import type { Direction, Moment } from './order.ts';
import { createReadQueue } from './read-queue.ts';
import { createReader, type Reader } from './reader.ts';
import type { MomentRange } from './reader-options.ts';
import { noHint } from './trail.ts';
import { leadsToOrigin, turned, turnedHint, type WalkFrame } from './walk-frame.ts';

/** A source with its feeds open and the first of their rows read; without any when it could not be opened. */
export interface OpenSource<Row> {
  readonly source: MergeSource<Row>;
  readonly readers: readonly Reader<Row>[];
  readonly error: unknown;
  /** Reads more of those readers that are its own: a queue for each source, so that none waits for another's. */
  refill(some: readonly Reader<Row>[], want: number): Promise<void>;
}

/** Opens a source and begins to read it at once: how long another source takes to open is not its business. */
export async function openSource<Row>(
  source: MergeSource<Row>,
  request: MergeRequest,
  frame: WalkFrame,
): Promise<OpenSource<Row>> {
  const read = createReadQueue(request.concurrentReads);
  let readers: readonly Reader<Row>[];
  try {
    readers = openReaders(source, await source.open(), request, frame);
  } catch (error) {
    return { source, readers: [], error, refill: async () => {} };
  }
  const own = new Set(readers);
  async function refill(some: readonly Reader<Row>[], want: number): Promise<void> {
    await Promise.all(some.filter((reader) => own.has(reader)).map((reader) => read(() => reader.refill(want))));
  }
  await refill(furthestBehind(readers, frame.direction), request.size + 1);
  return { source, readers, error: null, refill };
}

/**
 * The readers to begin with: those whose place is the earliest. Where some feeds of a source are behind the others, because
 * they failed or the requests of an operation did not suffice for all, the others are only read if their rows are needed.
 */
function furthestBehind<Row>(readers: readonly Reader<Row>[], direction: Direction): readonly Reader<Row>[] {
  const hungry = readers.filter((reader) => reader.status() === 'hungry' && !reader.isDeferred());
  const least = hungry.reduce<Boundary | null>(
    (place, { start }) => (place === null || compareBoundaries(start, place, direction) < 0 ? start : place),
    null,
  );
  return hungry.filter(({ start }) => least !== null && compareBoundaries(start, least, direction) === 0);
}

function openReaders<Row>(
  source: MergeSource<Row>,
  feeds: readonly Feed<Row>[],
  request: MergeRequest,
  frame: WalkFrame,
): readonly Reader<Row>[] {
  const { direction, begin, end } = frame;
  const range: MomentRange =
    direction === 'asc'
      ? { first: source.earliest, last: source.latest }
      : { first: source.latest, last: source.earliest };
  const budget = { limit: request.scanRows, wasted: 0 };
  return feeds.map((feed) => {
    const tag = feedTag(source.sourceId, feed.id);
    const hint = begin?.hints.get(tag);
    const stop = end?.lags.get(tag) ?? end?.lags.get(sourceTag(source.sourceId)) ?? end?.boundary;
    return createReader({
      feed,
      direction,
      start: startOf(frame, source.sourceId, feed),
      hint: hint === undefined ? noHint : turnedHint(frame, hint),
      nearEnd: hint === undefined && leadsToOrigin(frame),
      stop: stop === undefined ? null : turned(frame, stop),
      range,
      notBefore: horizonOf(frame, source.sourceId, tag),
      accepts: source.accepts,
      selective: source.selective,
      acceptsAll: source.acceptsAll ?? false,
      budget,
    });
  });
}

/** The moment before which the feed is known to have no row beyond the cursor; one that is elsewhere was not looked at. */
function horizonOf({ begin, isForward }: WalkFrame, sourceId: string, tag: string): Moment | undefined {
  const horizon = begin?.horizon ?? null;
  if (begin === null || horizon === null || horizon.walk !== (isForward ? 'forward' : 'backward')) return undefined;
  const isElsewhere = begin.lags.has(tag) || begin.lags.has(sourceTag(sourceId));
  return isElsewhere || horizon.near.has(tag) ? undefined : horizon.moment;
}

export function startOf<Row>(frame: WalkFrame, sourceId: string, feed: Feed<Row> | null): Boundary {
  const lags = frame.begin?.lags;
  const lag = (feed === null ? undefined : lags?.get(feedTag(sourceId, feed.id))) ?? lags?.get(sourceTag(sourceId));
  return lag === undefined ? frame.beginBoundary : turned(frame, lag);
}

export function reportOf<Row>(
  { source, readers, error }: OpenSource<Row>,
  page: { readonly items: readonly MergedItem<Row>[]; readonly stalled: readonly Reader<Row>[] },
): SourceReport {
  const { sourceId } = source;
  if (error !== null) {
    const nothing = {
      feeds: [],
      scanned: 0,
      advanced: false,
      outOfBudget: false,
      tiesUnstable: false,
      missesRows: false,
    };
    return { ...nothing, errors: [error], failed: true, owes: true };
  }
  const reports = readers.map((reader) => reader.report());
  const hasRows = page.items.some((item) => item.sourceId === sourceId);
  return {
    feeds: readers.map(({ feed }) => feed.id),
    scanned: reports.reduce((sum, report) => sum + report.scanned, 0),
    errors: reports.flatMap((report) => (report.error === null ? [] : [report.error])),
    failed: readers.length > 0 && reports.every((report) => report.error !== null) && !hasRows,
    owes: readers.some((reader) => reader.status() === 'failed'),
    advanced: reports.some((report) => report.advanced),
    outOfBudget: page.stalled.some((reader) => readers.includes(reader)),
    tiesUnstable: reports.some((report) => report.tiesUnstable),
    missesRows: reports.some((report) => report.missesRows),
  };
}

export function totalOf<Row>({ readers }: OpenSource<Row>): number | null {
  return readers.reduce<number | null>((sum, reader) => {
    const { total, error } = reader.report();
    return sum === null || total === null || error !== null ? null : sum + total;
  }, 0);
}
