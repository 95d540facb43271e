import type { KeptField } from './entry.ts';
import { createLive, type Live } from './live.ts';
import type { CatalogStore } from './store.ts';

/** What operations need of the catalog. */
export interface CatalogReader {
  readonly store: CatalogStore;
  readonly kept: ReadonlySet<KeptField>;
  /** The ids of the sources that are followed, in the order of the configuration. */
  readonly followed: readonly string[];
  /** What changes in the store. */
  readonly live: Live;
}

export function createCatalogReader(catalog: Omit<CatalogReader, 'live'>): CatalogReader {
  return { ...catalog, live: createLive(catalog.store) };
}
