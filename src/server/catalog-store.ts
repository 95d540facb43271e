import { createMemoryStore } from '../catalog/memory-store.ts';
import { loadPostgres } from '../catalog/postgres/driver.ts';
import type { PostgresReport } from '../catalog/postgres/health.ts';
import { openPostgresStore } from '../catalog/postgres/open-postgres-store.ts';
import type { CatalogStore } from '../catalog/store.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';

/** A store, and the settings that it was opened with. */
export interface OpenCatalogStore {
  readonly store: CatalogStore;
  readonly settings: string;
}

/** Plain `npm install postgres` does nothing here where development packages are left out, because it is one of them too. */
const installPostgres = 'npm install --omit=dev --no-save --save-prod postgres@3.4.9';

/** What `current` is if it fits, so that a change of other settings loses nothing. Null when no source is copied. */
export function openCatalogStore(
  { server, sources }: Config,
  report: PostgresReport,
  current: OpenCatalogStore | null = null,
): OpenCatalogStore | null {
  if (!sources.some(({ catalog }) => catalog)) return null;
  const { postgres, maxSessions, keep } = server.catalog;
  const settings = JSON.stringify([postgres, maxSessions, keep]);
  if (current?.settings === settings) return current;
  const store = postgres === undefined ? createMemoryStore({ maxSessions }) : openPostgres(postgres, report);
  return { store, settings };
}

function openPostgres(url: string, report: PostgresReport): CatalogStore {
  const connect = loadPostgres();
  if (connect !== null) return openPostgresStore({ url, connect, report });
  throw new ConfigError([`server.catalog.postgres  needs a package that is not installed: ${installPostgres}`]);
}
