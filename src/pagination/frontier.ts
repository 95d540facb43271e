import { type Boundary, compareBoundaries, head, laterBoundary, turnBoundary } from './boundary.ts';
import { type Cursor, feedTag, type OfferedHint, type Outlook, sourceTag } from './cursor.ts';
import { fewReads } from './feed.ts';
import type { ReadyItem } from './intake.ts';
import { compareMoments, type Direction, type Moment } from './order.ts';
import type { Reader } from './reader.ts';
import type { Hint } from './trail.ts';

/** A cursor that is not yet written: hints are chosen when it is. */
export interface CursorDraft {
  readonly cursor: Omit<Cursor, 'hints' | 'horizon'>;
  readonly hints: readonly OfferedHint[];
  /** Null where it is not known, or not worth knowing because all feeds may as well be asked. */
  readonly outlook: Outlook | null;
}

/**
 * How far a walk has come, in all feeds together and in those that are elsewhere: what a cursor must tell. One place would do if
 * no feed ever failed. But a feed that fails while the others go on must be read from its own place when it is back; one that
 * was behind when the walk turned round must not give rows twice; and one in the midst of a group too large for order is at no
 * place of the shared order at all.
 */
export interface Frontier<Row> {
  /** Notes that the reader's item was given. */
  pass(reader: Reader<Row>, item: ReadyItem<Row>): void;
  /** Notes that everything up to here was looked at, though not every row was given. */
  moveTo(boundary: Boundary): void;
  hasMoved(): boolean;
  /** Whether it is beyond where this walk began, which may be in the midst of the list. */
  hasLeftBegin(): boolean;
  /** The cursor for this place, now or later: the walk may go on before it is asked for. */
  here(): () => CursorDraft;
  /** As `here`, when the walk goes no further: what it has seen of the rows that come next is then part of the cursor. */
  end(): () => CursorDraft;
}

/** The side of a walk that stays the same: which list, which way, from where. */
export interface WalkFrame {
  readonly direction: Direction;
  readonly isForward: boolean;
  readonly begin: Cursor | null;
  readonly beginBoundary: Boundary;
  /** Whether the walk ends at another cursor, so that what is beyond stays unknown. */
  readonly isBounded: boolean;
  /** Rows that may be read in vain for one page of one source. */
  readonly scanRows: number;
}

/** So many feeds are read anew for each page without a thought. */
const fewFeeds = 16;

function originOf({ begin, isForward }: WalkFrame): Cursor['origin'] {
  return begin?.origin ?? (isForward ? 'head' : 'tail');
}

/** Whether the walk leads to the end of the list that its cursors count from. */
export function leadsToOrigin(frame: WalkFrame): boolean {
  return frame.begin !== null && originOf(frame) === (frame.isForward ? 'tail' : 'head');
}

/** Cursors speak of the list's own direction, whichever way it is walked. */
export function turned(frame: Pick<WalkFrame, 'isForward'>, boundary: Boundary): Boundary {
  return frame.isForward ? boundary : turnBoundary(boundary);
}

export function turnedHint(frame: WalkFrame, { behind, ahead }: Hint): Hint {
  return frame.isForward ? { behind, ahead } : { behind: ahead, ahead: behind };
}

function tagOf<Row>(reader: Reader<Row>): string {
  return feedTag(reader.feed.sourceId, reader.feed.id);
}

export function createFrontier<Row>(
  frame: WalkFrame,
  readers: readonly Reader<Row>[],
  /** Sources whose feeds could not be told, and the place each keeps. */
  lostSources: ReadonlyMap<string, Boundary>,
): Frontier<Row> {
  const { direction, begin, beginBoundary } = frame;
  const tags = new Map(readers.map((reader) => [reader, tagOf(reader)]));
  const insides = new Map(readers.flatMap((reader) => (reader.start.at === 'inside' ? [[reader, reader.start]] : [])));
  let boundary = beginBoundary;
  /** The last row given in order, which is not `boundary` while a feed catches up. */
  let latest: Boundary = head;
  /** Whether the last row given is `latest`, and not one of a group too large for order. */
  let isLatestOwn = false;
  let passed = 0;
  const given = new Set<Reader<Row>>();

  /** Where a reader is that is not at `boundary`; null for one that is. */
  function lagOf(reader: Reader<Row>): Boundary | null {
    const status = reader.status();
    const isStopped = status === 'failed' || status === 'stalled';
    const progress = isStopped ? reader.progress() : null;
    if (progress?.at === 'inside') return progress;
    const inside = insides.get(reader);
    if (inside !== undefined && (reader.isInside() || !isPast(inside.moment))) return inside;
    if (isAhead(reader.start)) return reader.start;
    if (inside === undefined && reader.isInside()) return ifBehind(beforeGroup(reader));
    if ((status === 'ended' && !given.has(reader)) || (reader.start === beginBoundary && !isStopped)) return null;
    // A group too large for order was not given in order: a row of it says nothing about the others.
    const done: Boundary = inside === undefined ? reader.start : { at: 'after', moment: inside.moment };
    return ifBehind(progress ?? laterBoundary(done, latest, direction));
  }

  function ifBehind(place: Boundary): Boundary | null {
    return compareBoundaries(place, boundary, direction) < 0 ? place : null;
  }

  /** Of a group too large for order no row was given yet, but perhaps rows of other feeds that come after some of its own. */
  function beforeGroup(reader: Reader<Row>): Boundary {
    const item = reader.peek();
    if (item === null) return reader.progress();
    return laterBoundary(reader.start, { at: 'before', moment: item.order.moment }, direction);
  }

  /** Whether who comes from `boundary` gets no row of this moment again. */
  function isPast(moment: Moment): boolean {
    return 'moment' in boundary && compareMoments(boundary.moment, moment, direction) > 0;
  }

  /** A feed that was behind stays where it is when the walk turns back, until the walk is there too. */
  function isAhead(start: Boundary): boolean {
    return start.at !== 'inside' && compareBoundaries(start, boundary, direction) > 0;
  }

  function lagsNow(): ReadonlyMap<string, Boundary> {
    const lags = new Map<string, Boundary>();
    for (const [sourceId, place] of lostSources) {
      if (compareBoundaries(place, boundary, direction) !== 0)
        lags.set(sourceTag(sourceId), turned(frame, seen(place)));
    }
    for (const [reader, tag] of tags) {
      const lag = lagOf(reader);
      if (lag !== null) lags.set(tag, turned(frame, seen(lag)));
    }
    if (lostSources.size === 0) return lags;
    // A lost source's feeds cannot be told from feeds that are gone, so every unknown feed keeps its place. A source whose
    // feeds are listed again is known by them: its own entry from when it was lost is used up.
    const sourceIds = new Set([...lostSources.keys(), ...readers.map(({ feed }) => feed.sourceId)]);
    const known = new Set([...tags.values(), ...[...sourceIds].map(sourceTag)]);
    for (const [tag, place] of begin?.lags ?? []) {
      if (!known.has(tag)) lags.set(tag, turned(frame, seen(turned(frame, place))));
    }
    return lags;
  }

  /** A row whose cursor this is not: who turns here gets it again. */
  function seen(place: Boundary): Boundary {
    if (place.at !== 'row' || passed === 0) return place;
    return isLatestOwn && compareBoundaries(place, latest, direction) === 0 ? place : { ...place, at: 'after-row' };
  }

  function outlook(lags: ReadonlyMap<string, Boundary>): Outlook | null {
    // Of a source that was lost, and of what is beyond the end of the walk, nothing is known.
    if (readers.length <= fewFeeds || lostSources.size > 0 || frame.isBounded) return null;
    const feeds: { readonly tag: string; readonly moment: Moment }[] = [];
    for (const [reader, tag] of tags) {
      if (lags.has(tag) || reader.status() === 'ended') continue;
      const moment = reader.peek()?.order.moment ?? reader.bound();
      if (moment === undefined) return null;
      feeds.push({ tag, moment });
    }
    feeds.sort((left, right) => compareMoments(left.moment, right.moment, direction));
    // Going down, rows without a moment come last of all; going up, new ones come after whatever is known.
    return { walk: frame.isForward ? 'forward' : 'backward', feeds, end: direction === 'desc' ? null : undefined };
  }

  function draft(place: Boundary, lags: ReadonlyMap<string, Boundary>, ahead: Outlook | null): CursorDraft {
    const cursor = { boundary: turned(frame, place), lags, origin: originOf(frame) };
    return { cursor, hints: hintsAt(place, lags), outlook: ahead };
  }

  /** Whether every list is still near its beginning, so that no place in it needs a hint. */
  function isShallow(): boolean {
    if (leadsToOrigin(frame)) return false;
    const hinted = readers.filter(({ feed }) => feed.hintAfter < Number.POSITIVE_INFINITY);
    const depths = hinted.map((reader) => reader.depthOfAll());
    return (
      depths.reduce((sum, depth) => sum + depth, 0) <= frame.scanRows / 2 &&
      hinted.every((reader, index) => reader.status() !== 'stalled' && (depths[index] ?? 0) <= reader.feed.hintAfter)
    );
  }

  function hintsAt(place: Boundary, lags: ReadonlyMap<string, Boundary>): OfferedHint[] {
    if (isShallow()) return [];
    const feeds = [...tags].flatMap(([reader, tag]) => {
      if (reader.feed.hintAfter === Number.POSITIVE_INFINITY) return [];
      const lag = lags.get(tag);
      const at = lag === undefined ? place : turned(frame, lag);
      return [{ reader, tag, at, depth: depthOf(reader, tag, at) }];
    });
    // Half of the budget may go into finding places again: with the other half every page gets on. The nearest come first.
    let spare = frame.scanRows / 2;
    if (feeds.reduce((sum, { depth }) => sum + depth, 0) > spare) feeds.sort((left, right) => left.depth - right.depth);
    return feeds.flatMap(({ reader, tag, at, depth }) => {
      spare -= depth;
      const isFar = reader.status() === 'stalled' || depth > fewReads * reader.feed.maxRows;
      const needed = isFar || spare < 0;
      if (!needed && depth <= reader.feed.hintAfter) return [];
      const hint = hintOf(reader, at);
      return hint === null ? [] : [{ tag, hint, depth, needed }];
    });
  }

  function hintOf(reader: Reader<Row>, at: Boundary): Hint | null {
    const { behind, ahead } = reader.hintFor(at);
    if (behind === null && ahead === null) return null;
    // One side is enough for offsets, and whoever walks this way mostly goes on this way.
    const isAheadNeeded = reader.feed.twoSided || behind === null;
    return turnedHint(frame, { behind, ahead: isAheadNeeded ? ahead : null });
  }

  /** On the way back to the origin a feed without a hint is near it, and gets only nearer. */
  function depthOf(reader: Reader<Row>, tag: string, at: Boundary): number {
    if (!leadsToOrigin(frame)) return reader.depthOf(at);
    return begin?.hints.has(tag) ? Number.POSITIVE_INFINITY : 0;
  }

  return {
    pass(reader, item) {
      passed += 1;
      given.add(reader);
      isLatestOwn = item.insidePosition === null;
      if (item.insidePosition !== null) {
        insides.set(reader, { at: 'inside', moment: item.order.moment, position: item.insidePosition });
        return;
      }
      insides.delete(reader);
      const { moment, sourceId, key } = item.order;
      latest = { at: 'row', moment, sourceId, key };
      boundary = laterBoundary(boundary, latest, direction);
    },
    moveTo(place) {
      // Rows of that moment itself may be waiting in other feeds.
      const shared: Boundary = 'moment' in place ? { at: 'before', moment: place.moment } : place;
      boundary = laterBoundary(boundary, shared, direction);
    },
    hasMoved: () => passed > 0 || begin !== null || boundary.at !== 'head',
    hasLeftBegin: () => compareBoundaries(boundary, beginBoundary, direction) !== 0,
    here() {
      const place = seen(boundary);
      const lags = lagsNow();
      return () => draft(place, lags, null);
    },
    end() {
      const place = seen(boundary);
      const lags = lagsNow();
      const ahead = outlook(lags);
      return () => draft(place, lags, ahead);
    },
  };
}
