import type { CatalogEntry } from '../entry.ts';
import { digestOf, rowColumns, toFacts, toRow } from './entry-row.ts';
import { type Sql, sql, toArray } from './sql.ts';

/** Marks those as seen that are kept as they are, and answers their digests. */
export function toTouchStatement(source: string, entries: readonly CatalogEntry[], sweep: number): Sql {
  const given = JSON.stringify(entries.map((entry) => ({ digest: digestOf(entry.key), facts: toFacts(entry) })));
  return sql`
    with same as (
      select digest
      from session_graph_entry
      join json_to_recordset(${given}::text::json) as given (digest uuid, facts text) using (digest, facts)
      where source = ${source}
    ), touched as (
      update session_graph_entry set seen = ${sweep}
      where source = ${source} and digest in (select digest from same) and seen < ${sweep}
    )
    select digest from same`;
}

/** Keeps changed entries, from this version on, and what they were. Answers for each whether it is new. */
export function toKeepStatement(source: string, entries: readonly CatalogEntry[], sweep: number, version: number): Sql {
  const given = JSON.stringify(entries.map((entry, index) => ({ ...toRow(entry), version: version + index })));
  return sql`
    with given as (
      select * from json_to_recordset(${given}::text::json) as given (version bigint, ${rowColumns})
    ), past as (
      insert into session_graph_past (source, digest, key, version, gone, facts, facts_version, at)
      select source, digest, given.key, given.version, false, entry.facts, entry.version, now()
      from given join session_graph_entry entry using (digest) where source = ${source}
      on conflict (source, digest) do update
      set version = excluded.version, facts = excluded.facts, facts_version = excluded.facts_version, at = excluded.at
    ), returned as (
      delete from session_graph_past past using given
      where source = ${source} and past.digest = given.digest and gone returning past.digest, past.version
    )
    insert into session_graph_entry as entry (
      source, seen, after_gone, version, digest, key, facts, native_id, provider, kind, status, agent, team, workflow,
      user_id, tags, day, created_at, updated_at, total_tokens, title, heading, search)
    select ${source}::text, ${sweep}::bigint, coalesce(returned.version, 0), given.version, digest, key, facts, native_id, provider, kind, status,
      agent, team, workflow, user_id, tags, day, created_at, updated_at, total_tokens, title, heading, search
    from given left join returned using (digest)
    on conflict (source, digest) do update set
      seen = greatest(entry.seen, excluded.seen), after_gone = null, version = excluded.version, facts = excluded.facts,
      native_id = excluded.native_id, provider = excluded.provider, kind = excluded.kind, status = excluded.status,
      agent = excluded.agent, team = excluded.team, workflow = excluded.workflow, user_id = excluded.user_id,
      tags = excluded.tags, day = excluded.day, created_at = excluded.created_at, updated_at = excluded.updated_at,
      total_tokens = excluded.total_tokens, title = excluded.title, heading = excluded.heading, search = excluded.search
    returning after_gone is not null as is_new`;
}

/** Removes entries, from this version on. Answers a row for each. */
export function toRemoveStatement(source: string, which: Sql, version: number): Sql {
  return sql`
    with removed as (
      delete from session_graph_entry where source = ${source} and digest in (${which}) returning digest, key, version, facts
    )
    insert into session_graph_past (source, digest, key, version, gone, facts, facts_version, at)
    select ${source}::text, digest, key, ${version - 1}::bigint + row_number() over (order by version), true, facts, version, now() from removed
    on conflict (source, digest) do update set
      version = excluded.version, gone = true, facts = excluded.facts, facts_version = excluded.facts_version, at = excluded.at
    returning digest`;
}

export function withKeys(keys: readonly string[]): Sql {
  return sql`select unnest(${toArray(keys.map(digestOf))}::uuid[])`;
}

export function unseen(source: string, sweep: number, limit: number): Sql {
  return sql`select digest from session_graph_entry where source = ${source} and seen < ${sweep} limit ${limit}`;
}

/** Forgets what entries were, and which are gone, after an hour or when there are many. Changes of before are not told any more. */
export function toForgetStatement(source: string, keptChanges: number): Sql {
  return sql`
    with forgotten as (
      delete from session_graph_past
      where source = ${source} and (at < now() - interval '1 hour' or version <= (
        select version from session_graph_past where source = ${source} order by version desc offset ${keptChanges} limit 1))
      returning version, gone
    )
    update session_graph_source
    set forgotten = greatest(forgotten, (select max(version) from forgotten where gone))
    where id = ${source}`;
}
