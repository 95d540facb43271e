import { type Boundary, compareBoundaries, head, laterBoundary } from './boundary.ts';
import { type Cursor, feedTag, type OfferedHint, type Outlook, sourceTag } from './cursor.ts';
import type { ReadyItem } from './intake.ts';
import { lagOf } from './lag.ts';
import { offeredHints } from './offered-hints.ts';
import { compareMoments, type Moment } from './order.ts';
import type { Reader } from './reader.ts';
import { originOf, turned, type WalkFrame } from './walk-frame.ts';

/** A cursor that is not yet written: hints are chosen when it is. */
export interface CursorDraft {
  readonly cursor: Omit<Cursor, 'hints' | 'horizon'>;
  readonly hints: readonly OfferedHint[];
  /** Null where it is not known, or not worth knowing because all feeds may as well be asked. */
  readonly outlook: Outlook | null;
}

/**
 * How far a walk has come, in all feeds together and in those that are elsewhere: what a cursor must say. One place would do if
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

/** So many feeds are read anew for each page without a thought. */
const fewFeeds = 16;

export function createFrontier<Row>(
  frame: WalkFrame,
  readers: readonly Reader<Row>[],
  /** Sources whose feeds could not be listed, and the place each keeps. */
  lostSources: ReadonlyMap<string, Boundary>,
): Frontier<Row> {
  const { direction, begin, beginBoundary } = frame;
  const tags = new Map(readers.map((reader) => [reader, feedTag(reader.feed.sourceId, reader.feed.id)]));
  const insides = new Map(readers.flatMap((reader) => (reader.start.at === 'inside' ? [[reader, reader.start]] : [])));
  let boundary = beginBoundary;
  /** The last row given in order, which is not `boundary` while a feed catches up. */
  let latest: Boundary = head;
  /** Whether the last row given is `latest`, and not one of a group too large for order. */
  let isLatestOwn = false;
  let passed = 0;
  const given = new Set<Reader<Row>>();

  function lagsNow(): ReadonlyMap<string, Boundary> {
    const lags = new Map<string, Boundary>();
    for (const [sourceId, place] of lostSources) {
      if (compareBoundaries(place, boundary, direction) !== 0)
        lags.set(sourceTag(sourceId), turned(frame, seen(place)));
    }
    for (const [reader, tag] of tags) {
      const shared = { boundary, latest, inside: insides.get(reader), hasGiven: given.has(reader) };
      const lag = lagOf(frame, reader, shared);
      if (lag !== null) lags.set(tag, turned(frame, seen(lag)));
    }
    if (lostSources.size === 0) return lags;
    // A lost source's feeds look like feeds that are gone, so every unknown feed keeps its place. A source whose
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

  function draft(place: Boundary, lags: ReadonlyMap<string, Boundary>, ahead: Outlook | null): CursorDraft {
    const cursor = { boundary: turned(frame, place), lags, origin: originOf(frame) };
    return { cursor, hints: offeredHints(frame, tags, place, lags), outlook: ahead };
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
      // Nothing is known of a source that was lost.
      const ahead = lostSources.size > 0 ? null : outlookOf(frame, tags, lags);
      return () => draft(place, lags, ahead);
    },
  };
}

/** What is known of the rows that come next. Null where that is not worth its room, or nothing is known of some feed. */
function outlookOf<Row>(
  frame: WalkFrame,
  tags: ReadonlyMap<Reader<Row>, string>,
  lags: ReadonlyMap<string, Boundary>,
): Outlook | null {
  const { direction, isForward, end } = frame;
  if (tags.size <= fewFeeds || end !== null) return null;
  const feeds: { readonly tag: string; readonly moment: Moment }[] = [];
  for (const [reader, tag] of tags) {
    if (lags.has(tag) || reader.status() === 'ended') continue;
    const moment = reader.peek()?.order.moment ?? reader.bound();
    if (moment === undefined) return null;
    feeds.push({ tag, moment });
  }
  feeds.sort((left, right) => compareMoments(left.moment, right.moment, direction));
  // Going down, rows without a moment come last of all; going up, new ones come after whatever is known.
  return { walk: isForward ? 'forward' : 'backward', feeds, end: direction === 'desc' ? null : undefined };
}
