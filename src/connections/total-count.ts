import type { SessionFilter } from '../domain/filter.ts';
import type { OrderField, Source } from '../providers/source.ts';

/**
 * When a total is known. It is exact or null, and never an estimate. `pagination/dialects` say the total of one list, `totalOf` in
 * pagination/open-source.ts adds up those of a source, and `totalOf` here those of all sources.
 */

/** A platform counts whole lists, so its total is that of the query only where it filters for us and no stretch is cut out. */
export function isCountable(
  { capabilities }: Source,
  filter: SessionFilter,
  { orderBy, isFilteredHere }: { readonly orderBy: OrderField; readonly isFilteredHere: boolean },
): boolean {
  return capabilities.total && !isFilteredHere && filter[orderBy] === null;
}

/** Null as soon as one of the sources does not know its own. */
export async function totalOf(counts: readonly Promise<number | null>[]): Promise<number | null> {
  const known = await Promise.all(counts);
  return known.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}
