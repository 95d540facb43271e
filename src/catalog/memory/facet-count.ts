import type { CatalogEntry } from '../entry.ts';
import type { CatalogFacet, CatalogFacetField, CatalogFacetValue } from '../query.ts';
import { createBest } from './best.ts';

/** Counts the values of one field, entry by entry. */
export interface FacetCount {
  add(entry: CatalogEntry): void;
  /** Each once, in no particular order. */
  values(): Iterable<CatalogFacetValue>;
  /** How many entries had none. */
  missing(): number;
}

/** Picks the most frequent values. */
export interface TopValues {
  add(value: CatalogFacetValue): void;
  result(): Pick<CatalogFacet, 'values' | 'distinct'>;
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

export function createTopValues(top: number): TopValues {
  const best = createBest<CatalogFacetValue>(top, compareValues);
  let distinct = 0;
  return {
    add(value) {
      distinct += 1;
      best.add(value);
    },
    result: () => ({ values: best.items(), distinct }),
  };
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
    *values() {
      for (const [value, count] of counts) yield { sourceId: null, value: toText(value), count };
    },
    missing: () => missing,
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
    *values() {
      for (const [sourceId, ofSource] of counts) {
        for (const [value, count] of ofSource) yield { sourceId, value, count };
      }
    },
    missing: () => missing,
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
    *values() {
      for (const [value, count] of counts) yield { sourceId: null, value, count };
    },
    missing: () => missing,
  };
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
