import { type Boundary, compareBoundaries, laterBoundary } from './boundary.ts';
import type { FeedItem, FeedStart, Position } from './feed.ts';
import { compareMoments, type Moment } from './order.ts';
import type { ReaderOptions } from './reader-options.ts';

/** Where a reader stands in its feed, and so where its next read begins. */
export interface Foothold {
  /** No row to come has an earlier moment; undefined at the head of a list that nothing is known of. */
  since(): Moment | undefined;
  /** Where the last row strictly before was seen. */
  behind(): Position | null;
  /** In the midst of a group too large for order: where its last row was seen; else null. */
  insideFrom(): Position | null;
  nextStart(): FeedStart;
  /** Up to where everything is delivered when the reader stops here. */
  progress(): Boundary;
  /** Whether it has left where it began, as far as a cursor can say. */
  hasMoved(): boolean;
  /** Notes a read: what was only known of its surroundings is used up. */
  wasRead(): void;
  pass(item: Pick<FeedItem<unknown>, 'position'>): void;
  /** A group of this moment begins, and is not finished. */
  reach(moment: Moment): void;
  enter(position: Position | null): void;
  leave(): void;
}

export function createFoothold<Row>(
  options: Pick<ReaderOptions<Row>, 'direction' | 'start' | 'range' | 'hint' | 'nearEnd'>,
): Foothold {
  const { direction, start, range, hint } = options;
  let since: Moment | undefined = firstMoment();
  let behind: Position | null = hint.behind;
  let near: Position | null = hint.ahead;
  let { nearEnd } = options;
  let insideFrom: Position | null = start.at === 'inside' ? start.position : null;

  function firstMoment(): Moment | undefined {
    if (!('moment' in start)) return range.first;
    if (range.first === undefined) return start.moment;
    return compareMoments(start.moment, range.first, direction) >= 0 ? start.moment : range.first;
  }

  function progress(): Boundary {
    if (insideFrom !== null && since !== undefined) return { at: 'inside', moment: since, position: insideFrom };
    if (since === undefined) return start;
    return laterBoundary(start, { at: 'before', moment: since }, direction);
  }

  return {
    since: () => since,
    behind: () => behind,
    insideFrom: () => insideFrom,
    nextStart() {
      if (insideFrom !== null) return { kind: 'beyond', position: insideFrom };
      if (since === undefined) return { kind: 'head' };
      return { kind: 'moment', moment: since, behind, near, nearEnd };
    },
    progress,
    hasMoved() {
      const isFurtherInside = insideFrom !== null && !(start.at === 'inside' && start.position === insideFrom);
      return isFurtherInside || compareBoundaries(progress(), start, direction) > 0;
    },
    wasRead() {
      near = null;
      nearEnd = false;
    },
    pass(item) {
      behind = item.position;
    },
    reach(moment) {
      since = moment;
    },
    enter(position) {
      insideFrom = position;
    },
    leave() {
      insideFrom = null;
    },
  };
}
