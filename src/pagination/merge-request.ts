import type { Cursor } from './cursor.ts';
import type { Feed } from './feed.ts';
import type { CursorDraft } from './frontier.ts';
import type { Direction, Moment } from './order.ts';

/** One source's part of a merged list. */
export interface MergeSource<Row> {
  readonly sourceId: string;
  /** Its feeds. A source that cannot say which they are is lost for this page, and keeps its place as one. */
  open(): Promise<readonly Feed<Row>[]>;
  readonly accepts: (row: Row) => boolean;
  /** Whether `accepts` may refuse what its feeds hold. */
  readonly selective: boolean;
  /** Whether `accepts` refuses nothing at all. Otherwise platforms that do not filter as they say are reckoned with. */
  readonly acceptsAll?: boolean;
  /** Moments outside are not asked for; both ends are inside, and an end that is not given is open. */
  readonly earliest?: Moment | undefined;
  readonly latest?: Moment | undefined;
}

export interface MergeRequest {
  /** The direction of the list; walking backward goes against it. */
  readonly direction: Direction;
  readonly walk: 'forward' | 'backward';
  readonly size: number;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
  readonly scanRows: number;
  readonly concurrentReads: number;
}

export interface MergedPage<Row> {
  /** In the direction of the list. */
  readonly items: readonly MergedItem<Row>[];
  /** Whether rows are known to follow in the direction of the walk. A source that failed may have more: see SourceReport.owes. */
  readonly more: boolean;
  /** Whether a row was seen on the near side of where the walk began. False only means that none was seen. */
  readonly sawBehind: boolean;
  /** Where the walk ended; null when it has not left the head. */
  readonly end: (() => CursorDraft) | null;
  readonly sources: ReadonlyMap<string, SourceReport>;
  /** How many rows the source has in all, or null. Asks the feeds that the page itself did not need. */
  totalOf(sourceId: string): Promise<number | null>;
}

export interface MergedItem<Row> {
  readonly row: Row;
  readonly sourceId: string;
  readonly cursor: () => CursorDraft;
}

export interface SourceReport {
  /** The ids of its feeds. */
  readonly feeds: readonly string[];
  readonly scanned: number;
  /** Of the feeds that failed, or of the source as a whole. */
  readonly errors: readonly unknown[];
  /** Whether every feed failed and no row of it is on the page. */
  readonly failed: boolean;
  /** Whether it failed before its end, so that rows may follow which nobody has seen. */
  readonly owes: boolean;
  /** Whether it got on: a row beyond where it began was seen, or the end of one of its feeds. */
  readonly advanced: boolean;
  /** Whether the page has fewer rows than asked for because the scan budget was used up. */
  readonly outOfBudget: boolean;
  readonly tiesUnstable: boolean;
  /** Whether rows were left out because the platform cannot show them. */
  readonly missesRows: boolean;
}
