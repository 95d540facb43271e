import type { OperationContext } from '../context.ts';
import { matchesListFilter } from '../domain/filter.ts';
import type { Instant } from '../domain/instant.ts';
import type { EntityRecord } from '../domain/records.ts';
import type { PageArguments } from '../pagination/arguments.ts';
import { completeListFeed } from '../pagination/dialects/complete-list.ts';
import type { Moment } from '../pagination/order.ts';
import type { Source } from '../providers/source.ts';
import { askedSources, type SourceFilterInput } from './asked-sources.ts';
import { type Connection, type ListSource, toConnection } from './connection.ts';
import { type InstantRangeInput, toInstantRange } from './instant-range.ts';
import { toSearchText } from './search-text.ts';

export interface ListArguments extends PageArguments {
  readonly filter?: ListFilterInput | null | undefined;
  readonly orderBy?: ListOrderInput | null | undefined;
}

export interface ListFilterInput extends SourceFilterInput {
  readonly search?: string | null | undefined;
  readonly createdAt?: InstantRangeInput | null | undefined;
}

export type ListOrderField = 'CREATED_AT' | 'NAME';

export interface ListOrderInput {
  readonly field: ListOrderField;
  readonly direction?: 'ASC' | 'DESC' | null | undefined;
}

export interface ListedRecord extends EntityRecord {
  readonly name: string | null;
  readonly createdAt?: Instant | null;
}

export interface WholeList<Row> {
  /** Cursors are good for lists of this name only. */
  readonly name: string;
  readonly defaultOrder: ListOrderField;
  readonly load: (source: Source) => Promise<readonly Row[]>;
}

/** Agents, teams, workflows: platforms answer these lists whole, so they are filtered and ordered here. */
export async function wholeListConnection<Row extends ListedRecord>(
  { filter, orderBy, ...page }: ListArguments,
  list: WholeList<Row>,
  only: string | undefined,
  context: OperationContext,
): Promise<Connection<Row>> {
  const field = orderBy?.field ?? list.defaultOrder;
  const usualDirection = field === 'NAME' ? 'ASC' : 'DESC';
  const direction = (orderBy?.direction ?? usualDirection) === 'ASC' ? 'asc' : 'desc';
  const wanted = {
    search: toSearchText(filter?.search),
    createdAt: toInstantRange('createdAt', filter?.createdAt),
  };
  const filteredHere = Object.entries(wanted).flatMap(([name, value]) => (value === null ? [] : [name]));
  const sent = new Map<string, number>();

  function toListSource(source: Source): ListSource<Row> {
    const sourceId = source.id;
    const feed = completeListFeed<Row>({
      id: list.name,
      sourceId,
      keyOf: (row) => row.key,
      momentOf: (row) => (field === 'NAME' ? nameMoment(row) : (row.createdAt?.micros ?? null)),
      async load() {
        const rows = await list.load(source);
        sent.set(sourceId, rows.length);
        return rows.filter((row) => matchesListFilter(row, wanted));
      },
    });
    return {
      ask: true,
      countable: true,
      plan: { orderBy: field === 'NAME' ? 'name' : 'createdAt', ordersItself: false, filtersItself: [], filteredHere },
      source: { sourceId, open: async () => [feed], accepts: () => true, selective: false },
    };
  }

  const sources = askedSources(filter ?? {}, only, context).map(toListSource);
  const identity = { list: list.name, only, filter: filter ?? {}, field, direction };
  const scannedOf = (sourceId: string) => sent.get(sourceId) ?? 0;
  return toConnection(
    { name: list.name, identity, direction, sources, scannedOf, isMadeOfReadsAlone: false },
    page,
    context,
  );
}

/** Case is ignored. Cursors hold the name as UTF-8, so it must not have a lone half of a surrogate pair. */
function nameMoment({ name }: ListedRecord): Moment {
  return name === null ? null : name.toLocaleLowerCase('en').toWellFormed();
}
