import { type Boundary, turnBoundary } from './boundary.ts';
import type { Cursor } from './cursor.ts';
import type { Direction } from './order.ts';
import type { Hint } from './trail.ts';

/** The side of a walk that stays the same: which list, which way, from where. */
export interface WalkFrame {
  readonly direction: Direction;
  readonly isForward: boolean;
  readonly begin: Cursor | null;
  readonly beginBoundary: Boundary;
  /** Where the walk ends if not at the end of the list: what is beyond stays unknown. */
  readonly end: Cursor | null;
  /** Rows that may be read in vain for one page of one source. */
  readonly scanRows: number;
}

export function originOf({ begin, isForward }: WalkFrame): Cursor['origin'] {
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
