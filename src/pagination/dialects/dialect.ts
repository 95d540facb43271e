import type { Moment } from '../order.ts';

/** What every dialect must know of a list and its rows. */
export interface Listing<Row> {
  readonly id: string;
  readonly sourceId: string;
  keyOf(row: Row): string;
  /** The moment the list is ordered by. */
  momentOf(row: Row): Moment;
}
