import type { LinkSettings, OpenLink } from './link.ts';
import type { Pool } from './pool.ts';
import { prepareSearch } from './prepare-search.ts';
import { prepareTables } from './prepare-tables.ts';
import { toStoreError } from './to-store-error.ts';

/** The tables, which are made before anybody uses them. */
export interface Tables {
  use<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/** Nobody waits for the index. */
const indexing: LinkSettings = { patienceMs: 7_200_000 };

export function createTables(openLink: OpenLink, pool: Pool, searchUnindexed: (reason: string) => void): Tables {
  const closed = new AbortController();
  let prepared: Promise<void> | null = null;

  async function prepare(): Promise<void> {
    try {
      await pool.use(prepareTables);
      void makeSearchable();
    } catch (error) {
      prepared = null;
      throw error;
    }
  }

  async function makeSearchable(): Promise<void> {
    if (closed.signal.aborted) return;
    const link = openLink(indexing);
    closed.signal.addEventListener('abort', () => link.close());
    try {
      await prepareSearch(link, closed.signal);
    } catch (error) {
      if (!closed.signal.aborted) searchUnindexed(toStoreError(error).reason);
    }
    link.close();
  }

  return {
    async use(work) {
      prepared ??= prepare();
      await prepared;
      try {
        return await work();
      } catch (error) {
        // Somebody removed them, and they are made anew.
        if (toStoreError(error).reason === '42P01') prepared = null;
        throw error;
      }
    },
    close: () => closed.abort(),
  };
}
