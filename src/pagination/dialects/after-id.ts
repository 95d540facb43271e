import { type Feed, type FeedItem, type FeedPage, type FeedRead, fewReads } from '../feed.ts';
import { compareMoments, type Direction, type Moment, reverse } from '../order.ts';
import type { Listing } from './dialect.ts';

export interface AfterIdStyle<Row> extends Listing<Row> {
  /** The id the platform pages by. */
  idOf(row: Row): string;
  readonly maxRows: number;
  /** Rows strictly after the id in this direction, or null when the platform does not know the id any more. */
  page(request: AfterIdRequest): Promise<AfterIdPage<Row> | null>;
}

export interface AfterIdRequest {
  readonly direction: Direction;
  readonly after: string | null;
  readonly limit: number;
}

export interface AfterIdPage<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

/** For platforms that page by the id of the last row seen. Walks back by asking for the opposite order. */
export function afterIdFeed<Row>(style: AfterIdStyle<Row>): Feed<Row> {
  async function read({ direction, from, limit }: FeedRead): Promise<FeedPage<Row>> {
    if (from.kind === 'moment' && from.nearEnd) {
      const page = await readFromEnd(direction, from.moment);
      if (page !== null) return page;
    }
    const after = from.kind === 'moment' ? from.behind : from.kind === 'beyond' ? from.position : null;
    const page = await style.page({ direction, after, limit });
    const lost =
      page === null ||
      (after !== null &&
        from.kind === 'moment' &&
        page.rows.length === 0 &&
        (await existsPast(from.moment, direction)));
    if (!lost) return toPage(page);
    const restart = await style.page({ direction, after: null, limit: style.maxRows });
    return restart === null
      ? { items: [], more: false, skipped: 0, total: null, missing: 0, scanned: 0 }
      : toPage(restart);
  }

  /** Everything from the moment to the end of the list, read in the opposite order, if a few reads are enough. */
  async function readFromEnd(direction: Direction, moment: Moment): Promise<FeedPage<Row> | null> {
    const rows: Row[] = [];
    let after: string | null = null;
    for (let reads = 0; reads < fewReads; reads += 1) {
      const page: AfterIdPage<Row> | null = await style.page({
        direction: reverse(direction),
        after,
        limit: style.maxRows,
      });
      // Nothing after an id with rows behind it: the platform does not know the id any more.
      if (page === null || (after !== null && page.rows.length === 0)) return null;
      rows.push(...page.rows);
      const last = page.rows.at(-1);
      const reachesMoment = last !== undefined && compareMoments(style.momentOf(last), moment, direction) < 0;
      if (reachesMoment || !page.more || last === undefined) return toPage({ rows: rows.reverse(), more: false });
      after = style.idOf(last);
    }
    return null;
  }

  /** Some platforms answer an unknown id with an empty page, which is also what the end of a list looks like. */
  async function existsPast(moment: Moment, direction: Direction): Promise<boolean> {
    const tail = await style.page({ direction: reverse(direction), after: null, limit: 1 });
    const last = tail?.rows[0];
    return last !== undefined && compareMoments(style.momentOf(last), moment, direction) >= 0;
  }

  function toPage({ rows, more }: AfterIdPage<Row>): FeedPage<Row> {
    const items = rows.map(
      (row): FeedItem<Row> => ({
        row,
        sourceId: style.sourceId,
        key: style.keyOf(row),
        moment: style.momentOf(row),
        position: style.idOf(row),
      }),
    );
    return { items, more: more && items.length > 0, skipped: 0, total: null, missing: 0, scanned: items.length };
  }

  const { id, sourceId, maxRows } = style;
  // A little less than one read, so that a few new rows do not make it two.
  return { id, sourceId, hintAfter: Math.floor(maxRows * 0.9), maxRows, positions: 'rows', read };
}
