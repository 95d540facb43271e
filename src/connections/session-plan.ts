import type { OperationContext } from '../context.ts';
import { type FilterName, type InstantRange, matchesFilter, type SessionFilter } from '../domain/filter.ts';
import { momentsBy } from '../domain/moment.ts';
import type { SessionRecord } from '../domain/records.ts';
import { completeListFeed } from '../pagination/dialects/complete-list.ts';
import { type Feed, OrderUnsupportedError } from '../pagination/feed.ts';
import { mergePage } from '../pagination/merge.ts';
import type { MergeSource } from '../pagination/merge-request.ts';
import type { OrderField, Source } from '../providers/source.ts';
import type { ListSource } from './connection.ts';
import type { SourceOutcome } from './outcome.ts';
import { isCountable } from './total-count.ts';

/** How one source takes part in a page of sessions: what it filters and orders itself, and what is done here. */
export function planSource(
  source: Source,
  filter: SessionFilter,
  orderBy: OrderField,
  context: OperationContext,
): ListSource<SessionRecord> {
  if (!canHold(source, filter)) return { ask: false, outcome: nothingFound(source.id) };
  const ordersItself = source.capabilities.orders.includes(orderBy);
  const here = givenFilters(filter).filter((name) => source.capabilities.filters[name] === 'local');
  // The paging engine finds a range of what the list is ordered by without reading the rows before it.
  const local = here.filter((name) => name !== orderBy);
  const isFiltered = givenFilters(filter).length > 0;
  const accepts = isFiltered ? (session: SessionRecord) => matchesFilter(session, filter) : () => true;
  const open = async () => {
    if (ordersItself) return source.sessionFeeds({ filter, orderBy });
    return [sortedFeed(source, () => source.sessionFeeds({ filter, orderBy: 'createdAt' }), orderBy, context)];
  };
  const selective = ordersItself && local.length > 0;
  const stretch = toStretch(filter[orderBy]);
  return {
    ask: true,
    plan: {
      orderBy,
      ordersItself,
      filtersItself: givenFilters(filter)
        .filter((name) => !here.includes(name))
        .map(toWord),
      filteredHere: here.map(toWord),
    },
    countable: isCountable(source, filter, { orderBy, isFilteredHere: local.length > 0 }),
    source: { sourceId: source.id, open, accepts, selective, acceptsAll: !isFiltered, ...stretch },
  };
}

/** Whether any row of the source can pass the filter at all. */
function canHold({ capabilities }: Source, filter: SessionFilter): boolean {
  const isImpossible = givenFilters(filter).some((name) => capabilities.filters[name] === 'never');
  const kinds = filter.kinds ?? capabilities.kinds;
  const statuses = filter.statuses ?? capabilities.statuses;
  const { nativeIds, agentKeys, teamKeys, workflowKeys, userIds, tags } = filter;
  const isEmpty = [nativeIds, agentKeys, teamKeys, workflowKeys, userIds, tags].some((wanted) => wanted?.length === 0);
  return (
    !isImpossible &&
    !isEmpty &&
    kinds.some((kind) => capabilities.kinds.includes(kind)) &&
    statuses.some((status) => capabilities.statuses.includes(status))
  );
}

/** A range of what the list is ordered by is a stretch of it, found by the paging engine. */
function toStretch(range: InstantRange | null): Pick<MergeSource<unknown>, 'earliest' | 'latest'> {
  const latest = typeof range?.until === 'number' ? range.until - 1 : undefined;
  return { earliest: range?.from ?? undefined, latest };
}

function givenFilters(filter: SessionFilter): FilterName[] {
  return (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== null);
}

const words: Partial<Readonly<Record<FilterName, string>>> = {
  agentKeys: 'agents',
  teamKeys: 'teams',
  workflowKeys: 'workflows',
  userIds: 'users',
};

/** What clients call a filter. */
function toWord(name: FilterName): string {
  return words[name] ?? name;
}

/** The whole source, read in the order it has and sorted here, if it is small enough. */
function sortedFeed(
  source: Source,
  open: () => Promise<readonly Feed<SessionRecord>[]>,
  orderBy: OrderField,
  context: OperationContext,
): Feed<SessionRecord> {
  return completeListFeed<SessionRecord>({
    id: orderBy,
    sourceId: source.id,
    keyOf: (session) => session.key,
    momentOf: momentsBy[orderBy],
    async load() {
      const { scanRows } = context.paging;
      const all = await mergePage([{ sourceId: source.id, open, accepts: () => true, selective: false }], {
        direction: 'desc',
        walk: 'forward',
        size: scanRows,
        after: null,
        before: null,
        ...context.paging,
      });
      const report = all.sources.get(source.id);
      const error = report?.errors[0];
      if (error !== undefined) throw error;
      if (report?.tiesUnstable) {
        throw new OrderUnsupportedError(
          `Source "${source.id}" cannot order by this field, and changes the order of its sessions between requests, so they cannot be sorted here either.`,
        );
      }
      if (all.more) {
        throw new OrderUnsupportedError(
          `Source "${source.id}" cannot order by this field, and has more than the ${scanRows} sessions that can be sorted here.`,
        );
      }
      return all.items.map((item) => item.row);
    },
  });
}

function nothingFound(sourceId: string): SourceOutcome {
  return { sourceId, status: 'COMPLETE', ageMs: null, error: null, scanned: 0, totalCount: async () => 0 };
}
