import type { Position } from './feed.ts';
import { compareKeys, compareMoments, type Direction, type Moment, type OrderKey } from './order.ts';

/**
 * A place between the rows of a list, as seen by somebody who walks it: everything up to it is done.
 * - `head`, `end`: nothing is done, or all.
 * - `before`, `after`: the rows of that moment are still to come, or are done.
 * - `before-row`, `after-row`: all rows up to this one are done, without it or with it.
 * - `row`: on the row whose cursor this is. Who comes from there never gets it again, whichever way they go.
 * - `inside`: in a group of ties too large to be put in order; done up to the row at this position.
 */
export type Boundary =
  | { readonly at: 'head' | 'end' }
  | { readonly at: 'before' | 'after'; readonly moment: Moment }
  | {
      readonly at: 'before-row' | 'row' | 'after-row';
      readonly moment: Moment;
      readonly sourceId: string;
      readonly key: string;
    }
  | { readonly at: 'inside'; readonly moment: Moment; readonly position: Position };

export const head: Boundary = { at: 'head' };

/** The same place for somebody who walks the other way. */
export function turnBoundary(boundary: Boundary): Boundary {
  switch (boundary.at) {
    case 'head':
      return { at: 'end' };
    case 'end':
      return head;
    case 'before':
      return { ...boundary, at: 'after' };
    case 'after':
      return { ...boundary, at: 'before' };
    case 'before-row':
      return { ...boundary, at: 'after-row' };
    case 'after-row':
      return { ...boundary, at: 'before-row' };
    case 'row':
    case 'inside':
      return boundary;
  }
}

export function isBeyond(row: OrderKey, boundary: Boundary, direction: Direction): boolean {
  switch (boundary.at) {
    case 'head':
      return true;
    case 'end':
      return false;
    case 'before-row':
      return compareKeys(row, boundary, direction) >= 0;
    case 'row':
    case 'after-row':
      return compareKeys(row, boundary, direction) > 0;
    case 'after':
      return compareMoments(row.moment, boundary.moment, direction) > 0;
    case 'before':
    case 'inside':
      return compareMoments(row.moment, boundary.moment, direction) >= 0;
  }
}

export function laterBoundary(left: Boundary, right: Boundary, direction: Direction): Boundary {
  return compareBoundaries(left, right, direction) >= 0 ? left : right;
}

export function compareBoundaries(left: Boundary, right: Boundary, direction: Direction): number {
  if (!('moment' in left && 'moment' in right)) return side(left) - side(right);
  const order =
    'key' in left && 'key' in right
      ? compareKeys(left, right, direction)
      : compareMoments(left.moment, right.moment, direction);
  return order || rank(left) - rank(right);
}

function side(boundary: Boundary): number {
  return boundary.at === 'head' ? -1 : boundary.at === 'end' ? 1 : 0;
}

function rank(boundary: Boundary): number {
  switch (boundary.at) {
    case 'head':
    case 'before':
      return 0;
    case 'inside':
      return 1;
    case 'before-row':
      return 2;
    case 'row':
    case 'after-row':
      return 3;
    case 'after':
    case 'end':
      return 4;
  }
}
