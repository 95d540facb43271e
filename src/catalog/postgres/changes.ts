import { z } from 'zod';
import type { CatalogChange } from '../store.ts';
import { fromFacts } from './entry-row.ts';
import { type Sql, sql } from './sql.ts';
import { fromStored, toStored } from './text.ts';

/**
 * The first row is of the source, with its version and that of the last change which was forgotten; the others are changes.
 * An entry that was never changed came after another of the same key had gone (`after_gone`), or 0.
 */
export function toChangesStatement(sourceId: string, after: number, limit: number): Sql {
  const source = toStored(sourceId);
  return sql`
    (select true as is_source, version::float8, forgotten::float8, null as key, null as facts, null as before, null as before_version
      from session_graph_source where id = ${source})
    union all
    (select false, version::float8, null, key, facts, before, before_version::float8 from (
      (select entry.version, entry.key, entry.facts, past.facts as before, coalesce(entry.after_gone, past.facts_version) as before_version
        from session_graph_entry entry
        left join session_graph_past past using (source, digest)
        where source = ${source} and entry.version > ${after} order by entry.version limit ${limit})
      union all
      (select version, key, null, facts, facts_version
        from session_graph_past where source = ${source} and gone and version > ${after} order by version limit ${limit})
    ) changed order by version limit ${limit})
    order by is_source desc, version`;
}

const sourceRow = z.object({ version: z.number(), forgotten: z.number() });
const changeRows = z.array(
  z.object({
    version: z.number(),
    key: z.string(),
    facts: z.string().nullable(),
    before: z.string().nullable(),
    before_version: z.number().nullable(),
  }),
);

export function toChanges([first, ...others]: readonly unknown[], after: number): readonly CatalogChange[] | null {
  if (first === undefined) return after === 0 ? [] : null;
  const { version, forgotten } = sourceRow.parse(first);
  // There is no such version where a backup took the place of what was there.
  if (after < forgotten || after > version) return null;
  return changeRows.parse(others).map(({ version, key, facts, before, before_version }) => {
    const isKnown = before_version !== null;
    return {
      version,
      key: fromStored(key),
      entry: facts === null ? null : fromFacts(facts),
      before: before === null ? (isKnown ? null : undefined) : fromFacts(before),
      beforeVersion: before_version ?? 0,
    };
  });
}
