import { type Cursor, feedTag, sourceTag } from './cursor.ts';
import type { Feed } from './feed.ts';
import { type CursorDraft, createFrontier, leadsToOrigin, turned, turnedHint, type WalkFrame } from './frontier.ts';
import { compareKeys, compareMoments, type Direction, type Moment, reverse } from './order.ts';
import { comparePoints, head, type Point } from './point.ts';
import { createReadQueue } from './read-queue.ts';
import { createReader, type MomentRange, type Reader } from './reader.ts';
import { noHint } from './trail.ts';

/** One source's part of a merged list. */
export interface MergeSource<Row> {
  readonly sourceId: string;
  /** Its feeds, or why they could not be told. */
  readonly feeds: readonly Feed<Row>[] | Error;
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
  /** Whether rows follow in the direction of the walk. */
  readonly more: boolean;
  /** Whether a row was seen on the near side of where the walk began. False only means that none was seen. */
  readonly sawBehind: boolean;
  /** Where the walk ended; null when it has not left the head. */
  readonly end: (() => CursorDraft) | null;
  readonly sources: ReadonlyMap<string, SourceReport>;
}

export interface MergedItem<Row> {
  readonly row: Row;
  readonly sourceId: string;
  readonly cursor: () => CursorDraft;
}

export interface SourceReport {
  readonly scanned: number;
  readonly total: number | null;
  /** Rows the platform counts and does not send. */
  readonly missing: number;
  /** Of the feeds that failed, or of the source as a whole. */
  readonly errors: readonly unknown[];
  /** Whether every feed failed and no row of it is on the page. */
  readonly failed: boolean;
  /** Whether the page has fewer rows than asked for because the scan budget was used up. */
  readonly outOfBudget: boolean;
  readonly tiesUnstable: boolean;
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
  const readers = openReaders(sources, request, frame);
  const lostSources = sources.filter((source) => source.feeds instanceof Error).map(({ sourceId }) => sourceId);
  const frontier = createFrontier(
    frame,
    readers,
    new Map(lostSources.map((sourceId) => [sourceId, startOf(frame, sourceId, null)])),
  );
  const read = createReadQueue(request.concurrentReads);
  const refill = (some: readonly Reader<Row>[], want: number) =>
    Promise.all(some.map((reader) => read(() => reader.refill(want))));

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
  if (stalled.length > 0) {
    const places = stalled.map((reader) => reader.progress());
    frontier.moveTo(places.reduce((least, place) => (comparePoints(place, least, direction) < 0 ? place : least)));
  }
  return {
    items: isForward ? items : items.reverse(),
    more,
    sawBehind: readers.some((reader) => reader.report().sawBehind),
    end: frontier.hasMoved() ? frontier.here() : null,
    sources: new Map(sources.map((source) => [source.sourceId, reportOf(source, readers, { items, stalled })])),
  };
}

function openReaders<Row>(
  sources: readonly MergeSource<Row>[],
  request: MergeRequest,
  frame: WalkFrame,
): readonly Reader<Row>[] {
  const { direction, isForward, begin } = frame;
  const end = isForward ? request.before : request.after;
  const range: MomentRange =
    direction === 'asc'
      ? { first: request.earliest, last: request.latest }
      : { first: request.latest, last: request.earliest };
  return sources.flatMap((source) => {
    if (source.feeds instanceof Error) return [];
    const budget = { limit: request.scanRows, wasted: 0 };
    return source.feeds.map((feed) => {
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
        accepts: source.accepts,
        selective: source.selective,
        budget,
      });
    });
  });
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
  source: MergeSource<Row>,
  readers: readonly Reader<Row>[],
  page: { readonly items: readonly MergedItem<Row>[]; readonly stalled: readonly Reader<Row>[] },
): SourceReport {
  if (source.feeds instanceof Error) {
    const nothing = { scanned: 0, total: null, missing: 0, outOfBudget: false, tiesUnstable: false };
    return { ...nothing, errors: [source.feeds], failed: true };
  }
  const own = readers.filter((reader) => reader.feed.sourceId === source.sourceId);
  const reports = own.map((reader) => reader.report());
  const failed = own.filter((reader) => reader.status() === 'failed');
  return {
    scanned: reports.reduce((sum, report) => sum + report.scanned, 0),
    total: reports.reduce<number | null>((sum, { total }) => (sum === null || total === null ? null : sum + total), 0),
    missing: reports.reduce((sum, report) => sum + report.missing, 0),
    errors: failed.map((reader) => reader.report().error),
    failed:
      own.length > 0 &&
      failed.length === own.length &&
      !page.items.some(({ sourceId }) => sourceId === source.sourceId),
    outOfBudget: page.stalled.some((reader) => own.includes(reader)),
    tiesUnstable: reports.some((report) => report.tiesUnstable),
  };
}
