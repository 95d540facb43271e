import { type Cursor, feedTag, type OfferedHint, sourceTag } from './cursor.ts';
import type { Direction } from './order.ts';
import { comparePoints, head, laterPoint, type Point, turnPoint } from './point.ts';
import type { Hint, Reader, ReadyItem } from './reader.ts';

/** A cursor that is not yet written: hints are chosen when it is. */
export interface CursorDraft {
  readonly cursor: Omit<Cursor, 'hints'>;
  readonly hints: readonly OfferedHint[];
}

/** How far a walk has come, in all feeds together and in those that are behind: what a cursor must tell. */
export interface Frontier<Row> {
  /** Notes that the reader's item was given. */
  pass(reader: Reader<Row>, item: ReadyItem<Row>): void;
  /** Notes that everything up to here was looked at, though not every row was given. */
  moveTo(point: Point): void;
  hasMoved(): boolean;
  /** The cursor for this place, now or later: the walk may go on before it is asked for. */
  here(): () => CursorDraft;
}

/** The side of a walk that stays the same: which list, which way, from where. */
export interface WalkFrame {
  readonly direction: Direction;
  readonly isForward: boolean;
  readonly begin: Cursor | null;
  readonly beginPoint: Point;
}

export function originOf({ begin, isForward }: WalkFrame): Cursor['origin'] {
  return begin?.origin ?? (isForward ? 'head' : 'tail');
}

/** Whether the walk leads to the end of the list that its cursors count from. */
export function leadsToOrigin(frame: WalkFrame): boolean {
  return frame.begin !== null && originOf(frame) === (frame.isForward ? 'tail' : 'head');
}

/** Cursors speak of the list's own direction, whichever way it is walked. */
export function turned(frame: Pick<WalkFrame, 'isForward'>, point: Point): Point {
  return frame.isForward ? point : turnPoint(point);
}

export function turnedHint(frame: WalkFrame, { behind, ahead }: Hint): Hint {
  return frame.isForward ? { behind, ahead } : { behind: ahead, ahead: behind };
}

export function tagOf<Row>(reader: Reader<Row>): string {
  return feedTag(reader.feed.sourceId, reader.feed.id);
}

export function createFrontier<Row>(
  frame: WalkFrame,
  readers: readonly Reader<Row>[],
  /** Sources whose feeds could not be told, and the place each keeps. */
  lostSources: ReadonlyMap<string, Point>,
): Frontier<Row> {
  const { direction, begin, beginPoint } = frame;
  const tags = new Map(readers.map((reader) => [reader, tagOf(reader)]));
  const insides = new Map(readers.flatMap((reader) => (reader.start.at === 'inside' ? [[reader, reader.start]] : [])));
  let point = beginPoint;
  /** The last row given, which is not `point` while a feed catches up. */
  let latest: Point = head;
  let passed = 0;

  /** Where a reader is that is not as far as `point`; null for one that is. */
  function lagOf(reader: Reader<Row>): Point | null {
    const inside = insides.get(reader);
    const status = reader.status();
    const isStopped = status === 'failed' || status === 'stalled';
    if (inside !== undefined && !isStopped) return inside;
    if (isStopped) return behindPoint(inside ?? reader.progress());
    return reader.start === beginPoint ? null : behindPoint(laterPoint(reader.start, latest, direction));
  }

  function behindPoint(place: Point): Point | null {
    return comparePoints(place, point, direction) < 0 ? place : null;
  }

  function lagsNow(): ReadonlyMap<string, Point> {
    const lags = new Map<string, Point>();
    for (const [sourceId, place] of lostSources) {
      if (behindPoint(place) !== null) lags.set(sourceTag(sourceId), turned(frame, place));
    }
    for (const [reader, tag] of tags) {
      const lag = lagOf(reader);
      if (lag !== null) lags.set(tag, turned(frame, lag));
    }
    if (lostSources.size === 0) return lags;
    // A lost source's feeds cannot be told from feeds that are gone, so every unknown feed keeps its place.
    const known = new Set([...tags.values(), ...[...lostSources.keys()].map(sourceTag)]);
    for (const [tag, place] of begin?.lags ?? []) if (!known.has(tag)) lags.set(tag, place);
    return lags;
  }

  function draft(place: Point, lags: ReadonlyMap<string, Point>): CursorDraft {
    const hints = readers.flatMap((reader): OfferedHint[] => {
      const tag = tags.get(reader) ?? '';
      const lag = lags.get(tag);
      const at = lag === undefined ? place : turned(frame, lag);
      const depth = depthOf(reader, tag, at);
      if (depth <= reader.feed.hintAfter) return [];
      const { behind, ahead } = turnedHint(frame, reader.hintFor(at));
      if (behind === null && ahead === null) return [];
      const isAheadNeeded = reader.feed.twoSided || behind === null;
      return [{ tag, hint: { behind, ahead: isAheadNeeded ? ahead : null }, depth }];
    });
    return { cursor: { point: turned(frame, place), lags, origin: originOf(frame) }, hints };
  }

  /** On the way back to the origin a feed without a hint is near it, and gets only nearer. */
  function depthOf(reader: Reader<Row>, tag: string, at: Point): number {
    if (!leadsToOrigin(frame)) return reader.depthOf(at);
    return begin?.hints.has(tag) ? Number.POSITIVE_INFINITY : 0;
  }

  return {
    pass(reader, item) {
      passed += 1;
      if (item.insidePosition !== null) {
        insides.set(reader, { at: 'inside', moment: item.order.moment, position: item.insidePosition });
        return;
      }
      insides.delete(reader);
      latest = { at: 'row', ...item.order };
      point = laterPoint(point, latest, direction);
    },
    moveTo(place) {
      point = laterPoint(point, place, direction);
    },
    hasMoved: () => passed > 0 || begin !== null || point.at !== 'head',
    here() {
      const place = point;
      const lags = lagsNow();
      return () => draft(place, lags);
    },
  };
}
