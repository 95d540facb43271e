import type { Feed, FeedItem, FeedPage, Position } from './feed.ts';
import { compareMoments, type Direction, type Moment } from './order.ts';

/** One look at a group of equal moments, from before its first row to past its last, in as many reads as that takes. */
export interface TieRound<Row> {
  receive(page: FeedPage<Row>): void;
  /** The moment that follows the group, once a row of it was seen. */
  next(): Moment | undefined;
  lastPosition(): Position | null;
  /** Whether no row is missing, if the platform keeps its order. */
  isSeamless(): boolean;
  /** In how many places of the list a row of the group was seen. */
  places(): number;
}

export function createTieRound<Row>(
  feed: Pick<Feed<Row>, 'positions'>,
  direction: Direction,
  moment: Moment,
): TieRound<Row> {
  /** The rows that were shown, with their number in the order of the list. */
  const shown = new Map<string, number>();
  const places = new Set<Position>();
  let pages = 0;
  let next: Moment | undefined;
  let lastPosition: Position | null = null;
  let isSeamless = true;

  function sideOf(item: FeedItem<Row>): number {
    return compareMoments(item.moment, moment, direction);
  }

  /** Whether the page shows again what was shown last, and then only what was not: so no row can stand between. */
  function isJoined(first: FeedItem<Row>, rows: readonly FeedItem<Row>[]): boolean {
    const overlap = rows.filter(({ key }) => shown.has(key)).length;
    if (overlap === 0) return feed.positions === 'rows' || sideOf(first) < 0;
    const tail = shown.size - overlap;
    return rows.slice(0, overlap).every(({ key }, index) => shown.get(key) === tail + index);
  }

  return {
    receive(page) {
      const [first] = page.items;
      const rows = page.items.filter((item) => sideOf(item) === 0);
      isSeamless &&= pages === 0 || (first !== undefined && isJoined(first, rows));
      pages += 1;
      for (const { key, position } of rows) {
        if (!shown.has(key)) shown.set(key, shown.size);
        places.add(position);
        lastPosition = position;
      }
      next = page.items.find((item) => sideOf(item) > 0)?.moment;
    },
    next: () => next,
    lastPosition: () => lastPosition,
    isSeamless: () => isSeamless,
    places: () => places.size,
  };
}
