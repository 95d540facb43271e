import type { Moment } from '../../pagination/order.ts';
import type { CatalogOrderField } from '../query.ts';
import { type Sql, sql } from './sql.ts';
import { toStored } from './text.ts';

/** The column that entries are ordered by. It has no nulls, so that PostgreSQL can compare whole places. */
export function columnOf(field: CatalogOrderField): Sql {
  switch (field) {
    case 'createdAt':
      return sql`created_at`;
    case 'updatedAt':
      return sql`updated_at`;
    case 'totalTokens':
      return sql`total_tokens`;
    case 'title':
      return sql`title`;
  }
}

/** A moment as it stands in the column. That of another kind of order, which only a made up cursor has, stands where `compareMoments` puts it. */
export function toColumn(field: CatalogOrderField, moment: Moment): string | number {
  if (field === 'title') {
    if (typeof moment === 'string') return `=${toStored(moment)}`;
    return moment === null ? '' : ' ';
  }
  if (typeof moment === 'number') return moment;
  return moment === null ? '-Infinity' : 'Infinity';
}
