import { z } from 'zod';
import { createLeads } from '../leads.ts';
import type { CatalogStore } from '../store.ts';
import { createAskCancellable } from './cancellable.ts';
import { toChanges, toChangesStatement } from './changes.ts';
import type { ConnectPostgres } from './driver.ts';
import { fromFacts } from './entry-row.ts';
import { toFacet, toFacetStatement } from './facet.ts';
import { createHealth, type PostgresReport } from './health.ts';
import { createLeader } from './leader.ts';
import { createOpenLink, type Link } from './link.ts';
import { toPageStatement } from './page.ts';
import { createPool } from './pool.ts';
import { toPredicate } from './predicate.ts';
import { retain } from './retain.ts';
import { sql } from './sql.ts';
import { stateColumns, toStates } from './state.ts';
import { createTables } from './tables.ts';
import { createStoreError, toStoreError } from './to-store-error.ts';
import { createWatcher } from './watcher.ts';
import { createWriter } from './writer.ts';

export interface PostgresStoreSettings {
  readonly url: string;
  readonly connect: ConnectPostgres;
  readonly report: PostgresReport;
  /** How many of the last changes of a source are told at least, for an hour. Default: 50,000. */
  readonly keptChanges?: number;
}

const factRows = z.array(z.object({ facts: z.string() }));
const counts = z.tuple([z.object({ count: z.number() })]);
const epochs = z.tuple([z.object({ epoch: z.string() })]);

/** Keeps the catalog in a PostgreSQL database, which several processes share. It connects when it is first asked something. */
export function openPostgresStore({ url, connect, report, keptChanges = 50_000 }: PostgresStoreSettings): CatalogStore {
  const openLink = createOpenLink(connect, url);
  const health = createHealth(report);
  const pool = createPool(openLink, health);
  const leads = createLeads();
  const tables = createTables(openLink, pool, report.searchUnindexed);
  const leader = createLeader(openLink, tables, health);
  const watcher = createWatcher(openLink, pool, tables, health);
  const ask = createAskCancellable(openLink);
  const closed = new AbortController();

  async function use<Result>(work: (link: Link) => Promise<Result>): Promise<Result> {
    try {
      return await tables.use(() => pool.use(work));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  return {
    epoch: () =>
      use(async (link) => {
        const [{ epoch }] = epochs.parse(await link.query(sql`select epoch from session_graph_epoch`));
        return epoch;
      }),
    page: (selection, range, signal) =>
      use(async (link) => {
        const found = factRows.parse(await ask(link, toPageStatement(selection, range), signal));
        const walked = found.slice(0, range.size).map(({ facts }) => fromFacts(facts));
        return { entries: range.walk === 'forward' ? walked : walked.reverse(), more: found.length > range.size };
      }),
    count: (selection, signal) =>
      use(async (link) => {
        const statement = sql`select count(*)::float8 from session_graph_entry where ${toPredicate(selection)}`;
        const [{ count }] = counts.parse(await ask(link, statement, signal));
        return count;
      }),
    facet: (selection, field, top, signal) =>
      use(async (link) => toFacet(await ask(link, toFacetStatement(selection, field, top), signal), top)),
    states: () =>
      use(async (link) =>
        toStates(await link.query(sql`select ${stateColumns} from session_graph_source where not retired`)),
      ),
    changes: (sourceId, after, limit) =>
      use(async (link) => toChanges(await link.query(toChangesStatement(sourceId, after, limit)), after)),
    watch: (listener) => watcher.watch(listener),
    async lead(sourceId, signal) {
      const either = AbortSignal.any([signal, closed.signal]);
      const release = await leads.take(sourceId, either);
      try {
        const lead = await leader.take(sourceId, either);
        lead.lost.addEventListener('abort', release);
        return createWriter(sourceId, lead, keptChanges);
      } catch (error) {
        release();
        throw error;
      }
    },
    retain: (sourceIds) => use((link) => retain(link, sourceIds)),
    async close() {
      closed.abort(createStoreError('CONNECTION_ENDED'));
      tables.close();
      leader.close();
      watcher.close();
      pool.close();
    },
  };
}
