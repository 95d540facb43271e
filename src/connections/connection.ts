import type { OperationContext } from '../context.ts';
import { SourcesFailedError, UpstreamError } from '../domain/errors.ts';
import { lazily } from '../domain/lazily.ts';
import type { PagePlan } from '../observation/observer.ts';
import { type PageArguments, toPageRequest } from '../pagination/arguments.ts';
import { decodeCursor, fingerprintOf } from '../pagination/cursor.ts';
import { mergePage } from '../pagination/merge.ts';
import type { MergeRequest, MergeSource } from '../pagination/merge-request.ts';
import type { Direction } from '../pagination/order.ts';
import { createTimeShare, withinShare } from '../pagination/time-share.ts';
import type { Edge } from './edge.ts';
import { reportErrors, type SourceOutcome, toOutcome, toStatus } from './outcome.ts';
import { recordPage } from './record-page.ts';
import { totalOf } from './total-count.ts';
import { toLastingPage, type WrittenPage, writePage } from './written-page.ts';

/** Every connection of the graph, whatever its nodes. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
  /** Exact, or null. Counting may cost requests that the page itself did not need. */
  totalCount(): Promise<number | null>;
  readonly outcomes: readonly SourceOutcome[];
}

/** Looking back may cost requests, so each field is worked out when it is selected. */
export interface PageInfo {
  hasNextPage(): Promise<boolean> | boolean;
  hasPreviousPage(): Promise<boolean> | boolean;
  startCursor(): string | null;
  endCursor(): string | null;
}

/** A list to page through: which rows of which sources, in which order. */
export interface PagedList<Row> {
  /** `sessions`, `agents`, ... */
  readonly name: string;
  /** Lists with different identities refuse each other's cursors. */
  readonly identity: unknown;
  readonly direction: Direction;
  readonly sources: readonly ListSource<Row>[];
  /** How many rows the platform sent, where not all of them reach the paging engine. */
  readonly scannedOf?: (sourceId: string) => number;
  /** Whether everything about its pages follows from its identity and what the sources answer. */
  readonly isMadeOfReadsAlone: boolean;
}

/** A source that is asked, or the outcome of one that need not be. */
export type ListSource<Row> =
  | {
      readonly ask: true;
      readonly source: MergeSource<Row>;
      readonly countable: boolean;
      readonly plan: Omit<PagePlan, 'direction'>;
    }
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
    ...context.paging,
  };
  const asked = list.sources.flatMap((entry) => (entry.ask ? [entry.source] : []));
  const inShares = lazily(async () => asked.map((source) => inTime(source, context)));
  const merge = lazily(async () => mergePage(await inShares(), mergeRequest));

  const read = async (): Promise<WrittenPage<Row>> => writePage(await merge(), isForward, fingerprint);
  const page = list.isMadeOfReadsAlone
    ? await context.make<WrittenPage<Row>>({
        sourceIds: asked.map(({ sourceId }) => sourceId),
        name: JSON.stringify([list.name, list.identity, request]),
        make: read,
        toLasting: toLastingPage,
      })
    : await read();
  const totals = async (sourceId: string) => (await merge()).totalOf(sourceId);
  const outcomes = list.sources.map((entry) => {
    if (!entry.ask) return entry.outcome;
    const outcome = toOutcome(entry, { reports: page.sources, totals }, context);
    return { ...outcome, scanned: list.scannedOf?.(outcome.sourceId) ?? outcome.scanned };
  });
  if (context.observer !== null) {
    const plans = list.sources.map((entry) => (entry.ask ? entry.plan : null));
    recordPage(context.observer, { ...list, plans }, page, outcomes);
  }
  const begin = isForward ? request.after : request.before;
  const end = isForward ? page.endCursor : page.startCursor;
  throwIfNothingRead(page, () => begin !== null && end() === begin);
  for (const report of page.sources.values()) reportErrors(report, context);
  const mayFollow = page.more || [...page.sources.values()].some(({ owes }) => owes);

  /** Whether a row lies behind the start of the page. Usually the walk has seen one; otherwise one row is asked for. */
  async function lookBehind(): Promise<boolean> {
    const begin = isForward ? mergeRequest.after : mergeRequest.before;
    if (begin === null) return false;
    if (page.sawBehind) return true;
    const back = await mergePage(await inShares(), {
      ...mergeRequest,
      walk: isForward ? 'backward' : 'forward',
      size: 1,
      after: isForward ? null : begin,
      before: isForward ? begin : null,
    });
    const reports = [...back.sources.values()];
    for (const report of reports) reportErrors(report, context);
    // "No" only when it is known.
    return back.items.length > 0 || back.more || reports.some(({ owes }) => owes);
  }
  const mayPrecede = lazily(lookBehind);

  return {
    edges: page.edges,
    pageInfo: {
      hasNextPage: () => (isForward ? mayFollow : mayPrecede()),
      hasPreviousPage: () => (isForward ? mayPrecede() : mayFollow),
      startCursor: page.startCursor,
      endCursor: page.endCursor,
    },
    totalCount: () => totalOf(outcomes.map((outcome) => outcome.totalCount())),
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
function throwIfNothingRead(page: WrittenPage<unknown>, isWhereItBegan: () => boolean): void {
  if (page.items.length > 0 || page.more) return;
  const reports = [...page.sources.values()];
  const owing = reports.filter(({ owes }) => owes);
  const isStuck = owing.length > 0 && (isWhereItBegan() || owing.every(({ advanced }) => !advanced));
  const isFailed = reports.length > 0 && reports.every((report) => toStatus(report) === 'FAILED');
  if (!isStuck && !isFailed) return;
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
