import { type Direction, reverse } from '../../pagination/order.ts';
import type { CatalogOrderField, CatalogPlace, CatalogRange, CatalogSelection } from '../query.ts';
import { columnOf, toColumn } from './moment.ts';
import { toPredicate } from './predicate.ts';
import { joined, type Sql, sql } from './sql.ts';
import { toStored } from './text.ts';

/** In the direction of the walk, and one more than its size when there are more. */
export function toPageStatement(selection: CatalogSelection, { order, walk, size, after, before }: CatalogRange): Sql {
  const { field, direction } = order;
  const conditions = [
    toPredicate(selection),
    ...(after === null ? [] : [isBeyond(field, direction, after)]),
    ...(before === null ? [] : [isBeyond(field, reverse(direction), before)]),
  ];
  const column = columnOf(field);
  const isUp = direction === (walk === 'forward' ? 'asc' : 'desc');
  const sorted = isUp ? sql`${column}, source, key` : sql`${column} desc, source desc, key desc`;
  return sql`select facts from session_graph_entry where ${joined(conditions, ' and ')} order by ${sorted} limit ${size + 1}`;
}

function isBeyond(field: CatalogOrderField, direction: Direction, { moment, sourceId, key }: CatalogPlace): Sql {
  const entry = sql`(${columnOf(field)}, source, key)`;
  const place = sql`(${toColumn(field, moment)}, ${toStored(sourceId)}, ${toStored(key)})`;
  return direction === 'asc' ? sql`${entry} > ${place}` : sql`${entry} < ${place}`;
}
