import { momentsBy } from '../domain/moment.ts';
import type { CatalogEntry } from './entry.ts';
import type { CatalogOrderField, CatalogPlace } from './query.ts';
import { toLower } from './search.ts';

/** Where an entry stands in a list that is ordered by this field. Places are compared by `compareKeys`. */
export function placeOf(entry: CatalogEntry, field: CatalogOrderField): CatalogPlace {
  return { moment: momentOf(entry, field), sourceId: entry.sourceId, key: entry.key };
}

export function momentOf(entry: CatalogEntry, field: CatalogOrderField): CatalogPlace['moment'] {
  switch (field) {
    case 'createdAt':
    case 'updatedAt':
      return momentsBy[field](entry);
    case 'totalTokens':
      return entry.totalTokens;
    case 'title':
      return entry.title === null ? null : toLower(entry.title);
  }
}
