import type { CatalogStore } from '../../src/catalog/store.ts';

/** Counts who watches the store. */
export function watched() {
  const count = { watching: 0 };
  const wrap = (store: CatalogStore): CatalogStore => ({
    ...store,
    watch(listener) {
      count.watching += 1;
      const unwatch = store.watch(listener);
      return () => {
        count.watching -= 1;
        unwatch();
      };
    },
  });
  return { count, wrap };
}

/** How many of such things keep this process alive. */
export function countOf(resource: 'Timeout' | 'TCPSocketWrap'): number {
  return process.getActiveResourcesInfo().filter((name) => name === resource).length;
}
