import { type Random, shuffled } from './random.ts';

/** Where a newcomer belongs in a list that is sorted newest first: before those of its own instant. */
export function newestFirstIndex<T>(items: readonly T[], time: number, timeOf: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && timeOf(item) > time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rearranges only among neighbours of the same time, as a database without a tie-breaker may. */
export function shuffleTies<T>(items: readonly T[], timeOf: (item: T) => unknown, random: Random): readonly T[] {
  const result: T[] = [];
  let group: T[] = [];
  for (const item of items) {
    const first = group[0];
    if (first !== undefined && timeOf(first) !== timeOf(item)) {
      result.push(...shuffled(group, random));
      group = [];
    }
    group.push(item);
  }
  result.push(...shuffled(group, random));
  return result;
}

/** One page of a sorted list with its ties shuffled, at the cost of the page and the tie groups at its ends. */
export function shuffledWindow<T>(
  items: readonly T[],
  offset: number,
  limit: number,
  timeOf: (item: T) => number,
  random: Random,
): readonly T[] {
  if (limit === 0 || offset >= items.length) return [];
  const sameTime = (a: number, b: number): boolean => {
    const [left, right] = [items[a], items[b]];
    return left !== undefined && right !== undefined && timeOf(left) === timeOf(right);
  };
  let start = offset;
  while (start > 0 && sameTime(start, start - 1)) start -= 1;
  let end = Math.min(offset + limit, items.length);
  while (end < items.length && sameTime(end - 1, end)) end += 1;
  return shuffleTies(items.slice(start, end), timeOf, random).slice(offset - start, offset - start + limit);
}
