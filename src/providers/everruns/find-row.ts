import type { EverrunsSessionRecord, SessionRows } from './session.ts';

/** Rows of one list from `offset` on, newest first; null when there can be no such list. */
export type ReadRows = (offset: number) => Promise<SessionRows | null>;

interface Span {
  readonly low: number;
  readonly high: number;
}

/**
 * The row of a session in a list, which shows what a lookup leaves out. The list is ordered by creation and so is searched by
 * halves, a page at a time; only where many sessions share a moment are several pages of it read. Null when it is not there.
 */
export async function findRow(
  session: EverrunsSessionRecord,
  read: ReadRows,
  pageSize: number,
): Promise<EverrunsSessionRecord | null> {
  if (session.createdAt === null) return null;
  const wanted = session.createdAt.micros;
  // The end of the list is known once a page of it has been read.
  const spans: Span[] = [{ low: 0, high: pageSize }];
  let isFirst = true;
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const offset = Math.max(0, Math.floor((span.low + span.high - pageSize) / 2));
    const page = await read(offset);
    const first = page?.rows[0];
    const last = page?.rows.at(-1);
    if (page === null || first === undefined || last === undefined) continue;
    const row = page.rows.find(({ key }) => key === session.key);
    if (row !== undefined) return row;
    const end = offset + page.rows.length;
    const high = isFirst ? page.total : span.high;
    isFirst = false;
    if (momentOf(last) >= wanted && end < high) spans.push({ low: end, high });
    if (momentOf(first) <= wanted && span.low < offset) spans.push({ low: span.low, high: offset });
  }
  return null;
}

function momentOf({ createdAt }: EverrunsSessionRecord): number {
  return createdAt?.micros ?? Number.NEGATIVE_INFINITY;
}
