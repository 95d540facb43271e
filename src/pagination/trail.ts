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

  return {
    skip(rows, last) {
      skippedTo = last;
      skippedDepth += rows;
    },
    skippedRows: () => skippedDepth,
    pass(group) {
      groups.push({ ...group, depth: (groups.at(-1)?.depth ?? skippedDepth) + group.size });
    },
    isEmpty: () => groups.length === 0,
    hintFor(boundary) {
      if (!('moment' in boundary)) return noHint;
      const isPast = ({ moment }: { readonly moment: Moment }) =>
        compareMoments(moment, boundary.moment, direction) > 0;
      const passed = groups.findLast((group) => compareMoments(group.moment, boundary.moment, direction) < 0);
      const following = groups.find(isPast);
      const next = unfinished();
      const ahead = following?.first ?? (next !== undefined && isPast(next) ? next.position : null);
      return { behind: passed?.last ?? skippedTo, ahead };
    },
    depthOf(boundary) {
      if (!('moment' in boundary)) return 0;
      return (
        groups.findLast((group) => compareMoments(group.moment, boundary.moment, direction) <= 0)?.depth ?? skippedDepth
      );
    },
  };
}
