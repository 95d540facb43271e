import { z } from 'zod';
import type { CatalogFacet, CatalogFacetField, CatalogSelection } from '../query.ts';
import { toPredicate } from './predicate.ts';
import { type Sql, sql } from './sql.ts';
import { fromStored } from './text.ts';

/** The entries without a value first, if there are any; then the values. Each row says how many different values there are. */
export function toFacetStatement(selection: CatalogSelection, field: CatalogFacetField, top: number): Sql {
  const value = columnFor(field);
  const source =
    field === 'agent' || field === 'team' ? sql`case when ${value} is not null then source end` : sql`null`;
  const tags = field === 'tag' ? sql`left join lateral unnest(tags) as each (tag) on true` : sql``;
  return sql`
    select source, value, count::float8, (count(value) over ())::float8 as distinct_values
    from (
      select ${source} as source, ${value} as value, count(*) as count
      from session_graph_entry ${tags}
      where ${toPredicate(selection)}
      group by 1, 2
    ) counted
    order by value is null desc, count desc, source, value
    limit ${top + 1}`;
}

const rows = z.array(
  z.object({
    source: z.string().nullable(),
    value: z.string().nullable(),
    count: z.number(),
    distinct_values: z.number(),
  }),
);

export function toFacet(answer: readonly unknown[], top: number): CatalogFacet {
  const counted = rows.parse(answer);
  const values = counted.flatMap(({ source, value, count }) =>
    value === null ? [] : [{ sourceId: source === null ? null : fromStored(source), value: fromStored(value), count }],
  );
  return {
    values: values.slice(0, top),
    distinct: counted[0]?.distinct_values ?? 0,
    missing: counted.find(({ value }) => value === null)?.count ?? 0,
  };
}

function columnFor(field: CatalogFacetField): Sql {
  switch (field) {
    case 'source':
    case 'provider':
    case 'kind':
    case 'status':
    case 'agent':
    case 'team':
    case 'day':
      return { texts: [field], values: [] };
    case 'user':
      return sql`user_id`;
    case 'tag':
      return sql`each.tag`;
  }
}
