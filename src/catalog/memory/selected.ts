import { matchesFilter } from '../../domain/filter.ts';
import type { CatalogSelection } from '../query.ts';
import type { Row } from './row.ts';
import type { Turns } from './turns.ts';

/** The rows of a selection, in no particular order. */
export interface Selected {
  of(selection: CatalogSelection): Promise<readonly Row[]>;
  /** Is told whenever an entry changed. */
  forget(): void;
}

/** One view asks for a page, a count and facets of few selections: more than these are found again. */
const maxKept = 8;

/** Looks at every entry once for each selection, however many ask, until something changes. */
export function createSelected(rowsOf: (sourceId: string) => readonly Row[], turns: Turns): Selected {
  const kept = new Map<string, Promise<readonly Row[]>>();

  async function find({ filters, words }: CatalogSelection): Promise<readonly Row[]> {
    // All lists are taken at once: what is written while they are looked at is in none of them.
    const lists = [...filters].map(([sourceId, filter]) => ({ filter, rows: rowsOf(sourceId) }));
    const found: Row[] = [];
    for (const { filter, rows } of lists) {
      await turns.each(rows, (row) => {
        if (words.every((word) => row.searchText.includes(word)) && matchesFilter(row, filter)) found.push(row);
      });
    }
    return found;
  }

  return {
    of(selection) {
      const name = JSON.stringify([[...selection.filters], selection.words]);
      const known = kept.get(name);
      if (known !== undefined) return known;
      const [oldest] = kept.keys();
      if (oldest !== undefined && kept.size >= maxKept) kept.delete(oldest);
      const finding = find(selection);
      kept.set(name, finding);
      return finding;
    },
    forget: () => kept.clear(),
  };
}
