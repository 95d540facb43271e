/** The total order of every merged list: instant, then source, then key. Descending is its exact reverse. */

export type Direction = 'asc' | 'desc';

/**
 * What a list is ordered by: integer microseconds, or a text in lists that are ordered by name. Null when the platform does not
 * report it, which counts as before all others.
 */
export type Moment = number | string | null;

export interface OrderKey {
  readonly moment: Moment;
  readonly sourceId: string;
  readonly key: string;
}

export function reverse(direction: Direction): Direction {
  return direction === 'asc' ? 'desc' : 'asc';
}

/** Negative when `left` comes first in a walk in this direction. */
export function compareMoments(left: Moment, right: Moment, direction: Direction): number {
  const ascending = left === right ? 0 : isBefore(left, right) ? -1 : 1;
  return direction === 'asc' ? ascending : -ascending;
}

/** Only a cursor that somebody made up has the moment of another kind of list; then too the order is total. */
function isBefore(left: Moment, right: Moment): boolean {
  if (left === null || right === null) return left === null;
  return typeof left === typeof right ? left < right : typeof left === 'number';
}

export function compareKeys(left: OrderKey, right: OrderKey, direction: Direction): number {
  const byMoment = compareMoments(left.moment, right.moment, direction);
  if (byMoment !== 0) return byMoment;
  const ascending = compareText(left.sourceId, right.sourceId) || compareText(left.key, right.key);
  return direction === 'asc' ? ascending : -ascending;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
