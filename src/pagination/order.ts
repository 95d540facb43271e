/** The total order of every merged list: instant, then source, then key. Descending is its exact reverse. */

export type Direction = 'asc' | 'desc';

/** Integer microseconds; null when the platform does not tell, which counts as before all others. */
export type Moment = number | null;

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
  const ascending =
    (left ?? Number.NEGATIVE_INFINITY) < (right ?? Number.NEGATIVE_INFINITY) ? -1 : left === right ? 0 : 1;
  return direction === 'asc' ? ascending : -ascending;
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
