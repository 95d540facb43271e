import type { sessionsPageQuery$variables } from '#relay/sessionsPageQuery.graphql.ts';

export const providers = ['FOUNDRY', 'EVERRUNS', 'AGENTSCOPE', 'AGNO'] as const;
export const kinds = ['AGENT', 'TEAM', 'WORKFLOW'] as const;
export const statuses = ['WAITING', 'RUNNING', 'STARTING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'] as const;

export type OrderField = 'CREATED_AT' | 'UPDATED_AT';
export interface ListVariables {
  readonly search: string | null;
  readonly filter: NonNullable<sessionsPageQuery$variables['filter']>;
  readonly orderBy: { readonly field: OrderField; readonly direction: 'DESC' };
}

/** The list of what waits for a person. */
export const needsMe = '/?status=waiting&order=active';

/** The address of the list, narrowed to one thing. */
export const narrowedTo = (name: string, value: string): string => `/?${new URLSearchParams({ [name]: value })}`;

/** What the URL says about the list. Days are those of the user's time zone, as `2026-11-20`. */
export function toVariables({ searchParams }: URL): ListVariables {
  const given = (name: string): string[] | null => (searchParams.has(name) ? searchParams.getAll(name) : null);
  const words = <Word extends string>(name: string, known: readonly Word[]): Word[] | null => {
    const found = known.filter((word) => searchParams.has(name, word.toLowerCase()));
    return found.length === 0 ? null : found;
  };
  const field = searchParams.get('order') === 'active' ? 'UPDATED_AT' : 'CREATED_AT';
  return {
    search: searchParams.get('q') || null,
    filter: {
      statuses: words('status', statuses),
      providers: words('provider', providers),
      kinds: words('kind', kinds),
      sources: given('source'),
      nativeIds: given('native'),
      agents: given('agent'),
      teams: given('team'),
      workflows: given('workflow'),
      users: given('user'),
      [placeOf(field)]: { from: startOf(searchParams.get('from')), until: startOf(searchParams.get('until'), 1) },
    },
    orderBy: { field, direction: 'DESC' },
  };
}

/** The time that a list is ordered by, and narrowed to. */
export const placeOf = (field: OrderField) => (field === 'CREATED_AT' ? 'createdAt' : 'updatedAt');

/** When a day begins, or one that follows it; null for what is no day. */
function startOf(day: string | null, daysLater = 0): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (year === undefined) return null;
  return new Date(Number(year), Number(month) - 1, Number(date) + daysLater).toISOString();
}
