import type { Position } from './feed.ts';
import { compareKeys, compareMoments, type Direction, type Moment, type OrderKey } from './order.ts';

/**
 * A place between the rows of a list, as seen by somebody who walks it: everything up to it is done.
 * - `head`: nothing is done.
 * - `before`, `after`: the rows of that moment are still to come, or are done.
 * - `row`: all rows up to and with this one are done.
 * - `inside`: in a group of ties too large to be put in order; done up to the row at this position.
 */
export type Point =
  | { readonly at: 'head' }
  | { readonly at: 'before' | 'after'; readonly moment: Moment }
  | { readonly at: 'row'; readonly moment: Moment; readonly sourceId: string; readonly key: string }
  | { readonly at: 'inside'; readonly moment: Moment; readonly position: Position };

export const head: Point = { at: 'head' };

/** The same place for somebody who walks the other way; there is no other name for the head. */
export function turnPoint(point: Point): Point {
  if (point.at === 'before') return { ...point, at: 'after' };
  if (point.at === 'after') return { ...point, at: 'before' };
  return point;
}

export function isBeyond(row: OrderKey, point: Point, direction: Direction): boolean {
  switch (point.at) {
    case 'head':
      return true;
    case 'row':
      return compareKeys(row, point, direction) > 0;
    case 'after':
      return compareMoments(row.moment, point.moment, direction) > 0;
    case 'before':
    case 'inside':
      return compareMoments(row.moment, point.moment, direction) >= 0;
  }
}

export function laterPoint(left: Point, right: Point, direction: Direction): Point {
  return comparePoints(left, right, direction) >= 0 ? left : right;
}

export function comparePoints(left: Point, right: Point, direction: Direction): number {
  if (left.at === 'head' || right.at === 'head') return Number(left.at !== 'head') - Number(right.at !== 'head');
  if (left.at === 'row' && right.at === 'row') return compareKeys(left, right, direction);
  return compareMoments(left.moment, right.moment, direction) || rank(left) - rank(right);
}

function rank(point: Point): number {
  switch (point.at) {
    case 'head':
    case 'before':
      return 0;
    case 'inside':
      return 1;
    case 'row':
      return 2;
    case 'after':
      return 3;
  }
}
