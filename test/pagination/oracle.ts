import type { Row, SimulatedFeed } from './world.ts';

/**
 * The order that every list must have, told a second time: by moment, unknown ones first, then by source, then by key, letter
 * by letter; descending is its exact reverse. The engine is judged by it, so nothing of the engine may be imported here.
 */
export function compareRows(left: Row, right: Row, direction: 'asc' | 'desc'): number {
  const ascending =
    compareTimes(left, right) || compareText(left.sourceId, right.sourceId) || compareText(left.key, right.key);
  return direction === 'asc' ? ascending : -ascending;
}

export function compareTimes(left: Pick<Row, 'moment'>, right: Pick<Row, 'moment'>): number {
  if (left.moment === right.moment) return 0;
  if (left.moment === null) return -1;
  if (right.moment === null) return 1;
  return left.moment < right.moment ? -1 : 1;
}

/** By code unit, never by what a language thinks of its letters. */
function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** What a whole walk must give: every row of every feed, in the one order. */
export function allRows(feeds: readonly SimulatedFeed[], direction: 'asc' | 'desc'): Row[] {
  return feeds.flatMap((feed) => [...feed.rows.values()]).sort((left, right) => compareRows(left, right, direction));
}
