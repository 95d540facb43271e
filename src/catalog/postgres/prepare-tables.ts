import { z } from 'zod';
import { CatalogStoreError } from '../catalog-store-error.ts';
import type { Link } from './link.ts';
import { type Sql, sql } from './sql.ts';

/** One process at a time makes tables; of all that use the same schema of the same database. */
export const alone = sql`select pg_advisory_xact_lock(hashtextextended('session_graph ' || current_schema(), 0))`;

/**
 * From each version of the tables to the next; never changed once released. The columns of an entry are what `toRow` and `searchTextOf`
 * make of it: when these change, a step empties the tables and sets another epoch, and the followers fill them again.
 *
 * Keys may be longer than what an index takes, so `digest` stands for them there.
 */
const steps: readonly (readonly Sql[])[] = [
  [
    sql`create table session_graph_epoch (epoch text not null)`,
    sql`insert into session_graph_epoch values (gen_random_uuid()::text)`,
    sql`create table session_graph_source (
      id text collate "C" primary key,
      retired boolean not null,
      holder text,
      version bigint not null,
      forgotten bigint not null,
      sessions bigint not null,
      mark text not null
    )`,
    sql`create table session_graph_entry (
      source text collate "C" not null,
      digest uuid not null,
      key text collate "C" not null,
      version bigint not null,
      after_gone bigint,
      seen bigint not null,
      facts text not null,
      native_id text collate "C" not null,
      provider text collate "C" not null,
      kind text collate "C" not null,
      status text collate "C" not null,
      agent text collate "C",
      team text collate "C",
      workflow text collate "C",
      user_id text collate "C",
      tags text[] collate "C" not null,
      day text collate "C",
      created_at float8 not null,
      updated_at float8 not null,
      total_tokens float8 not null,
      title text collate "C" not null,
      heading text collate "C",
      search text collate "C" not null,
      primary key (source, digest)
    ) with (fillfactor = 80)`,
    sql`create index session_graph_entry_version on session_graph_entry (source, version)`,
    sql`create index session_graph_entry_created on session_graph_entry (created_at)`,
    sql`create index session_graph_entry_updated on session_graph_entry (updated_at)`,
    sql`create index session_graph_entry_tokens on session_graph_entry (total_tokens)`,
    sql`create index session_graph_entry_unfinished on session_graph_entry (source, updated_at) where status <> 'ENDED'`,
    sql`create table session_graph_past (
      source text collate "C" not null,
      digest uuid not null,
      key text collate "C" not null,
      version bigint not null,
      gone boolean not null,
      facts text not null,
      facts_version bigint not null,
      at timestamptz not null,
      primary key (source, digest)
    )`,
    sql`create index session_graph_past_version on session_graph_past (source, version)`,
  ],
];

const known = steps.length;
const versions = z.array(z.object({ version: z.int() })).length(1);
const encodings = z.array(z.object({ server_encoding: z.string() })).length(1);

/** Makes the tables that this version of the server needs, or says why it cannot. */
export async function prepareTables(link: Link): Promise<void> {
  if ((await readVersion(link)) === known) return;
  const [encoding] = encodings.parse(await link.query(sql`show server_encoding`));
  if (encoding?.server_encoding !== 'UTF8') {
    throw new CatalogStoreError('ENCODING', 'The database of the catalog must have the encoding UTF8.');
  }
  await link.transaction(async () => {
    await link.query(alone);
    const version = await readVersion(link);
    if (version > known) {
      const sentence = `The tables of the catalog have version ${version}, of a newer server than this, which knows ${known}.`;
      throw new CatalogStoreError('NEWER', sentence);
    }
    if (version === 0) {
      await link.query(sql`create table if not exists session_graph_version (version integer not null)`);
      await link.query(sql`insert into session_graph_version values (0)`);
    }
    for (const statement of steps.slice(version).flat()) await link.query(statement);
    await link.query(sql`update session_graph_version set version = ${known}`);
  });
}

/** 0 when there are no tables. `to_regclass` would remember for a while that there were none. */
async function readVersion(link: Link): Promise<number> {
  const table = sql`select from pg_tables where schemaname = current_schema() and tablename = 'session_graph_version'`;
  if ((await link.query(table)).length === 0) return 0;
  const [row] = versions.parse(await link.query(sql`select version from session_graph_version`));
  return row?.version ?? 0;
}
