import type { filterBarQuery$variables } from '#relay/filterBarQuery.graphql.ts';
import type { sessionsPageQuery$variables } from '#relay/sessionsPageQuery.graphql.ts';

export const providers = ['FOUNDRY', 'EVERRUNS', 'AGENTSCOPE', 'AGNO'] as const;
export const kinds = ['AGENT', 'TEAM', 'WORKFLOW'] as const;
export const statuses = ['WAITING', 'RUNNING', 'STARTING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'] as const;

export type OrderField = 'CREATED_AT' | 'UPDATED_AT';
export type ListVariables = sessionsPageQuery$variables & {
  readonly orderBy: { readonly field: OrderField };
  /** For the catalog: whatever the day. */
  readonly counted: filterBarQuery$variables;
};

/** The address of the list, narrowed to one thing. */
export const narrowedTo = (name: string, value: string): string => `/?${new URLSearchParams({ [name]: value })}`;

/** What the URL says about the list. Days are those of the user's time zone, as `2026-11-20`. */
export function toVariables({ searchParams }: URL): ListVariables {
  const given = (name: string): string[] | null => (searchParams.has(name) ? searchParams.getAll(name) : null);
  const words = <Word extends string>(name: string, known: readonly Word[]): Word[] | null => {
    const found = known.filter((word) => searchParams.has(name, word.toLowerCase()));
    return found.length === 0 ? null : found;
  };
  const createdAt = { from: startOf(searchParams.get('from')), until: startOf(searchParams.get('until'), 1) };
  const shared = {
    statuses: words('status', statuses),
    providers: words('provider', providers),
    kinds: words('kind', kinds),
    sources: given('source'),
    nativeIds: given('native'),
    agents: given('agent'),
    teams: given('team'),
    workflows: given('workflow'),
    users: given('user'),
    createdAt,
  };
  const search = searchParams.get('q') || null;
  const field = searchParams.get('order') === 'active' ? 'UPDATED_AT' : 'CREATED_AT';
  const place = field === 'CREATED_AT' ? 'createdAt' : 'updatedAt';
  const { from, until } = field === 'CREATED_AT' ? createdAt : { from: null, until: null };
  // The day that was jumped to divides the list: what is older follows below, what is newer can be loaded above.
  const at = startOf(searchParams.get('at'), 1);
  const older = { from, until: at === null || (until !== null && until < at) ? until : at };
  const newer = { from: at === null || (from !== null && from > at) ? from : at, until };
  const orderBy = { field, direction: 'DESC' } as const;
  return {
    filter: { ...shared, search, [place]: older },
    orderBy,
    newerFilter: { ...shared, search, [place]: newer },
    newerOrderBy: { field, direction: 'ASC' },
    jumped: at !== null,
    search,
    searching: search !== null,
    foundFilter: { ...shared, [place]: older },
    foundOrderBy: orderBy,
    counted: { search, filter: shared },
  };
}

/** When a day begins, or one that follows it; null for what is no day. */
function startOf(day: string | null, daysLater = 0): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (year === undefined) return null;
  return new Date(Number(year), Number(month) - 1, Number(date) + daysLater).toISOString();
}
