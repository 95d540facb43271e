import type { CatalogEntry } from '../../../src/catalog/entry.ts';
import type {
  CatalogFacet,
  CatalogFacetField,
  CatalogOrder,
  CatalogRange,
  CatalogSelection,
} from '../../../src/catalog/query.ts';
import type { CatalogSlice } from '../../../src/catalog/store.ts';
import { matchesFilter } from '../../../src/domain/filter.ts';

/** What a store must answer, as plain as it can be said: entries in an array, each looked at for each question. */
export interface Model {
  readonly sourceId: string;
  readonly entry: CatalogEntry;
  /** The sweep in which it was last seen. */
  readonly seen: number;
}

export function written(model: readonly Model[], entries: readonly CatalogEntry[], sweep: number): readonly Model[] {
  return entries.reduce((kept, entry) => {
    const isOther = (row: Model) => row.sourceId !== entry.sourceId || row.entry.key !== entry.key;
    const last = kept.find((row) => !isOther(row))?.seen ?? 0;
    return [...kept.filter(isOther), { sourceId: entry.sourceId, entry, seen: Math.max(sweep, last) }];
  }, model);
}

export function selectedOf(model: readonly Model[], { filters, words }: CatalogSelection): readonly CatalogEntry[] {
  return model
    .map(({ entry }) => entry)
    .filter((entry) => {
      const filter = filters.get(entry.sourceId);
      return filter !== undefined && matchesFilter(entry, filter) && words.every((word) => hasWord(entry, word));
    });
}

function hasWord({ title, preview, nativeId, userId, tags }: CatalogEntry, word: string): boolean {
  return [title, preview, nativeId, userId, ...tags].some((text) => text?.toLocaleLowerCase('en').includes(word));
}

export function pageOf(selected: readonly CatalogEntry[], range: CatalogRange): CatalogSlice {
  const { order, walk, size } = range;
  const ordered = selected.toSorted((left, right) => compare(momentsOf(left, order), momentsOf(right, order)));
  const list = order.direction === 'asc' ? ordered : ordered.toReversed();
  const sign = order.direction === 'asc' ? 1 : -1;
  const [after, before] = [range.after, range.before].map((place) =>
    place === null ? null : [place.moment, place.sourceId, place.key],
  );
  const stretch = list.filter((entry) => {
    const place = momentsOf(entry, order);
    const isAfter = after == null || sign * compare(place, after) > 0;
    return isAfter && (before == null || sign * compare(place, before) < 0);
  });
  const begin = walk === 'forward' ? 0 : Math.max(0, stretch.length - size);
  return { entries: stretch.slice(begin, begin + size), more: stretch.length > size };
}

function momentsOf(entry: CatalogEntry, { field }: CatalogOrder) {
  const moments = {
    createdAt: entry.createdAt?.micros ?? null,
    updatedAt: (entry.updatedAt ?? entry.createdAt)?.micros ?? null,
    totalTokens: entry.totalTokens,
    title: entry.title?.toLocaleLowerCase('en') ?? null,
  };
  return [moments[field], entry.sourceId, entry.key];
}

type Part = number | string | null;

function compare(left: readonly Part[], right: readonly Part[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? null;
    if (part === other) continue;
    if (part === null || other === null) return part === null ? -1 : 1;
    return part < other ? -1 : 1;
  }
  return 0;
}

const valuesBy: Readonly<Record<CatalogFacetField, (entry: CatalogEntry) => readonly (string | null | undefined)[]>> = {
  source: ({ sourceId }) => [sourceId],
  provider: ({ provider }) => [provider],
  kind: ({ kind }) => [kind],
  status: ({ status }) => [status],
  agent: ({ agentKey }) => [agentKey],
  team: ({ teamKey }) => [teamKey],
  user: ({ userId }) => [userId],
  tag: ({ tags }) => tags,
  // The times of the tests are all in UTC.
  day: ({ createdAt }) => [createdAt?.text.slice(0, 10)],
};

export function facetOf(selected: readonly CatalogEntry[], field: CatalogFacetField, top: number): CatalogFacet {
  const isOfSource = field === 'agent' || field === 'team';
  const valuesOf = (entry: CatalogEntry) => valuesBy[field](entry).filter((value) => typeof value === 'string');
  const pairs = new Set(
    selected.flatMap((entry) => valuesOf(entry).map((value) => JSON.stringify([entry.sourceId, value]))),
  );
  const places = [...pairs].map((pair): [string, string] => JSON.parse(pair));
  const distinct = isOfSource
    ? places
    : [...new Set(places.map(([, value]) => value))].map((value) => [null, value] as const);
  const values = distinct.map(([sourceId, value]) => ({
    sourceId,
    value,
    count: selected.filter(
      (entry) => (sourceId ?? entry.sourceId) === entry.sourceId && valuesOf(entry).includes(value),
    ).length,
  }));
  const ordered = values.toSorted((left, right) =>
    compare([-left.count, left.sourceId, left.value], [-right.count, right.sourceId, right.value]),
  );
  return {
    values: ordered.slice(0, top),
    distinct: values.length,
    missing: selected.filter((entry) => valuesOf(entry).length === 0).length,
  };
}
