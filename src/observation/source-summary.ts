import type { Journal } from './journal.ts';
import type { PageRecord, PageStatus, ReadRecord } from './observer.ts';

/** What one source had to do with an operation. */
export interface SourceSummary {
  readonly sourceId: string;
  /** Sent for this operation. */
  readonly requests: number;
  /** Answers that this operation had from the requests of others. */
  readonly shared: number;
  /** Answers that were kept from before. */
  readonly kept: number;
  /** For how long something of it was under way. */
  readonly milliseconds: number;
  /** Rows that the platform sent for lists, and those that are on their pages. */
  readonly scanned: number;
  readonly delivered: number;
  /** The worst of its lists; null when it was in none. */
  readonly outcome: PageStatus | null;
  /** The codes of reads that failed. */
  readonly failures: readonly string[];
}

/** First those of its lists, in the order of the configuration, then the others, in the order in which they were asked. */
export function summarize({ reads, pages }: Pick<Journal, 'reads' | 'pages'>, now: number): readonly SourceSummary[] {
  const bySource = new Map<string, { readonly reads: ReadRecord[]; readonly pages: PageRecord[] }>();
  function of(sourceId: string) {
    const known = bySource.get(sourceId) ?? { reads: [], pages: [] };
    bySource.set(sourceId, known);
    return known;
  }
  for (const page of pages) of(page.sourceId).pages.push(page);
  for (const read of reads) of(read.target.sourceId).reads.push(read);
  return [...bySource].map(([sourceId, own]) => summarizeSource(sourceId, own.reads, own.pages, now));
}

function summarizeSource(
  sourceId: string,
  reads: readonly ReadRecord[],
  pages: readonly PageRecord[],
  now: number,
): SourceSummary {
  const countOf = (...origins: readonly ReadRecord['origin'][]) =>
    reads.filter(({ origin }) => origins.includes(origin)).length;
  return {
    sourceId,
    requests: reads.reduce((sum, { origin, requests }) => sum + (origin === 'joined' ? 0 : requests.length), 0),
    shared: countOf('joined', 'replica'),
    kept: countOf('kept', 'stale'),
    milliseconds: Math.round(busyTime(reads, now)),
    scanned: pages.reduce((sum, { scanned }) => sum + scanned, 0),
    delivered: pages.reduce((sum, { delivered }) => sum + delivered, 0),
    outcome: worstOf(pages.map(({ status }) => status)),
    failures: [...new Set(reads.flatMap(({ failure }) => failure ?? []))],
  };
}

/** How long at least one of them was under way. */
function busyTime(reads: readonly ReadRecord[], now: number): number {
  const byStart = [...reads].sort((left, right) => left.startedAt - right.startedAt);
  let until = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const read of byStart) {
    const endedAt = read.endedAt ?? now;
    sum += Math.max(0, endedAt - Math.max(read.startedAt, until));
    until = Math.max(until, endedAt);
  }
  return sum;
}

const fromBestToWorst: readonly PageStatus[] = ['COMPLETE', 'STALE', 'PARTIAL', 'UNSUPPORTED', 'FAILED'];

function worstOf(statuses: readonly PageStatus[]): PageStatus | null {
  return fromBestToWorst.findLast((status) => statuses.includes(status)) ?? null;
}
