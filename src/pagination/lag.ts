import { type Boundary, compareBoundaries, laterBoundary } from './boundary.ts';
import { compareMoments } from './order.ts';
import type { Reader } from './reader.ts';
import type { WalkFrame } from './walk-frame.ts';

/** Where a walk is with all its feeds together, and what it has given of one of them. */
export interface SharedPlace {
  readonly boundary: Boundary;
  /** The last row given in order, which is not `boundary` while a feed catches up. */
  readonly latest: Boundary;
  /** The last row given of a group of this feed that is too large for order. */
  readonly inside: Extract<Boundary, { at: 'inside' }> | undefined;
  /** Whether a row of this feed was given. */
  readonly hasGiven: boolean;
}

/** Where a reader is that is not at the shared boundary; null for one that is. */
export function lagOf<Row>(frame: WalkFrame, reader: Reader<Row>, place: SharedPlace): Boundary | null {
  const { direction, beginBoundary } = frame;
  const { boundary, latest, inside, hasGiven } = place;
  const status = reader.status();
  const isStopped = status === 'failed' || status === 'stalled';
  const progress = isStopped ? reader.progress() : null;
  if (progress?.at === 'inside') return progress;
  if (inside !== undefined) {
    // Who comes from the boundary gets no row of an earlier moment again.
    const isPast = 'moment' in boundary && compareMoments(boundary.moment, inside.moment, direction) > 0;
    if (reader.isInside() || !isPast) return inside;
  }
  // A feed that was behind stays where it is when the walk turns back, until the walk is there too.
  const isAhead = reader.start.at !== 'inside' && compareBoundaries(reader.start, boundary, direction) > 0;
  if (isAhead) return reader.start;
  const ifBehind = (own: Boundary) => (compareBoundaries(own, boundary, direction) < 0 ? own : null);
  if (inside === undefined && reader.isInside()) return ifBehind(beforeGroup(frame, reader));
  if ((status === 'ended' && !hasGiven) || (reader.start === beginBoundary && !isStopped)) return null;
  // A group too large for order was not given in order: a row of it says nothing about the others.
  const done: Boundary = inside === undefined ? reader.start : { at: 'after', moment: inside.moment };
  return ifBehind(progress ?? laterBoundary(done, latest, direction));
}

/** Of a group too large for order no row was given yet, but perhaps rows of other feeds that come after some of its own. */
function beforeGroup<Row>({ direction }: WalkFrame, reader: Reader<Row>): Boundary {
  const item = reader.peek();
  if (item === null) return reader.progress();
  return laterBoundary(reader.start, { at: 'before', moment: item.order.moment }, direction);
}
