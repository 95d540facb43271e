import type { Boundary } from './boundary.ts';
import type { OfferedHint } from './cursor.ts';
import { fewReads } from './feed.ts';
import type { Reader } from './reader.ts';
import type { Hint } from './trail.ts';
import { leadsToOrigin, turned, turnedHint, type WalkFrame } from './walk-frame.ts';

/**
 * The hints a cursor for this place is offered: of each feed so deep that its place would be long to find again. `tags` are the
 * readers with the names that cursors have for their feeds, `lags` the feeds that are elsewhere.
 */
export function offeredHints<Row>(
  frame: WalkFrame,
  tags: ReadonlyMap<Reader<Row>, string>,
  place: Boundary,
  lags: ReadonlyMap<string, Boundary>,
): readonly OfferedHint[] {
  if (isShallow(frame, [...tags.keys()])) return [];
  const feeds = [...tags].flatMap(([reader, tag]) => {
    if (reader.feed.hintAfter === Number.POSITIVE_INFINITY) return [];
    const lag = lags.get(tag);
    const at = lag === undefined ? place : turned(frame, lag);
    return [{ reader, tag, at, depth: depthOf(frame, reader, tag, at) }];
  });
  // Half of the budget may go into finding places again: with the other half every page gets on. The nearest come first.
  let spare = frame.scanRows / 2;
  if (feeds.reduce((sum, { depth }) => sum + depth, 0) > spare) feeds.sort((left, right) => left.depth - right.depth);
  return feeds.flatMap(({ reader, tag, at, depth }) => {
    spare -= depth;
    const isFar = reader.status() === 'stalled' || depth > fewReads * reader.feed.maxRows;
    const needed = isFar || spare < 0;
    if (!needed && depth <= reader.feed.hintAfter) return [];
    const hint = hintOf(frame, reader, at);
    return hint === null ? [] : [{ tag, hint, depth, needed }];
  });
}

/** Whether every list is still near its beginning, so that no place in it needs a hint. */
function isShallow<Row>(frame: WalkFrame, readers: readonly Reader<Row>[]): boolean {
  if (leadsToOrigin(frame)) return false;
  const hinted = readers.filter(({ feed }) => feed.hintAfter < Number.POSITIVE_INFINITY);
  const depths = hinted.map((reader) => reader.trail.depthOfAll());
  return (
    depths.reduce((sum, depth) => sum + depth, 0) <= frame.scanRows / 2 &&
    hinted.every((reader, index) => reader.status() !== 'stalled' && (depths[index] ?? 0) <= reader.feed.hintAfter)
  );
}

/** On the way back to the origin a feed without a hint is near it, and gets only nearer. */
function depthOf<Row>(frame: WalkFrame, reader: Reader<Row>, tag: string, at: Boundary): number {
  if (!leadsToOrigin(frame)) return reader.trail.depthOf(at);
  return frame.begin?.hints.has(tag) ? Number.POSITIVE_INFINITY : 0;
}

function hintOf<Row>(frame: WalkFrame, reader: Reader<Row>, at: Boundary): Hint | null {
  const { behind, ahead } = reader.trail.hintFor(at);
  if (behind === null && ahead === null) return null;
  // One side is enough for offsets, and whoever walks this way mostly goes on this way.
  const isAheadNeeded = reader.feed.positions === 'rows' || behind === null;
  return turnedHint(frame, { behind, ahead: isAheadNeeded ? ahead : null });
}
