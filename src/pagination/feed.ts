import type { Direction, Moment, OrderKey } from './order.ts';

/**
 * One upstream list that can be paged by itself, whatever its paging style. A feed promises order by moment only: platforms
 * order ties as they like and differently each time, so the merge never relies on the order inside a moment.
 */
export interface Feed<Row> {
  /** Unique in its source and the same on every request: hints in cursors are found by it. */
  readonly id: string;
  readonly sourceId: string;
  /** A hint is stored in cursors once this many rows are behind it; before, starting over costs no more. Infinity: never. */
  readonly hintAfter: number;
  /** The most rows one read may ask for. */
  readonly maxRows: number;
  /**
   * What a position names. Rows: it is the id of one, and only leads onwards, so walking back needs a hint of its own. Places: it
   * serves both ways, and another row may be there later.
   */
  readonly positions: 'rows' | 'places';
  read(request: FeedRead): Promise<FeedPage<Row>>;
}

export interface FeedRead {
  readonly direction: Direction;
  readonly from: FeedStart;
  readonly limit: number;
}

/**
 * Where a read begins.
 * - `head`: at the first row in this direction.
 * - `moment`: no later than the first row at or past this moment, with no gap after it. Rows before the moment may come
 *   first. `behind` is where a row strictly before the moment was seen, `near` where one about there was: both are only
 *   hints, and the answer must be right when they are stale.
 * - `beyond`: just past the row that was seen at this position, or at it; trusted. For groups of ties larger than one read.
 */
export type FeedStart =
  | { readonly kind: 'head' }
  | {
      readonly kind: 'moment';
      readonly moment: Moment;
      readonly behind: Position | null;
      readonly near: Position | null;
      /** The list ends within a few reads past the moment, so that its other end is the nearer one. */
      readonly nearEnd: boolean;
    }
  | { readonly kind: 'beyond'; readonly position: Position };

/** How many reads from the nearer end are worth trying before the walk starts at its own. */
export const fewReads = 4;

/** A place in an upstream list, in the words of its dialect. Short, printable, and it may travel in a cursor. */
export type Position = string;

export interface FeedItem<Row> extends OrderKey {
  readonly row: Row;
  readonly position: Position;
}

export interface FeedPage<Row> {
  /** In the order of the read. */
  readonly items: readonly FeedItem<Row>[];
  /** Whether rows may follow the last item. An empty page with `more` is not allowed. */
  readonly more: boolean;
  /** Rows of the list before the first item, where the feed jumped over them; 0 where it began at the head or does not know. */
  readonly skipped: number;
  /** Exact number of rows in the whole feed, or null. */
  readonly total: number | null;
  /** Rows the platform sent for this read, for the scan budget. */
  readonly scanned: number;
  /** Rows that the platform counts here and does not show, whatever it is asked. */
  readonly missing: number;
}

/** Thrown by a feed that cannot give its rows in the order asked for, and never will. */
export class OrderUnsupportedError extends Error {}
