import { loadPostgres } from '../../src/catalog/postgres/driver.ts';
import { openPostgresStore } from '../../src/catalog/postgres/open-postgres-store.ts';
import type { CatalogStore } from '../../src/catalog/store.ts';

/** In a database that has nothing else in it: all that is kept there is removed. */
export async function openPostgresql(url: string): Promise<CatalogStore> {
  const connect = loadPostgres();
  if (connect === null) throw new Error('The package `postgres` is not installed.');
  const tell = (what: string) => () => console.log(what);
  const store = openPostgresStore({
    url,
    connect,
    report: {
      postgresLost: tell('PostgreSQL is lost.'),
      postgresBack: tell('PostgreSQL is back.'),
      searchUnindexed: tell('There is no index for searches.'),
    },
  });
  await store.retain([]);
  return store;
}
