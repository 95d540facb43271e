import { compareKeys, compareMoments, type Direction, reverse } from '../../pagination/order.ts';
import type { CatalogEntry } from '../entry.ts';
import { momentOf } from '../place.ts';
import type { CatalogPlace, CatalogRange } from '../query.ts';

/** Picks a page of a list from entries that come in any order. */
export interface PagePick<Entry> {
  add(entry: Entry): void;
  /** As `CatalogStore.page` gives it. */
  slice(): { readonly entries: readonly Entry[]; readonly more: boolean };
}

interface Candidate<Entry> {
  readonly entry: Entry;
  readonly place: CatalogPlace;
}

/**
 * Keeps the best of what it has seen, and sorts when that grew to several pages: no list is kept in order while nobody asks, and
 * whoever asks waits for one look at each entry.
 */
export function createPagePick<Entry extends CatalogEntry>({
  order,
  walk,
  size,
  after,
  before,
}: CatalogRange): PagePick<Entry> {
  const { field } = order;
  const direction: Direction = walk === 'forward' ? order.direction : reverse(order.direction);
  const [begin, end] = walk === 'forward' ? [after, before] : [before, after];
  /** One more tells whether there are more. */
  const wanted = size + 1;
  const room = Math.max(wanted * 4, 256);
  const candidates: Candidate<Entry>[] = [];
  /** Nothing that comes after it is wanted any more. */
  let last: CatalogPlace | null = end;

  function cut(): void {
    candidates.sort((left, right) => compareKeys(left.place, right.place, direction));
    candidates.length = Math.min(candidates.length, wanted);
    if (candidates.length === wanted) last = candidates.at(-1)?.place ?? last;
  }

  return {
    add(entry) {
      const moment = momentOf(entry, field);
      if (last !== null && compareMoments(moment, last.moment, direction) > 0) return;
      const place = { moment, sourceId: entry.sourceId, key: entry.key };
      if (last !== null && compareKeys(place, last, direction) >= 0) return;
      if (begin !== null && compareKeys(place, begin, direction) <= 0) return;
      candidates.push({ entry, place });
      if (candidates.length >= room) cut();
    },
    slice() {
      cut();
      const entries = candidates.slice(0, size).map(({ entry }) => entry);
      return { entries: walk === 'forward' ? entries : entries.reverse(), more: candidates.length > size };
    },
  };
}
