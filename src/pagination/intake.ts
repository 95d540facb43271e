import { type Boundary, isBeyond } from './boundary.ts';
import type { FeedItem, Position } from './feed.ts';
import { compareKeys, compareMoments, type Moment, type OrderKey } from './order.ts';
import type { ReaderOptions } from './reader-options.ts';

export interface ReadyItem<Row> {
  readonly row: Row;
  readonly order: OrderKey;
  /** Set when the item is one of a group too large to be put in order: where the platform had it. */
  readonly insidePosition: Position | null;
}

/** What becomes of the rows of one feed: done before, asked for and ready, refused by the filter, or beyond the end of the walk. */
export interface Intake<Row> {
  /** Takes a row in, in total order. The walk ends with the first row that lies beyond its stop. */
  offer(item: FeedItem<Row>, insidePosition: Position | null): void;
  isInRange(moment: Moment): boolean;
  /** Ends the walk: no more rows are taken in. */
  end(): void;
  hasEnded(): boolean;
  /** Notes a row that lies before where the walk is, so that it is known that there is one. */
  noteBehind(item: FeedItem<Row>): void;
  /** Whether the row will be given, once its place is settled. */
  isAskedFor(item: FeedItem<Row>): boolean;
  /** The next row to give. */
  peek(): ReadyItem<Row> | null;
  take(): void;
  /** An asked-for row was seen at or before the start. */
  sawBehind(): boolean;
  /** A row beyond the start was seen, asked for or not. */
  sawBeyond(): boolean;
  hasRefused(): boolean;
  /** The walk was to end inside a group too large for order, where it cannot be known which rows come before the end. */
  endedInside(): boolean;
}

export function createIntake<Row>(
  options: Pick<ReaderOptions<Row>, 'direction' | 'start' | 'stop' | 'range' | 'accepts' | 'budget'>,
): Intake<Row> {
  const { direction, start, stop, range, accepts, budget } = options;
  const ready: ReadyItem<Row>[] = [];
  let given = 0;
  let sawBehind = false;
  let sawBeyond = false;
  let refused = false;
  let ended = start.at === 'end';
  let endedInside = false;

  function isBeforeStop(order: OrderKey): boolean {
    return stop === null || isBefore(order, stop);
  }

  function isBefore(order: OrderKey, boundary: Boundary): boolean {
    if (isBeyond(order, boundary, direction)) return false;
    return !(boundary.at === 'row' && compareKeys(order, boundary, direction) === 0);
  }

  return {
    offer(item, insidePosition) {
      if (ended) return;
      const isAccepted = accepts(item.row);
      if (!isBeyond(item, start, direction)) {
        budget.wasted += 1;
        sawBehind ||= isAccepted;
        return;
      }
      if (!isBeforeStop(item)) {
        ended = true;
        endedInside = stop?.at === 'inside' && stop.moment === item.moment;
        return;
      }
      sawBeyond = true;
      if (isAccepted) ready.push({ row: item.row, order: item, insidePosition });
      else {
        refused = true;
        budget.wasted += 1;
      }
    },
    isInRange: (moment) => range.last === undefined || compareMoments(moment, range.last, direction) <= 0,
    end() {
      ended = true;
    },
    hasEnded: () => ended,
    noteBehind(item) {
      sawBehind ||= !isBeyond(item, start, direction) && accepts(item.row);
    },
    isAskedFor(item) {
      return accepts(item.row) && isBeyond(item, start, direction) && isBeforeStop(item);
    },
    peek: () => ready[given] ?? null,
    take() {
      given += 1;
    },
    sawBehind: () => sawBehind,
    sawBeyond: () => sawBeyond,
    hasRefused: () => refused,
    endedInside: () => endedInside,
  };
}
