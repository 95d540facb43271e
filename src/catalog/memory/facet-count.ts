import type { CatalogEntry } from '../entry.ts';
import type { CatalogFacet, CatalogFacetField, CatalogFacetValue } from '../query.ts';

/** Counts the values of one field, entry by entry. */
export interface FacetCount {
  add(entry: CatalogEntry): void;
  result(top: number): CatalogFacet;
}

type Counts<T> = Map<T, number>;

export function createFacetCount(field: CatalogFacetField): FacetCount {
  switch (field) {
    case 'source':
      return countOf((entry) => entry.sourceId, asItIs);
    case 'provider':
      return countOf((entry) => entry.provider, asItIs);
    case 'kind':
      return countOf((entry) => entry.kind, asItIs);
    case 'status':
      return countOf((entry) => entry.status, asItIs);
    case 'agent':
      return countBySource((entry) => entry.agentKey);
    case 'team':
      return countBySource((entry) => entry.teamKey);
    case 'user':
      return countOf((entry) => entry.userId, asItIs);
    case 'tag':
      return countOfTags();
    case 'day':
      return countOf(dayOf, toDayText);
  }
}

function countOf<T>(read: (entry: CatalogEntry) => T | null, toText: (value: T) => string): FacetCount {
  const counts: Counts<T> = new Map();
  let missing = 0;
  return {
    add(entry) {
      const value = read(entry);
      if (value === null) missing += 1;
      else counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    result: (top) =>
      toFacet(
        [...counts].map(([value, count]) => toValue(null, toText(value), count)),
        missing,
        top,
      ),
  };
}

function countBySource(keyOf: (entry: CatalogEntry) => string | null): FacetCount {
  const counts = new Map<string, Counts<string>>();
  let missing = 0;
  return {
    add(entry) {
      const key = keyOf(entry);
      if (key === null) {
        missing += 1;
        return;
      }
      const ofSource = counts.get(entry.sourceId) ?? new Map<string, number>();
      counts.set(entry.sourceId, ofSource.set(key, (ofSource.get(key) ?? 0) + 1));
    },
    result(top) {
      const values = [...counts].flatMap(([sourceId, ofSource]) =>
        [...ofSource].map(([key, count]) => toValue(sourceId, key, count)),
      );
      return toFacet(values, missing, top);
    },
  };
}

/** An entry that has a tag twice is one entry. */
function countOfTags(): FacetCount {
  const counts: Counts<string> = new Map();
  let missing = 0;
  return {
    add({ tags }) {
      if (tags.length === 0) missing += 1;
      tags.forEach((tag, index) => {
        if (tags.indexOf(tag) === index) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      });
    },
    result: (top) =>
      toFacet(
        [...counts].map(([tag, count]) => toValue(null, tag, count)),
        missing,
        top,
      ),
  };
}

function toValue(sourceId: string | null, value: string, count: number): CatalogFacetValue {
  return { sourceId, value, count };
}

function toFacet(values: readonly CatalogFacetValue[], missing: number, top: number): CatalogFacet {
  return { values: values.toSorted(compareValues).slice(0, top), distinct: values.length, missing };
}

function compareValues(left: CatalogFacetValue, right: CatalogFacetValue): number {
  return (
    right.count - left.count ||
    compareText(left.sourceId ?? '', right.sourceId ?? '') ||
    compareText(left.value, right.value)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function asItIs(value: string): string {
  return value;
}

const microsOfDay = 86_400_000_000;

/** Days since 1970: they are counted by number, because a text for each entry takes longer than counting. */
function dayOf({ createdAt }: CatalogEntry): number | null {
  return createdAt === null ? null : Math.floor(createdAt.micros / microsOfDay);
}

function toDayText(day: number): string {
  const text = new Date((day * microsOfDay) / 1000).toISOString();
  return text.slice(0, text.indexOf('T'));
}
