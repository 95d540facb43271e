import type { sessionsPageQuery$variables } from '#relay/sessionsPageQuery.graphql.ts';

export const providers = ['FOUNDRY', 'EVERRUNS', 'AGENTSCOPE', 'AGNO'] as const;
export const kinds = ['AGENT', 'TEAM', 'WORKFLOW'] as const;
export const statuses = ['WAITING', 'RUNNING', 'STARTING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'] as const;

export type OrderField = 'CREATED_AT' | 'UPDATED_AT';

/** What the URL says about the list. Days are those of the user's time zone, as `2026-11-20`. */
export interface Filters {
  readonly providers: readonly (typeof providers)[number][];
  readonly sources: readonly string[];
  readonly kinds: readonly (typeof kinds)[number][];
  readonly statuses: readonly (typeof statuses)[number][];
  readonly agents: readonly string[];
  readonly teams: readonly string[];
  readonly workflows: readonly string[];
  readonly users: readonly string[];
  readonly search: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly order: OrderField;
  readonly at: string | null;
}

export function readFilters({ searchParams }: URL): Filters {
  const words = <Word extends string>(name: string, known: readonly Word[]): readonly Word[] =>
    known.filter((word) => searchParams.getAll(name).includes(word.toLowerCase()));
  const day = (name: string): string | null => {
    const text = searchParams.get(name);
    return text !== null && startOf(text) !== null ? text : null;
  };
  return {
    providers: words('provider', providers),
    sources: searchParams.getAll('source'),
    kinds: words('kind', kinds),
    statuses: words('status', statuses),
    agents: searchParams.getAll('agent'),
    teams: searchParams.getAll('team'),
    workflows: searchParams.getAll('workflow'),
    users: searchParams.getAll('user'),
    search: searchParams.get('q') || null,
    from: day('from'),
    until: day('until'),
    order: searchParams.get('order') === 'active' ? 'UPDATED_AT' : 'CREATED_AT',
    at: day('at'),
  };
}

export function toHref(filters: Partial<Filters>): string {
  const lower = (words: readonly string[] = []): readonly string[] => words.map((word) => word.toLowerCase());
  const pairs = [
    ...lower(filters.statuses).map((value) => ['status', value]),
    ...lower(filters.providers).map((value) => ['provider', value]),
    ...(filters.sources ?? []).map((value) => ['source', value]),
    ...lower(filters.kinds).map((value) => ['kind', value]),
    ...(filters.agents ?? []).map((value) => ['agent', value]),
    ...(filters.teams ?? []).map((value) => ['team', value]),
    ...(filters.workflows ?? []).map((value) => ['workflow', value]),
    ...(filters.users ?? []).map((value) => ['user', value]),
    ...Object.entries({ q: filters.search, from: filters.from, until: filters.until, at: filters.at }),
    ...(filters.order === 'UPDATED_AT' ? [['order', 'active']] : []),
  ];
  const search = new URLSearchParams(pairs.filter((pair): pair is [string, string] => (pair[1] ?? '') !== ''));
  return search.size === 0 ? '/' : `/?${search}`;
}

export type ListVariables = sessionsPageQuery$variables & { readonly orderBy: { readonly field: OrderField } };

export function toVariables(filters: Filters): ListVariables {
  const given = (values: readonly string[]): string[] | null => (values.length === 0 ? null : [...values]);
  const created = { from: startOf(filters.from), until: endOf(filters.until) };
  const shared = {
    providers: filters.providers.length === 0 ? null : [...filters.providers],
    kinds: filters.kinds.length === 0 ? null : [...filters.kinds],
    statuses: filters.statuses.length === 0 ? null : [...filters.statuses],
    sources: given(filters.sources),
    agents: given(filters.agents),
    teams: given(filters.teams),
    workflows: given(filters.workflows),
    users: given(filters.users),
    search: filters.search,
    createdAt: created,
  };
  const field = filters.order;
  const place = field === 'CREATED_AT' ? 'createdAt' : 'updatedAt';
  const at = endOf(filters.at);
  const limits = field === 'CREATED_AT' ? created : { from: null, until: null };
  // The day that was jumped to divides the list: what is older follows below, what is newer can be loaded above.
  const older = at === null ? limits : { ...limits, until: earlier(at, limits.until) };
  const newer = at === null ? limits : { ...limits, from: later(at, limits.from) };
  return {
    filter: { ...shared, [place]: older },
    orderBy: { field, direction: 'DESC' },
    newerFilter: { ...shared, [place]: newer },
    newerOrderBy: { field, direction: 'ASC' },
    jumped: at !== null,
  };
}

const earlier = (left: string, right: string | null): string => (right === null || left < right ? left : right);
const later = (left: string, right: string | null): string => (right === null || left > right ? left : right);

function startOf(day: string | null): string | null {
  const [year, month, date] =
    /^(\d{4})-(\d\d)-(\d\d)$/
      .exec(day ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  if (year === undefined || month === undefined || date === undefined) return null;
  return new Date(year, month - 1, date).toISOString();
}

function endOf(day: string | null): string | null {
  const start = startOf(day);
  if (start === null) return null;
  const next = new Date(start);
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}
