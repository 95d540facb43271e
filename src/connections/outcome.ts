import type { OperationContext } from '../context.ts';
import { type UpstreamCode, UpstreamError } from '../domain/errors.ts';
import { lazily } from '../domain/lazily.ts';
import { OrderUnsupportedError } from '../pagination/feed.ts';
import type { MergeSource, SourceReport } from '../pagination/merge-request.ts';

export interface SourceOutcome {
  readonly sourceId: string;
  readonly status: 'COMPLETE' | 'PARTIAL' | 'STALE' | 'FAILED' | 'UNSUPPORTED';
  /** How old the oldest answer in it is, when it is `STALE`. */
  readonly ageMs: number | null;
  readonly error: OutcomeError | null;
  /** Rows its platform sent for this page. */
  readonly scanned: number;
  totalCount(): Promise<number | null>;
}

export interface OutcomeError {
  readonly code:
    | UpstreamCode
    | 'SCAN_BUDGET_EXCEEDED'
    | 'TIES_UNSTABLE'
    | 'ROWS_MISSING'
    | 'ORDER_UNSUPPORTED'
    | 'MESSAGES_UNSUPPORTED';
  readonly message: string;
  readonly retryable: boolean;
}

/** What reading a page told of its sources. */
interface ReadPage {
  readonly reports: ReadonlyMap<string, SourceReport>;
  readonly totals: (sourceId: string) => Promise<number | null>;
}

export function toOutcome<Row>(
  { source, countable }: { readonly source: MergeSource<Row>; readonly countable: boolean },
  page: ReadPage,
  context: OperationContext,
): SourceOutcome {
  const { sourceId } = source;
  const report = page.reports.get(sourceId);
  if (report === undefined) throw new Error(`The merge says nothing about source ${sourceId}.`);
  return {
    sourceId,
    ...withAge(toStatus(report), context.staleAgeOf(sourceId)),
    error: toOutcomeError(sourceId, report),
    scanned: report.scanned,
    totalCount: lazily(async () => (countable ? page.totals(sourceId) : null)),
  };
}

/** What was read is stale when some of it was kept from before: `ageMs` is the age of the oldest, null when nothing was kept. */
export function withAge(
  status: Exclude<SourceOutcome['status'], 'STALE'>,
  ageMs: number | null,
): Pick<SourceOutcome, 'status' | 'ageMs'> {
  const isStale = ageMs !== null && (status === 'COMPLETE' || status === 'PARTIAL');
  return isStale ? { status: 'STALE', ageMs: Math.round(ageMs) } : { status, ageMs: null };
}

/** Logs what platforms did wrong, each thing once. Our own mistakes fail the field, loudly. */
export function reportErrors(report: SourceReport, context: OperationContext): void {
  for (const error of new Set(report.errors)) {
    if (error instanceof UpstreamError) context.report(error);
    else if (!(error instanceof OrderUnsupportedError)) throw error;
  }
}

/**
 * What became of a source. A failure comes here as an UpstreamError from http/get.ts; pagination/reader.ts keeps it for its list,
 * and `reportOf` in pagination/open-source.ts for the source. Where no source had a row, `throwIfNothingRead` in connection.ts
 * makes it the error of the field, for which server/errors.ts has the words.
 */
export function toStatus(report: SourceReport): Exclude<SourceOutcome['status'], 'STALE'> {
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
      message: `Source "${sourceId}" has more sessions to search than one page may read. Continue from the cursor of the page.`,
      retryable: false,
    };
  }
  if (report.tiesUnstable) {
    return {
      code: 'TIES_UNSTABLE',
      message: `Source "${sourceId}" changes the order of its sessions between requests, so some may be missing, repeated or out of order.`,
      retryable: false,
    };
  }
  if (report.missesRows) {
    return {
      code: 'ROWS_MISSING',
      message: `Source "${sourceId}" counts sessions that it does not return, so they are missing from this page.`,
      retryable: false,
    };
  }
  return null;
}
