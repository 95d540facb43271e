import { z } from 'zod';
import * as wire from '../wire.ts';

/** The envelope of every list. */
export interface Page<Row> {
  readonly data: readonly Row[];
  readonly last_id: string | null;
  readonly has_more: boolean | null;
}

export function pageOf<Row extends z.ZodType>(row: Row) {
  return (
    z
      .object({
        data: z.array(row),
        last_id: wire.text,
        has_more: wire.flag,
        pagination_token: wire.text,
      })
      // Older deployments page by a token instead: reading on by id would end after one page and look complete.
      .refine((page) => page.has_more !== null || page.pagination_token === null)
  );
}

/** Whether the list continues after this page, which was read after the row of that id. */
export function hasMore({ data, last_id, has_more }: Page<unknown>, after: string | null): boolean {
  // A last id that does not move would be asked for again and again.
  return has_more === true && data.length > 0 && last_id !== null && last_id !== after;
}
