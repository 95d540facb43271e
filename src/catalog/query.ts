import type { SessionFilter } from '../domain/filter.ts';
import type { Direction } from '../pagination/order.ts';

/** Which entries: those of these sources that pass the filter of their source and have every word. */
export interface CatalogSelection {
  /** By the id of the source; entries of other sources are not asked for. */
  readonly filters: ReadonlyMap<string, SessionFilter>;
  /** In lower case, see `toWords`. An entry has a word when its `searchTextOf` contains it. */
  readonly words: readonly string[];
}

export type CatalogOrderField = 'createdAt' | 'updatedAt' | 'totalTokens' | 'title';

/** Entries that compare equal are ordered by source and key. Null comes before all others. Descending is the exact reverse. */
export interface CatalogOrder {
  readonly field: CatalogOrderField;
  readonly direction: Direction;
}

/** Where an entry stands in a list with this order. The moment of a title is its text in lower case. */
export interface CatalogPlace {
  readonly moment: number | string | null;
  readonly sourceId: string;
  readonly key: string;
}

/** A stretch of a list, from one end or the other. */
export interface CatalogRange {
  readonly order: CatalogOrder;
  /** From the beginning of the stretch, or from its end. */
  readonly walk: 'forward' | 'backward';
  readonly size: number;
  /** Only entries after this place, and before that one, in the direction of the order. */
  readonly after: CatalogPlace | null;
  readonly before: CatalogPlace | null;
}

export type CatalogFacetField = 'source' | 'provider' | 'kind' | 'status' | 'agent' | 'team' | 'user' | 'tag' | 'day';

/** How many values of a facet are told when nobody says how many, and how many at most. */
export const usualTop = 10;
export const maxTop = 100;

export interface CatalogFacet {
  /** The most frequent first, then by source and value. At most as many as asked for. */
  readonly values: readonly CatalogFacetValue[];
  /** How many different values there are in all. */
  readonly distinct: number;
  /** Entries without a value. */
  readonly missing: number;
}

/** `value` is a source id, provider, kind, status, the key of an agent or a team, a user id, a tag or a day such as 2026-11-21 (UTC, of the creation). */
export interface CatalogFacetValue {
  /** For agents and teams, whose keys are those of one source; null for all others. */
  readonly sourceId: string | null;
  readonly value: string;
  readonly count: number;
}
