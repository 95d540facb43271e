import type { Instant } from './instant.ts';
import { momentsBy } from './moment.ts';
import type { SessionFacts, SessionKind, SessionStatus } from './records.ts';

/** Half open: `from` is inside, `until` is not. Microseconds. */
export interface InstantRange {
  readonly from: number | null;
  readonly until: number | null;
}

/** Which sessions of one source are asked for. Null means any. Keys are those of the asked source. */
export interface SessionFilter {
  readonly nativeIds: readonly string[] | null;
  readonly kinds: readonly SessionKind[] | null;
  readonly agentKeys: readonly string[] | null;
  readonly teamKeys: readonly string[] | null;
  readonly workflowKeys: readonly string[] | null;
  readonly userIds: readonly string[] | null;
  readonly statuses: readonly SessionStatus[] | null;
  readonly search: string | null;
  readonly tags: readonly string[] | null;
  readonly createdAt: InstantRange | null;
  readonly updatedAt: InstantRange | null;
}

export type FilterName = keyof SessionFilter;

export const anySession: SessionFilter = {
  nativeIds: null,
  kinds: null,
  agentKeys: null,
  teamKeys: null,
  workflowKeys: null,
  userIds: null,
  statuses: null,
  search: null,
  tags: null,
  createdAt: null,
  updatedAt: null,
};

/** The meaning of every filter, in one place: what platforms filter for us is checked with it too. */
export function matchesFilter(session: SessionFacts, filter: SessionFilter): boolean {
  return (
    isOneOf(session.nativeId, filter.nativeIds) &&
    isOneOf(session.kind, filter.kinds) &&
    isOneOf(session.agentKey, filter.agentKeys) &&
    isOneOf(session.teamKey, filter.teamKeys) &&
    isOneOf(session.workflowKey, filter.workflowKeys) &&
    isOneOf(session.userId, filter.userIds) &&
    isOneOf(session.status, filter.statuses) &&
    containsText(session.title ?? session.preview, filter.search) &&
    (filter.tags === null || filter.tags.every((tag) => session.tags.includes(tag))) &&
    (filter.createdAt === null || isWithin(momentsBy.createdAt(session), filter.createdAt)) &&
    (filter.updatedAt === null || isWithin(momentsBy.updatedAt(session), filter.updatedAt))
  );
}

/** Which agents, teams or workflows are asked for. Null means any. */
export interface ListFilter {
  readonly search: string | null;
  readonly createdAt: InstantRange | null;
}

export function matchesListFilter(
  { name, createdAt }: { readonly name: string | null; readonly createdAt?: Instant | null },
  filter: ListFilter,
): boolean {
  return (
    containsText(name, filter.search) &&
    (filter.createdAt === null || isWithin(createdAt?.micros ?? null, filter.createdAt))
  );
}

function isOneOf<T>(value: T | null, wanted: readonly T[] | null): boolean {
  return wanted === null || (value !== null && wanted.includes(value));
}

function containsText(text: string | null, search: string | null): boolean {
  return search === null || (text?.toLocaleLowerCase('en').includes(search.toLocaleLowerCase('en')) ?? false);
}

function isWithin(micros: number | null, range: InstantRange): boolean {
  if (micros === null) return false;
  return (range.from === null || micros >= range.from) && (range.until === null || micros < range.until);
}
