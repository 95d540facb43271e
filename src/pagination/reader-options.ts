import type { Boundary } from './boundary.ts';
import type { Feed } from './feed.ts';
import type { Direction, Moment } from './order.ts';
import type { Hint } from './trail.ts';

export interface ReaderOptions<Row> {
  readonly feed: Feed<Row>;
  readonly direction: Direction;
  /** Rows up to here are done. */
  readonly start: Boundary;
  readonly hint: Hint;
  /** The list ends within one read past the start; see FeedStart. */
  readonly nearEnd: boolean;
  /** Rows from here on are not asked for; null to walk to the end. */
  readonly stop: Boundary | null;
  readonly range: MomentRange;
  /** None of its rows beyond the start comes before this moment; undefined when nothing is known. */
  readonly notBefore: Moment | undefined;
  readonly accepts: (row: Row) => boolean;
  /** Whether rows are likely to be refused, so that reads had better be large. */
  readonly selective: boolean;
  /** Whether no row is ever refused. */
  readonly acceptsAll: boolean;
  readonly budget: ScanBudget;
}

/** The moments to walk, in walking order; undefined where the walk is open. */
export interface MomentRange {
  readonly first: Moment | undefined;
  readonly last: Moment | undefined;
}

/** Rows of one source that were read in vain for one page. */
export interface ScanBudget {
  readonly limit: number;
  wasted: number;
}
