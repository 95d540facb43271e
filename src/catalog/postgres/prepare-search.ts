import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Link } from './link.ts';
import { alone } from './prepare-tables.ts';
import { sql } from './sql.ts';

/** It may have been made in a schema that is not looked in. */
const withExtension = sql`
  select set_config('search_path', current_setting('search_path') || ', ' || quote_ident(nspname), false)
  from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm'`;

/** However many sessions there are, and however long others take with what they have begun. */
const withoutLimits = sql`select set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)`;

/** Not waited for: who builds an index waits for all statements that have begun, so one that waited for its lock would never end. */
const tryLock = sql`
  select pg_try_advisory_lock(hashtextextended('session_graph search ' || current_schema(), 0)) as is_mine`;

const isValid = sql`
  select indisvalid as is_valid from pg_index join pg_class on pg_class.oid = indexrelid
  where relname = 'session_graph_entry_search' and relnamespace = current_schema()::regnamespace`;

const locks = z.tuple([z.object({ is_mine: z.boolean() })]);
const indexes = z.array(z.object({ is_valid: z.boolean() }));
const waitMs = 1_000;

/**
 * Makes the index that finds words within texts. It takes a while where there are sessions already, and holds up nobody who writes
 * meanwhile. One process makes it; the others wait, and make it if that one ends before.
 */
export async function prepareSearch(link: Link, signal: AbortSignal): Promise<void> {
  while (!(await isMade(link))) {
    if (locks.parse(await link.query(tryLock))[0].is_mine) return makeIndex(link);
    await setTimeout(waitMs, undefined, { signal });
  }
}

async function isMade(link: Link): Promise<boolean> {
  return indexes.parse(await link.query(isValid)).some(({ is_valid }) => is_valid);
}

/** With the lock, which goes with the connection. */
async function makeIndex(link: Link): Promise<void> {
  // Another may have made it between the look and the lock.
  if (await isMade(link)) return;
  await link.query(withoutLimits);
  await link.transaction(async () => {
    await link.query(alone);
    await link.query(sql`create extension if not exists pg_trgm`);
  });
  await link.query(withExtension);
  // What a process left that ended while it made the index: it is kept up to date, and finds nothing.
  await link.query(sql`drop index concurrently if exists session_graph_entry_search`);
  await link.query(
    sql`create index concurrently session_graph_entry_search on session_graph_entry using gin (search gin_trgm_ops)`,
  );
}
