import { matchesFilter, type SessionFilter } from '../../domain/filter.ts';
import type { CatalogSelection } from '../query.ts';
import { orAborted } from './or-aborted.ts';
import type { Row } from './row.ts';
import type { Turns } from './turns.ts';

/** The rows of a selection, in no particular order. */
export interface SelectedRows extends Iterable<Row> {
  readonly count: number;
}

export interface Selected {
  of(selection: CatalogSelection, signal: AbortSignal): Promise<SelectedRows>;
  /** Is told whenever an entry changed. */
  forget(): void;
}

/** The rows of one source that were found, by their places: rows in a list of their own would take twice as much memory. */
interface Part {
  readonly rows: readonly Row[];
  readonly places: Uint32Array;
}

interface Finding {
  readonly rows: Promise<SelectedRows>;
  /** Aborted when nobody waits for it any more. */
  readonly abandoned: AbortController;
  waiting: number;
}

/** One view asks for a page, a count and facets of few selections: more than these are found again. */
const maxKept = 8;

/** Looks at every entry once for each selection, however many ask, until something changes. */
export function createSelected(rowsOf: (sourceId: string) => readonly Row[], turns: Turns): Selected {
  const kept = new Map<string, Finding>();

  async function find({ filters, words }: CatalogSelection, signal: AbortSignal): Promise<SelectedRows> {
    // All lists are taken at once: what is written while they are looked at is in none of them.
    const lists = [...filters].map(([sourceId, filter]) => ({ filter, rows: rowsOf(sourceId) }));
    const parts: Part[] = [];
    for (const { filter, rows } of lists) parts.push(await findIn(rows, filter, words, signal));
    return toSelectedRows(parts);
  }

  async function findIn(
    rows: readonly Row[],
    filter: SessionFilter,
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<Part> {
    const places = new Uint32Array(rows.length);
    let place = 0;
    let count = 0;
    const look = (row: Row) => {
      if (words.every((word) => row.searchText.includes(word)) && matchesFilter(row, filter)) {
        places[count] = place;
        count += 1;
      }
      place += 1;
    };
    await turns.each(rows, look, signal);
    return { rows, places: places.slice(0, count) };
  }

  function begin(name: string, selection: CatalogSelection): Finding {
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= maxKept) kept.delete(oldest);
    const abandoned = new AbortController();
    const finding = { rows: find(selection, abandoned.signal), abandoned, waiting: 0 };
    kept.set(name, finding);
    return finding;
  }

  return {
    async of(selection, signal) {
      const name = JSON.stringify([[...selection.filters], selection.words]);
      const finding = kept.get(name) ?? begin(name, selection);
      finding.waiting += 1;
      try {
        return await orAborted(finding.rows, signal);
      } finally {
        finding.waiting -= 1;
        if (finding.waiting === 0 && signal.aborted) {
          finding.abandoned.abort(signal.reason);
          if (kept.get(name) === finding) kept.delete(name);
        }
      }
    },
    forget: () => kept.clear(),
  };
}

function toSelectedRows(parts: readonly Part[]): SelectedRows {
  return {
    count: parts.reduce((sum, { places }) => sum + places.length, 0),
    *[Symbol.iterator]() {
      for (const { rows, places } of parts) {
        for (const place of places) yield rows[place] as Row;
      }
    },
  };
}
