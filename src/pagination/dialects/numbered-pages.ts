import type { Feed } from '../feed.ts';
import type { Direction } from '../order.ts';
import type { Listing } from './dialect.ts';
import { offsetFeed } from './offset.ts';

export interface NumberedPagesStyle<Row> extends Listing<Row> {
  /** The directions the platform can list in. */
  readonly directions: readonly Direction[];
  readonly maxSize: number;
  /** Null in the place of a row that the platform has but cannot show. */
  page(request: NumberedPageRequest): Promise<{ readonly rows: readonly (Row | null)[]; readonly total: number }>;
}

export interface NumberedPageRequest {
  readonly direction: Direction;
  /** The first page is 1. */
  readonly page: number;
  readonly size: number;
}

/** For platforms with page numbers: any window is cut from one page whose size is chosen so that it covers the window's start. */
export function numberedPagesFeed<Row>(style: NumberedPagesStyle<Row>): Feed<Row> {
  return offsetFeed({
    ...style,
    maxRows: style.maxSize,
    async window({ direction, offset, limit }) {
      const { page, size } = coveringPage(offset, limit, style.maxSize);
      const { rows, total } = await style.page({ direction, page, size });
      const skipped = offset - (page - 1) * size;
      return { rows: rows.slice(skipped, skipped + limit), total, scanned: rows.length };
    },
  });
}

/**
 * The page that holds the most of `[offset, offset + limit)`, and of those the smallest. One page is one moment of the
 * platform's list, two would not be: rows may come and go between them.
 */
export function coveringPage(offset: number, limit: number, maxSize: number): { page: number; size: number } {
  let best = { page: 1, size: 1 };
  let bestCovered = 0;
  for (let size = 1; size <= maxSize && bestCovered < limit; size += 1) {
    const covered = Math.min(limit, size - (offset % size));
    if (covered > bestCovered) {
      best = { page: Math.floor(offset / size) + 1, size };
      bestCovered = covered;
    }
  }
  return best;
}
