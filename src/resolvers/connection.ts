import type { OperationContext } from '../context.ts';
import { SourcesFailedError, type UpstreamCode, UpstreamError } from '../domain/errors.ts';
import type { EntityRecord } from '../domain/records.ts';
import { type PageArguments, toPageRequest } from '../pagination/arguments.ts';
import { decodeCursor, encodeCursor, fingerprintOf } from '../pagination/cursor.ts';
import { completeListFeed } from '../pagination/dialects/complete-list.ts';
import { OrderUnsupportedError } from '../pagination/feed.ts';
import type { CursorDraft } from '../pagination/frontier.ts';
import { mergePage } from '../pagination/merge.ts';
import type { MergedPage, MergeRequest, MergeSource, SourceReport } from '../pagination/merge-request.ts';
import type { Direction, Moment } from '../pagination/order.ts';
import { createTimeShare, withinShare } from '../pagination/time-share.ts';
import type { Source } from '../providers/source.ts';

/** What every connection of the graph answers, whatever its nodes. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
  /** Exact, or null. Counting may cost requests that the page itself did not need. */
  totalCount(): Promise<number | null>;
  readonly outcomes: readonly SourceOutcome[];
}

export interface Edge<Node> {
  readonly node: Node;
  /** Made when it is asked for. */
  cursor(): string;
}

/** Looking against the walk may cost requests, so each is found out when it is asked for. */
export interface PageInfo {
  hasNextPage(): Promise<boolean>;
  hasPreviousPage(): Promise<boolean>;
  startCursor(): string | null;
  endCursor(): string | null;
}

export interface SourceOutcome {
  readonly sourceId: string;
  readonly status: 'COMPLETE' | 'PARTIAL' | 'FAILED' | 'UNSUPPORTED';
  readonly error: OutcomeError | null;
  /** Rows its platform sent for this page. */
  readonly scanned: number;
  totalCount(): Promise<number | null>;
}

export interface OutcomeError {
  readonly code: UpstreamCode | 'SCAN_BUDGET_EXCEEDED' | 'TIES_UNSTABLE' | 'ROWS_MISSING' | 'ORDER_UNSUPPORTED';
  readonly message: string;
  readonly retryable: boolean;
}

/** A list that may be paged through: which rows, of whom, in which order. */
export interface PagedList<Row> {
  /** Tells apart lists whose cursors must not be exchanged. */
  readonly identity: unknown;
  readonly direction: Direction;
  readonly earliest?: Moment | undefined;
  readonly latest?: Moment | undefined;
  readonly sources: readonly ListSource<Row>[];
}

/** A source that is asked, or the reason why it need not or can't be. */
export type ListSource<Row> =
  | { readonly ask: true; readonly source: MergeSource<Row>; readonly countable: boolean }
  | { readonly ask: false; readonly outcome: SourceOutcome };

export async function toConnection<Row>(
  list: PagedList<Row>,
  pageArguments: PageArguments,
  context: OperationContext,
): Promise<Connection<Row>> {
  const request = toPageRequest(pageArguments);
  const fingerprint = fingerprintOf(list.identity);
  const isForward = request.walk === 'forward';
  const mergeRequest: MergeRequest = {
    direction: list.direction,
    walk: request.walk,
    size: request.size,
    after: request.after === null ? null : decodeCursor(request.after, fingerprint),
    before: request.before === null ? null : decodeCursor(request.before, fingerprint),
    earliest: list.earliest,
    latest: list.latest,
    ...context.paging,
  };
  const mergeSources = list.sources.flatMap((entry) => (entry.ask ? [inTime(entry.source, context)] : []));
  const page = await mergePage(mergeSources, mergeRequest);
  throwIfNothingRead(page);
  const outcomes = list.sources.map((entry) => (entry.ask ? toOutcome(entry, page, context) : entry.outcome));
  const mayFollow = page.more || [...page.sources.values()].some(({ owes }) => owes);

  /** Whether a row lies on the side the walk came from. Usually seen on the way; else one row is asked for. */
  async function lookBehind(): Promise<boolean> {
    const begin = isForward ? mergeRequest.after : mergeRequest.before;
    if (begin === null) return false;
    if (page.sawBehind) return true;
    const back = await mergePage(mergeSources, {
      ...mergeRequest,
      walk: isForward ? 'backward' : 'forward',
      size: 1,
      after: isForward ? null : begin,
      before: isForward ? begin : null,
    });
    const errors = [...back.sources.values()].flatMap((report) => report.errors);
    for (const error of errors) if (error instanceof UpstreamError) context.report(error);
    // "No" only when it is known.
    return back.items.length > 0 || back.more || errors.length > 0;
  }
  const mayPrecede = once(lookBehind);

  function write(place: () => CursorDraft): string {
    const { cursor, hints, outlook } = place();
    return encodeCursor(cursor, hints, outlook, fingerprint);
  }

  const nearest = isForward ? page.items[0] : page.items.at(-1);
  const nearEnd = () => (nearest === undefined ? null : write(nearest.cursor));
  const farEnd = () => (page.end === null ? null : write(page.end));
  return {
    edges: page.items.map((item) => ({ node: item.row, cursor: () => write(item.cursor) })),
    pageInfo: {
      hasNextPage: async () => (isForward ? mayFollow : mayPrecede()),
      hasPreviousPage: async () => (isForward ? mayPrecede() : mayFollow),
      startCursor: isForward ? nearEnd : farEnd,
      endCursor: isForward ? farEnd : nearEnd,
    },
    async totalCount() {
      const counts = await Promise.all(outcomes.map((outcome) => outcome.totalCount()));
      return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
    },
    outcomes,
  };
}

/** The source with as much time as it has for one page; see OperationContext.listTimeOf. */
function inTime<Row>(source: MergeSource<Row>, context: OperationContext): MergeSource<Row> {
  const { sourceId } = source;
  const time = context.listTimeOf(sourceId);
  const share = createTimeShare(time.ms, () => {
    time.ranOut();
    return new UpstreamError(sourceId, 'UPSTREAM_TIMEOUT');
  });
  return withinShare(source, share);
}

/**
 * A page without rows would say that the list ends here. When every source failed, or the rows that may follow are those of
 * sources that failed without getting on, the field is an error instead: the same request brings the rest when they are back.
 */
function throwIfNothingRead(page: MergedPage<unknown>): void {
  const reports = [...page.sources.values()];
  const owing = reports.filter(({ owes }) => owes);
  const isStuck = owing.length > 0 && owing.every(({ advanced }) => !advanced);
  const isFailed = reports.length > 0 && reports.every((report) => toStatus(report) === 'FAILED');
  if (page.items.length > 0 || page.more || !(isStuck || isFailed)) return;
  const errors = (isStuck ? owing : reports).flatMap((report) => report.errors);
  const own = errors.find((error) => !(error instanceof UpstreamError));
  if (own !== undefined) throw own;
  const upstream = errors.filter((error) => error instanceof UpstreamError);
  const [first] = upstream;
  if (first !== undefined && upstream.every(({ sourceId }) => sourceId === first.sourceId)) throw first;
  throw new SourcesFailedError(firstOfEachSource(upstream));
}

function firstOfEachSource(errors: readonly UpstreamError[]): readonly UpstreamError[] {
  return errors.filter((error, index) => errors.findIndex(({ sourceId }) => sourceId === error.sourceId) === index);
}

function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | null = null;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Agents, teams: lists that platforms give whole. */
export async function listConnection<Row extends EntityRecord>(
  pageArguments: PageArguments,
  list: {
    readonly name: string;
    readonly orderOf: (row: Row) => { readonly moment: number | null };
    readonly load: (source: Source) => Promise<readonly Row[]>;
  },
  sourceIds: readonly string[] | null,
  context: OperationContext,
): Promise<Connection<Row>> {
  const sources = [...context.sources.values()].filter(({ id }) => sourceIds === null || sourceIds.includes(id));
  return toConnection(
    {
      identity: { list: list.name, sourceIds },
      direction: 'desc',
      sources: sources.map((source) => ({
        ask: true,
        countable: true,
        source: {
          sourceId: source.id,
          open: async () => [
            completeListFeed<Row>({
              id: list.name,
              sourceId: source.id,
              keyOf: (row) => row.key,
              momentOf: (row) => list.orderOf(row).moment,
              load: () => list.load(source),
            }),
          ],
          accepts: () => true,
          selective: false,
        },
      })),
    },
    pageArguments,
    context,
  );
}

function toOutcome<Row>(
  { source, countable }: { readonly source: MergeSource<Row>; readonly countable: boolean },
  page: MergedPage<Row>,
  context: OperationContext,
): SourceOutcome {
  const { sourceId } = source;
  const report = page.sources.get(sourceId);
  if (report === undefined) throw new Error(`The merge says nothing about source ${sourceId}.`);
  for (const error of report.errors) {
    // Only what a platform did wrong is an outcome; our own mistakes fail the field, loudly.
    if (!(error instanceof UpstreamError) && !(error instanceof OrderUnsupportedError)) throw error;
    if (error instanceof UpstreamError) context.report(error);
  }
  return {
    sourceId,
    status: toStatus(report),
    error: toOutcomeError(sourceId, report),
    scanned: report.scanned,
    totalCount: once(async () => (countable ? page.totalOf(sourceId) : null)),
  };
}

function toStatus(report: SourceReport): SourceOutcome['status'] {
  if (report.errors.some((error) => error instanceof OrderUnsupportedError)) return 'UNSUPPORTED';
  if (report.failed) return 'FAILED';
  const isPartial = report.errors.length > 0 || report.outOfBudget || report.tiesUnstable || report.missesRows;
  return isPartial ? 'PARTIAL' : 'COMPLETE';
}

function toOutcomeError(sourceId: string, report: SourceReport): OutcomeError | null {
  const unsupported = report.errors.find((error) => error instanceof OrderUnsupportedError);
  if (unsupported !== undefined) {
    return { code: 'ORDER_UNSUPPORTED', message: unsupported.message, retryable: false };
  }
  const upstream = report.errors.find((error) => error instanceof UpstreamError);
  if (upstream !== undefined) {
    return { code: upstream.code, message: upstream.message, retryable: upstream.retryable };
  }
  if (report.outOfBudget) {
    return {
      code: 'SCAN_BUDGET_EXCEEDED',
      message: `Source "${sourceId}" has more rows to look through than one page may; go on from the page's cursor.`,
      retryable: false,
    };
  }
  if (report.tiesUnstable) {
    return {
      code: 'TIES_UNSTABLE',
      message: `Source "${sourceId}" does not keep its rows in one order, so some may be missing, come twice or out of order.`,
      retryable: false,
    };
  }
  if (report.missesRows) {
    return {
      code: 'ROWS_MISSING',
      message: `Source "${sourceId}" counts sessions that it does not show, so they are missing here.`,
      retryable: false,
    };
  }
  return null;
}
