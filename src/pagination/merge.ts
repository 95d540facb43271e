import { type Cursor, feedTag, type OfferedHint, sourceTag } from './cursor.ts';
import type { Feed } from './feed.ts';
import { compareKeys, compareMoments, type Direction, type Moment, reverse } from './order.ts';
import { comparePoints, head, laterPoint, type Point, turnPoint } from './point.ts';
import { createReader, type Hint, type MomentRange, type Reader, type ReadyItem } from './reader.ts';

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
  readonly end: CursorDraft | null;
  readonly sources: ReadonlyMap<string, SourceReport>;
}

export interface MergedItem<Row> {
  readonly row: Row;
  readonly sourceId: string;
  readonly cursor: () => CursorDraft;
}

/** A cursor that is not yet written: hints are chosen when it is. */
export interface CursorDraft {
  readonly cursor: Omit<Cursor, 'hints'>;
  readonly hints: readonly OfferedHint[];
}

export interface SourceReport {
  readonly scanned: number;
  readonly total: number | null;
  /** Of the feeds that failed, or of the source as a whole. */
  readonly errors: readonly unknown[];
  /** Whether no feed answered at all. */
  readonly failed: boolean;
  readonly outOfBudget: boolean;
  readonly tiesUnstable: boolean;
}

/** Feeds that fell behind the others, as of one place in the walk. */
type Lags = ReadonlyMap<string, Point>;

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
  const end = isForward ? request.before : request.after;
  const turn = (point: Point) => (isForward ? point : turnPoint(point));
  const beginPoint = begin === null ? head : turn(begin.point);
  const origin = begin?.origin ?? (isForward ? 'head' : 'tail');
  const fromNearEnd = origin === (isForward ? 'tail' : 'head');
  const range: MomentRange =
    direction === 'asc'
      ? { first: request.earliest, last: request.latest }
      : { first: request.latest, last: request.earliest };

  const budgets = new Map(sources.map(({ sourceId }) => [sourceId, { limit: request.scanRows, wasted: 0 }]));
  const readers = sources.flatMap((source) =>
    source.feeds instanceof Error ? [] : source.feeds.map((feed) => openReader(source, feed)),
  );
  const tags = new Map(readers.map((reader) => [reader, feedTag(reader.feed.sourceId, reader.feed.id)]));
  const lostSources = new Map(
    sources.flatMap((source) =>
      source.feeds instanceof Error ? [[source.sourceId, startOf(source.sourceId, null)]] : [],
    ),
  );
  const read = createReadQueue(request.concurrentReads);

  function startOf(sourceId: string, feedId: string | null): Point {
    const lags = begin?.lags;
    const lag = (feedId === null ? undefined : lags?.get(feedTag(sourceId, feedId))) ?? lags?.get(sourceTag(sourceId));
    return lag === undefined ? beginPoint : turn(lag);
  }

  function openReader(source: MergeSource<Row>, feed: Feed<Row>): Reader<Row> {
    const known = begin?.hints.get(feedTag(source.sourceId, feed.id));
    const hint: Hint = known === undefined ? { behind: null, ahead: null } : isForward ? known : swap(known);
    const endLag = end?.lags.get(feedTag(source.sourceId, feed.id)) ?? end?.lags.get(sourceTag(source.sourceId));
    return createReader({
      feed,
      direction,
      start: startOf(source.sourceId, feed.id),
      hint,
      nearEnd: begin !== null && known === undefined && fromNearEnd,
      stop: end === null ? null : turn(endLag ?? end.point),
      range,
      accepts: source.accepts,
      selective: source.selective,
      budget: budgets.get(source.sourceId) ?? { limit: request.scanRows, wasted: 0 },
    });
  }

  /** The reader with the next row of all, once no other can hold an earlier one; null at the end. */
  async function next(want: number): Promise<Reader<Row> | null> {
    for (;;) {
      const best = earliest(readers);
      const blocking = readers.filter((reader) => couldPrecede(reader, best));
      if (blocking.length === 0) return best;
      const hungry = blocking.filter((reader) => reader.status() === 'hungry');
      if (hungry.length === 0) return null;
      await Promise.all(hungry.map((reader) => read(() => reader.refill(want))));
    }
  }

  function couldPrecede(reader: Reader<Row>, best: Reader<Row> | null): boolean {
    const status = reader.status();
    if (status !== 'hungry' && status !== 'stalled') return false;
    const bound = reader.bound();
    const item = best?.peek() ?? null;
    return item === null || bound === undefined || compareMoments(bound, item.order.moment, direction) <= 0;
  }

  function earliest(candidates: readonly Reader<Row>[]): Reader<Row> | null {
    let best: Reader<Row> | null = null;
    let bestItem: ReadyItem<Row> | null = null;
    for (const reader of candidates) {
      const item = reader.peek();
      if (item === null) continue;
      if (bestItem !== null && compareKeys(item.order, bestItem.order, direction) >= 0) continue;
      best = reader;
      bestItem = item;
    }
    return best;
  }

  let point = beginPoint;
  /** The last row given, which is not `point` while a feed catches up. */
  let latest: Point = head;
  const insides = new Map<Reader<Row>, Point>();
  for (const reader of readers) if (reader.start.at === 'inside') insides.set(reader, reader.start);

  function lagsNow(): Lags {
    const lags = new Map<string, Point>();
    const note = (tag: string, place: Point) => {
      if (comparePoints(place, point, direction) < 0) lags.set(tag, turn(place));
    };
    for (const [sourceId, place] of lostSources) note(sourceTag(sourceId), place);
    for (const reader of readers) {
      const stopped = reader.status() === 'failed' || reader.status() === 'stalled';
      const inside = insides.get(reader);
      if (stopped) note(tags.get(reader) ?? '', inside ?? reader.progress());
      else if (inside !== undefined) lags.set(tags.get(reader) ?? '', turn(inside));
      else if (reader.start !== beginPoint) note(tags.get(reader) ?? '', laterPoint(reader.start, latest, direction));
    }
    if (lostSources.size > 0) {
      // The tags of a lost source's feeds cannot be told from those of feeds that are gone, so all unknown ones are kept.
      const known = new Set([...tags.values(), ...[...lostSources.keys()].map(sourceTag)]);
      for (const [tag, place] of begin?.lags ?? []) if (!known.has(tag)) lags.set(tag, place);
    }
    return lags;
  }

  function draft(place: Point, lags: Lags): CursorDraft {
    const hints = readers.flatMap((reader): OfferedHint[] => {
      const tag = tags.get(reader) ?? '';
      const lag = lags.get(tag);
      const at = lag === undefined ? place : turn(lag);
      const depth = fromNearEnd ? (begin?.hints.has(tag) ? Number.MAX_SAFE_INTEGER : 0) : reader.depthOf(at);
      if (depth <= reader.feed.hintAfter) return [];
      const found = reader.hintFor(at);
      const hint = isForward ? found : swap(found);
      const kept = reader.feed.twoSided
        ? hint
        : { behind: hint.behind, ahead: hint.behind === null ? hint.ahead : null };
      return kept.behind === null && kept.ahead === null ? [] : [{ tag, hint: kept, depth }];
    });
    return { cursor: { point: turn(place), lags, origin }, hints };
  }

  const items: MergedItem<Row>[] = [];
  let reader: Reader<Row> | null = null;
  while (items.length < request.size) {
    reader = await next(request.size - items.length + 1);
    const item = reader?.peek() ?? null;
    if (reader === null || item === null) break;
    reader.take();
    if (item.insidePosition === null) {
      insides.delete(reader);
      latest = { at: 'row', ...item.order };
      point = laterPoint(point, latest, direction);
    } else {
      insides.set(reader, { at: 'inside', moment: item.order.moment, position: item.insidePosition });
    }
    const place = point;
    const lags = lagsNow();
    items.push({ row: item.row, sourceId: item.order.sourceId, cursor: () => draft(place, lags) });
  }

  const more = await hasMore();
  const stalled = readers.filter((candidate) => candidate.status() === 'stalled');
  if (items.length < request.size && stalled.length > 0) {
    const reached = stalled.map((candidate) => candidate.progress());
    const least = reached.reduce((left, right) => (comparePoints(left, right, direction) <= 0 ? left : right));
    point = laterPoint(point, least, direction);
  }
  const lastPlace = point;
  const moved = items.length > 0 || begin !== null || lastPlace.at !== 'head';

  async function hasMore(): Promise<boolean> {
    for (;;) {
      if (readers.some((candidate) => candidate.hasMore())) return true;
      const open = readers.filter((candidate) => candidate.status() === 'hungry');
      if (readers.some((candidate) => candidate.status() === 'stalled')) return true;
      if (open.length === 0) return false;
      await Promise.all(open.map((candidate) => read(() => candidate.refill(1))));
    }
  }

  return {
    items: isForward ? items : items.reverse(),
    more,
    sawBehind: readers.some((candidate) => candidate.report().sawBehind),
    end: moved ? draft(lastPlace, lagsNow()) : null,
    sources: new Map(sources.map((source) => [source.sourceId, reportOf(source)])),
  };

  function reportOf(source: MergeSource<Row>): SourceReport {
    if (source.feeds instanceof Error) {
      return { scanned: 0, total: null, errors: [source.feeds], failed: true, outOfBudget: false, tiesUnstable: false };
    }
    const own = readers.filter((candidate) => candidate.feed.sourceId === source.sourceId);
    const reports = own.map((candidate) => candidate.report());
    const failed = own.filter((candidate) => candidate.status() === 'failed');
    const totals = reports.map((report) => report.total);
    return {
      scanned: reports.reduce((sum, report) => sum + report.scanned, 0),
      total: totals.reduce<number | null>((sum, total) => (sum === null || total === null ? null : sum + total), 0),
      errors: failed.map((candidate) => candidate.report().error),
      failed: own.length > 0 && failed.length === own.length,
      outOfBudget: own.some((candidate) => candidate.status() === 'stalled'),
      tiesUnstable: reports.some((report) => report.tiesUnstable),
    };
  }
}

function swap({ behind, ahead }: Hint): Hint {
  return { behind: ahead, ahead: behind };
}

/** Runs at most so many reads at a time, first come, first served. */
function createReadQueue(limit: number): (task: () => Promise<void>) => Promise<void> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      await task();
    } finally {
      const following = waiting.shift();
      if (following === undefined) running -= 1;
      else following();
    }
  };
}
