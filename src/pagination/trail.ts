import type { Boundary } from './boundary.ts';
import type { Position } from './feed.ts';
import { compareMoments, type Direction, type Moment } from './order.ts';

/** Where rows strictly before, and strictly after, a boundary were seen. */
export interface Hint {
  readonly behind: Position | null;
  readonly ahead: Position | null;
}

export const noHint: Hint = { behind: null, ahead: null };

/** A group of equal moments, or as much of one as was seen. */
export interface TrailGroup {
  readonly moment: Moment;
  readonly first: Position;
  readonly last: Position;
  readonly size: number;
}

/** What a reader remembers of its way, so that a cursor can lead back to any boundary of it. */
export interface Trail {
  /** Rows before where the walk begins were passed, the last of them here. */
  skip(rows: number, last: Position | null): void;
  skippedRows(): number;
  pass(group: TrailGroup): void;
  isEmpty(): boolean;
  hintFor(boundary: Boundary): Hint;
  /** Rows between the beginning of the list and the boundary, at the most; infinite when the walk did not begin there. */
  depthOf(boundary: Boundary): number;
  /** The same for where it has come. */
  depthOfAll(): number;
}

export function createTrail(
  direction: Direction,
  start: { readonly behind: Position | null; readonly isAtHead: boolean },
  /** Where the group begins that is not wholly seen yet. */
  unfinished: () => { readonly moment: Moment; readonly position: Position } | undefined,
): Trail {
  const groups: (TrailGroup & { readonly depth: number })[] = [];
  let skippedTo = start.behind;
  let skippedDepth = start.isAtHead ? 0 : Number.POSITIVE_INFINITY;

  function depthOfAll(): number {
    return groups.at(-1)?.depth ?? skippedDepth;
  }

  /** How many groups come before one that is no longer asked for; they are in order, so a few looks are enough. */
  function countUntil(isAskedFor: (order: number) => boolean, moment: Moment): number {
    let low = 0;
    let high = groups.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const group = groups[middle];
      if (group !== undefined && isAskedFor(compareMoments(group.moment, moment, direction))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    skip(rows, last) {
      skippedTo = last;
      skippedDepth += rows;
    },
    skippedRows: () => skippedDepth,
    pass({ moment, first, last, size }) {
      groups.push({ moment, first, last, size, depth: depthOfAll() + size });
    },
    depthOfAll,
    isEmpty: () => groups.length === 0,
    hintFor(boundary) {
      if (!('moment' in boundary)) return noHint;
      const { moment } = boundary;
      const passed = groups[countUntil((order) => order < 0, moment) - 1];
      const following = groups[countUntil((order) => order <= 0, moment)];
      const next = unfinished();
      const isNextPast = next !== undefined && compareMoments(next.moment, moment, direction) > 0;
      return { behind: passed?.last ?? skippedTo, ahead: following?.first ?? (isNextPast ? next.position : null) };
    },
    depthOf(boundary) {
      if (!('moment' in boundary)) return 0;
      return groups[countUntil((order) => order <= 0, boundary.moment) - 1]?.depth ?? skippedDepth;
    },
  };
}
