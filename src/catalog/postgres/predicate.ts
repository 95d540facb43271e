import type { InstantRange, SessionFilter } from '../../domain/filter.ts';
import type { CatalogSelection } from '../query.ts';
import { toLower } from '../search.ts';
import { joined, type Sql, sql, toArray } from './sql.ts';
import { toStored } from './text.ts';

/** Which entries are selected: `matchesFilter`, in SQL. */
export function toPredicate({ filters, words }: CatalogSelection): Sql {
  const sourcesOf = new Map<string, { readonly filter: SessionFilter; readonly sourceIds: string[] }>();
  for (const [sourceId, filter] of filters) {
    const name = JSON.stringify(filter);
    const alike = sourcesOf.get(name);
    if (alike === undefined) sourcesOf.set(name, { filter, sourceIds: [sourceId] });
    else alike.sourceIds.push(sourceId);
  }
  const parts = [...sourcesOf.values()].map(({ filter, sourceIds }) => {
    return sql`(${joined([isOneOf(sql`source`, sourceIds), ...conditionsOf(filter)], ' and ')})`;
  });
  if (parts.length === 0) return sql`false`;
  return joined([...words.map((word) => contains(sql`search`, word)), sql`(${joined(parts, ' or ')})`], ' and ');
}

function conditionsOf(filter: SessionFilter): readonly Sql[] {
  return [
    ...wanted(sql`native_id`, filter.nativeIds),
    ...wanted(sql`kind`, filter.kinds),
    ...wanted(sql`agent`, filter.agentKeys),
    ...wanted(sql`team`, filter.teamKeys),
    ...wanted(sql`workflow`, filter.workflowKeys),
    ...wanted(sql`user_id`, filter.userIds),
    ...wanted(sql`status`, filter.statuses),
    ...(filter.search === null ? [] : inHeading(toLower(filter.search))),
    ...(filter.tags === null ? [] : [sql`tags @> ${toArray(filter.tags.map(toStored))}`]),
    ...within(sql`created_at`, filter.createdAt),
    ...within(sql`updated_at`, filter.updatedAt),
  ];
}

function wanted(column: Sql, values: readonly string[] | null): readonly Sql[] {
  return values === null ? [] : [isOneOf(column, values)];
}

function isOneOf(column: Sql, values: readonly string[]): Sql {
  return sql`${column} = any(${toArray(values.map(toStored))})`;
}

/** All of a heading is searched too, and that has an index. */
function inHeading(part: string): readonly Sql[] {
  return [contains(sql`heading`, part), contains(sql`search`, part)];
}

function contains(column: Sql, part: string): Sql {
  return sql`${column} like ${`%${toStored(part).replaceAll(/[\\%_]/g, '\\$&')}%`}`;
}

function within(column: Sql, range: InstantRange | null): readonly Sql[] {
  if (range === null) return [];
  return [
    // No moment is in no range.
    sql`${column} > ${'-Infinity'}`,
    ...(range.from === null ? [] : [sql`${column} >= ${range.from}`]),
    ...(range.until === null ? [] : [sql`${column} < ${range.until}`]),
  ];
}
