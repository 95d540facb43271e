import type { FeedItem } from './feed.ts';
import { compareMoments, type Direction } from './order.ts';

export function isOrdered<Row>(items: readonly FeedItem<Row>[], direction: Direction): boolean {
  return items.every((item, index) => {
    const previous = items[index - 1];
    return previous === undefined || compareMoments(previous.moment, item.moment, direction) <= 0;
  });
}

/** In the order that the platform promises and did not keep. */
export function byMoment<Row>(items: readonly FeedItem<Row>[], direction: Direction): readonly FeedItem<Row>[] {
  return items.toSorted((left, right) => compareMoments(left.moment, right.moment, direction));
}

/** The rows of each moment. */
export function toRuns<Row>(items: readonly FeedItem<Row>[]): FeedItem<Row>[][] {
  const runs: FeedItem<Row>[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run?.[0] !== undefined && run[0].moment === item.moment) run.push(item);
    else runs.push([item]);
  }
  return runs;
}
