import { type Cursor, feedTag, sourceTag } from './cursor.ts';
import type { Feed } from './feed.ts';
import { type CursorDraft, createFrontier, leadsToOrigin, turned, turnedHint, type WalkFrame } from './frontier.ts';
import { compareKeys, compareMoments, type Direction, type Moment, reverse } from './order.ts';
import { comparePoints, head, type Point } from './point.ts';
import { createReadQueue } from './read-queue.ts';
import { createReader, type Reader } from './reader.ts';
import type { MomentRange } from './reader-options.ts';
import { noHint } from './trail.ts';

/** One source's part of a merged list. */
export interface MergeSource<Row> {
  readonly sourceId: string;
  /** Its feeds. A source that cannot say which they are is lost for this page, and keeps its place as one. */
  open(): Promise<readonly Feed<Row>[]>;
  readonly accepts: (row: Row) => boolean;
  /** Whether `accepts` may refuse what its feeds hold. */
  readonly selective: boolean;
}

export interface MergeRequest {
  /** The direction of the list; walking backward goes against it. */
  readonly direction: Direction;
  readonly walk: 'forward' | 'backward';
  readonly size: number;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
  /** Moments outside are not asked for; both ends are inside. */
  readonly earliest: Moment | undefined;
  readonly latest: Moment | undefined;
  readonly scanRows: number;
  readonly concurrentReads: number;
}

export interface MergedPage<Row> {
  /** In the direction of the list. */
  readonly items: readonly MergedItem<Row>[];
  /** Whether rows are known to follow in the direction of the walk. A source that failed may have more: see SourceReport.owes. */
  readonly more: boolean;
  /** Whether a row was seen on the near side of where the walk began. False only means that none was seen. */
  readonly sawBehind: boolean;
  /** Where the walk ended; null when it has not left the head. */
  readonly end: (() => CursorDraft) | null;
  readonly sources: ReadonlyMap<string, SourceReport>;
  /** How many rows the source has in all, or null. Asks the feeds that the page itself did not need. */
  totalOf(sourceId: string): Promise<number | null>;
}

export interface MergedItem<Row> {
  readonly row: Row;
  readonly sourceId: string;
  readonly cursor: () => CursorDraft;
}

export interface SourceReport {
  readonly scanned: number;
  /** Of the feeds that failed, or of the source as a whole. */
  readonly errors: readonly unknown[];
  /** Whether every feed failed and no row of it is on the page. */
  readonly failed: boolean;
  /** Whether it failed before its end, so that rows may follow which nobody has seen. */
  readonly owes: boolean;
  /** Whether it got on: a row beyond where it began was seen, or the end of one of its feeds. */
  readonly advanced: boolean;
  /** Whether the page has fewer rows than asked for because the scan budget was used up. */
  readonly outOfBudget: boolean;
  readonly tiesUnstable: boolean;
  /** Whether rows were left out because the platform cannot show them. */
  readonly missesRows: boolean;
}

/**
 * Merges any number of ordered feeds into one ordered page, from either end or from a cursor. A row is given only when no feed
 * can still hold an earlier one. A feed that fails keeps its own place in the cursor and catches up when it is back.
 */
export async function mergePage<Row>(
  sources: readonly MergeSource<Row>[],
  request: MergeRequest,
): Promise<MergedPage<Row>> {
  const isForward = request.walk === 'forward';
  const direction = isForward ? request.direction : reverse(request.direction);
  const begin = isForward ? request.after : request.before;
  const beginPoint = begin === null ? head : turned({ isForward }, begin.point);
  const frame: WalkFrame = { direction, isForward, begin, beginPoint, scanRows: request.scanRows };
  const opened = await Promise.all(sources.map((source) => openSource(source, request, frame)));
  const readers = opened.flatMap((source) => source.readers);
  const lostSources = opened.filter(({ error }) => error !== null).map(({ source }) => source.sourceId);
  const frontier = createFrontier(
    frame,
    readers,
    new Map(lostSources.map((sourceId) => [sourceId, startOf(frame, sourceId, null)])),
  );
  const refill = (some: readonly Reader<Row>[], want: number) =>
    Promise.all(opened.map((source) => source.refill(some, want)));

  /** The reader with the next row of all, once no other can hold an earlier one; null when there is none for this page. */
  async function next(want: number): Promise<Reader<Row> | null> {
    for (;;) {
      const best = earliest(readers, direction);
      const blocking = readers.filter((reader) => couldPrecede(reader, best, direction));
      if (blocking.length === 0) return best;
      const hungry = blocking.filter((reader) => reader.status() === 'hungry');
      if (hungry.length === 0) return null;
      await refill(hungry, want);
    }
  }

  async function hasMore(): Promise<boolean> {
    for (;;) {
      if (readers.some((reader) => reader.hasMore() || reader.status() === 'stalled')) return true;
      const hungry = readers.filter((reader) => reader.status() === 'hungry');
      if (hungry.length === 0) return false;
      await refill(hungry, 1);
    }
  }

  const items: MergedItem<Row>[] = [];
  while (items.length < request.size) {
    const reader = await next(request.size - items.length + 1);
    const item = reader?.peek() ?? null;
    if (reader === null || item === null) break;
    reader.take();
    frontier.pass(reader, item);
    items.push({ row: item.row, sourceId: item.order.sourceId, cursor: frontier.here() });
  }
  const more = await hasMore();
  const stalled = items.length < request.size ? readers.filter((reader) => reader.status() === 'stalled') : [];
  const reports = new Map(opened.map((source) => [source.source.sourceId, reportOf(source, { items, stalled })]));
  if (stalled.length > 0) {
    const places = stalled.map((reader) => reader.progress());
    frontier.moveTo(places.reduce((least, place) => (comparePoints(place, least, direction) < 0 ? place : least)));
  } else if (items.length < request.size && [...reports.values()].some(({ owes, advanced }) => owes && advanced)) {
    // All but those that failed are at their end. Were it not said, the next page would look through the same rows again.
    frontier.moveTo(endOf(request, frame));
  }
  const end = frontier.hasMoved() ? frontier.end() : null;
  // The last row's cursor and the page's are the same, unless the page looked at more than it gave.
  const last = items.at(-1);
  if (last !== undefined && end !== null && items.length === request.size)
    items.splice(-1, 1, { ...last, cursor: end });
  return {
    items: isForward ? items : items.reverse(),
    more,
    sawBehind: readers.some((reader) => reader.report().sawBehind),
    end,
    sources: reports,
    async totalOf(sourceId) {
      const source = opened.find((each) => each.source.sourceId === sourceId);
      if (source === undefined || source.error !== null) return null;
      await source.refill(
        source.readers.filter((reader) => reader.status() === 'hungry' && !reader.hasRead()),
        1,
      );
      return totalOf(source);
    },
  };
}

/** A source with its feeds open and the first of their rows read; without any when it could not be opened. */
interface OpenSource<Row> {
  readonly source: MergeSource<Row>;
  readonly readers: readonly Reader<Row>[];
  readonly error: unknown;
  /** Reads more of those readers that are its own: a queue for each source, so that none waits for another's. */
  refill(some: readonly Reader<Row>[], want: number): Promise<void>;
}

/** Opens a source and begins to read it at once: how long another source takes to open is not its business. */
async function openSource<Row>(
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
  const least = hungry.reduce<Point | null>(
    (place, { start }) => (place === null || comparePoints(start, place, direction) < 0 ? start : place),
    null,
  );
  return hungry.filter(({ start }) => least !== null && comparePoints(start, least, direction) === 0);
}

function openReaders<Row>(
  source: MergeSource<Row>,
  feeds: readonly Feed<Row>[],
  request: MergeRequest,
  frame: WalkFrame,
): readonly Reader<Row>[] {
  const { direction, isForward, begin } = frame;
  const end = isForward ? request.before : request.after;
  const range: MomentRange =
    direction === 'asc'
      ? { first: request.earliest, last: request.latest }
      : { first: request.latest, last: request.earliest };
  const budget = { limit: request.scanRows, wasted: 0 };
  return feeds.map((feed) => {
    const tag = feedTag(source.sourceId, feed.id);
    const hint = begin?.hints.get(tag);
    const stop = end?.lags.get(tag) ?? end?.lags.get(sourceTag(source.sourceId)) ?? end?.point;
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

/** Where the walk ends at the latest: at the other cursor, if there is one. */
function endOf(request: MergeRequest, frame: WalkFrame): Point {
  const end = frame.isForward ? request.before : request.after;
  return end === null ? { at: 'end' } : turned(frame, end.point);
}

function startOf<Row>(frame: WalkFrame, sourceId: string, feed: Feed<Row> | null): Point {
  const lags = frame.begin?.lags;
  const lag = (feed === null ? undefined : lags?.get(feedTag(sourceId, feed.id))) ?? lags?.get(sourceTag(sourceId));
  return lag === undefined ? frame.beginPoint : turned(frame, lag);
}

function earliest<Row>(readers: readonly Reader<Row>[], direction: Direction): Reader<Row> | null {
  let best: Reader<Row> | null = null;
  for (const reader of readers) {
    const item = reader.peek();
    const bestItem = best?.peek() ?? null;
    if (item === null) continue;
    if (bestItem === null || compareKeys(item.order, bestItem.order, direction) < 0) best = reader;
  }
  return best;
}

function couldPrecede<Row>(reader: Reader<Row>, best: Reader<Row> | null, direction: Direction): boolean {
  const status = reader.status();
  if (status !== 'hungry' && status !== 'stalled') return false;
  const bound = reader.bound();
  const item = best?.peek() ?? null;
  return item === null || bound === undefined || compareMoments(bound, item.order.moment, direction) <= 0;
}

function reportOf<Row>(
  { source, readers, error }: OpenSource<Row>,
  page: { readonly items: readonly MergedItem<Row>[]; readonly stalled: readonly Reader<Row>[] },
): SourceReport {
  const { sourceId } = source;
  if (error !== null) {
    const nothing = { scanned: 0, advanced: false, outOfBudget: false, tiesUnstable: false, missesRows: false };
    return { ...nothing, errors: [error], failed: true, owes: true };
  }
  const reports = readers.map((reader) => reader.report());
  const hasRows = page.items.some((item) => item.sourceId === sourceId);
  return {
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

function totalOf<Row>({ readers }: OpenSource<Row>): number | null {
  return readers.reduce<number | null>((sum, reader) => {
    const { total, error } = reader.report();
    return sum === null || total === null || error !== null ? null : sum + total;
  }, 0);
}
