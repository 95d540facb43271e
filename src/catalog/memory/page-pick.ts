import { compareKeys, compareMoments, type Direction, reverse } from '../../pagination/order.ts';
import type { CatalogEntry } from '../entry.ts';
import { momentOf } from '../place.ts';
import type { CatalogPlace, CatalogRange } from '../query.ts';
import { createBest } from './best.ts';

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

/** No list is kept in order while nobody asks, and whoever asks waits for one look at each entry. */
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
  const best = createBest<Candidate<Entry>>(size + 1, (left, right) => compareKeys(left.place, right.place, direction));

  return {
    add(entry) {
      const moment = momentOf(entry, field);
      const last = best.last()?.place ?? end;
      if (last !== null && compareMoments(moment, last.moment, direction) > 0) return;
      const place = { moment, sourceId: entry.sourceId, key: entry.key };
      if (end !== null && compareKeys(place, end, direction) >= 0) return;
      if (begin !== null && compareKeys(place, begin, direction) <= 0) return;
      best.add({ entry, place });
    },
    slice() {
      const found = best.items();
      const entries = found.slice(0, size).map(({ entry }) => entry);
      return { entries: walk === 'forward' ? entries : entries.reverse(), more: found.length > size };
    },
  };
}
