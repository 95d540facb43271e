import type { OperationContext } from '../context.ts';
import { type UpstreamCode, UpstreamError } from '../domain/errors.ts';
import type { EntityRecord } from '../domain/records.ts';
import { type PageArguments, toPageRequest } from '../pagination/arguments.ts';
import { decodeCursor, encodeCursor, fingerprintOf } from '../pagination/cursor.ts';
import { completeListFeed } from '../pagination/dialects/complete-list.ts';
import type { CursorDraft } from '../pagination/frontier.ts';
import {
  type MergedPage,
  type MergeRequest,
  type MergeSource,
  mergePage,
  type SourceReport,
} from '../pagination/merge.ts';
import type { Direction, Moment } from '../pagination/order.ts';
import type { Source } from '../providers/source.ts';

/** What every connection of the graph answers, whatever its nodes. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
  /** Exact, or null. */
  readonly totalCount: number | null;
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
  readonly totalCount: number | null;
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

/** Thrown by a feed whose platform can't give the asked order within the scan budget. */
export class OrderUnsupportedError extends Error {}

export async function toConnection<Row>(
  list: PagedList<Row>,
  pageArguments: PageArguments,
  context: OperationContext,
): Promise<Connection<Row>> {
  const request = toPageRequest(pageArguments);
  const fingerprint = fingerprintOf(list.identity);
  const isForward = request.walk === 'forward';
  const asked = list.sources.flatMap((entry) => (entry.ask ? [entry] : []));
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
  const mergeSources = asked.map(({ source }) => source);
  const page = await mergePage(mergeSources, mergeRequest);
  const outcomes = list.sources.map((entry) => (entry.ask ? toOutcome(entry, page, context) : entry.outcome));
  const firstError = [...page.sources.values()].flatMap((report) => report.errors)[0];
  if (outcomes.length > 0 && outcomes.every((outcome) => outcome.status === 'FAILED')) throw firstError;

  /** Whether a row lies on the side the walk came from. Usually seen on the way; else one row is asked for. */
  async function existsBehind(): Promise<boolean> {
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
    return back.items.length > 0 || back.more;
  }

  function write(place: () => CursorDraft): string {
    const { cursor, hints } = place();
    return encodeCursor(cursor, hints, fingerprint);
  }

  const nearest = isForward ? page.items[0] : page.items.at(-1);
  const nearEnd = () => (nearest === undefined ? null : write(nearest.cursor));
  const farEnd = () => (page.end === null ? null : write(page.end));
  return {
    edges: page.items.map((item) => ({ node: item.row, cursor: () => write(item.cursor) })),
    pageInfo: {
      hasNextPage: async () => (isForward ? page.more : existsBehind()),
      hasPreviousPage: async () => (isForward ? existsBehind() : page.more),
      startCursor: isForward ? nearEnd : farEnd,
      endCursor: isForward ? farEnd : nearEnd,
    },
    totalCount: outcomes.reduce<number | null>(
      (sum, { totalCount }) => (sum === null || totalCount === null ? null : sum + totalCount),
      0,
    ),
    outcomes,
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
          feeds: [
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
  if (report === undefined) throw new Error(`The merge told nothing of source ${sourceId}.`);
  for (const error of report.errors) {
    // Only what a platform did wrong is an outcome; our own mistakes fail the field, loudly.
    if (!(error instanceof UpstreamError) && !(error instanceof OrderUnsupportedError)) throw error;
    if (error instanceof UpstreamError) context.report(error);
  }
  const error = toOutcomeError(sourceId, report);
  return {
    sourceId,
    status: toStatus(report),
    error,
    scanned: report.scanned,
    totalCount: countable && report.errors.length === 0 ? report.total : null,
  };
}

function toStatus(report: SourceReport): SourceOutcome['status'] {
  if (report.errors.some((error) => error instanceof OrderUnsupportedError)) return 'UNSUPPORTED';
  if (report.failed) return 'FAILED';
  const isPartial = report.errors.length > 0 || report.outOfBudget || report.tiesUnstable || report.missing > 0;
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
  if (report.missing > 0) {
    const rows = report.missing === 1 ? 'one row' : `${report.missing} rows`;
    return {
      code: 'ROWS_MISSING',
      message: `Source "${sourceId}" counts ${rows} more than it sends.`,
      retryable: false,
    };
  }
  return null;
}
