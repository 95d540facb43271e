import type { CatalogEntry } from '../../src/catalog/entry.ts';
import type { CatalogRange, CatalogSelection } from '../../src/catalog/query.ts';
import { toWords } from '../../src/catalog/search.ts';
import type { SourceMark } from '../../src/catalog/store.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import { type Instant, parseInstant } from '../../src/domain/instant.ts';

/** An entry of the source `a` that says nothing but what is given. */
export function entryOf(key: string, given: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    sourceId: 'a',
    key,
    provider: 'everruns',
    nativeId: key,
    kind: 'AGENT',
    title: null,
    preview: null,
    status: 'IDLE',
    nativeStatus: 'idle',
    createdAt: null,
    updatedAt: null,
    userId: null,
    agentKey: null,
    teamKey: null,
    workflowKey: null,
    tags: [],
    totalTokens: null,
    ...given,
  };
}

export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`${text} is no time.`);
  return instant;
}

export function markOf(sweep: number, given: Partial<SourceMark> = {}): SourceMark {
  return { newest: null, asOf: null, sweptAt: null, sweep, behind: null, copyOf: null, ...given };
}

/** All of these sources that have the words of the search. */
export function selectionOf(
  filters: Readonly<Record<string, Partial<SessionFilter>>>,
  search: string | null = null,
): CatalogSelection {
  return {
    filters: new Map(Object.entries(filters).map(([sourceId, filter]) => [sourceId, { ...anySession, ...filter }])),
    words: toWords(search),
  };
}

/** From the beginning of the list, oldest first, unless given otherwise. */
export function rangeOf(given: Partial<CatalogRange> = {}): CatalogRange {
  return {
    order: { field: 'createdAt', direction: 'asc' },
    walk: 'forward',
    size: 100,
    after: null,
    before: null,
    ...given,
  };
}
