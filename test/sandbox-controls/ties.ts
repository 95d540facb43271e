import { type Random, shuffled } from '../../src/sandbox/random.ts';

/** Puts a newcomer into a list that is sorted newest first: before those of its own instant. */
export function insertNewestFirst<T>(items: T[], item: T, timeOf: (item: T) => number): void {
  const older = items.findIndex((other) => timeOf(other) <= timeOf(item));
  items.splice(older === -1 ? items.length : older, 0, item);
}

/** Rearranges only among neighbours of the same time, as a database without a tie-breaker may. */
export function shuffleTies<T>(items: T[], timeOf: (item: T) => unknown, random: Random): void {
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
  items.splice(0, items.length, ...result, ...shuffled(group, random));
}
