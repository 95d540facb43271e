import type { OperationContext } from '../../context.ts';
import { RequestError } from '../../domain/errors.ts';
import type { InstantRange, SessionFilter } from '../../domain/filter.ts';
import type { Instant } from '../../domain/instant.ts';
import type { EntityRef, SessionKind, SessionRecord, SessionStatus } from '../../domain/records.ts';
import type { PageArguments } from '../../pagination/arguments.ts';
import type { OrderField } from '../../providers/source.ts';
import { type Connection, toConnection } from '../connection.ts';
import { toEntityRef, toSourceId } from '../node-id.ts';
import { planSource } from '../session-plan.ts';

export interface SessionConnectionArguments extends PageArguments {
  readonly filter?: SessionFilterInput | null | undefined;
  readonly orderBy?: SessionOrderInput | null | undefined;
}

export interface SessionFilterInput {
  readonly sources?: readonly string[] | null | undefined;
  readonly providers?: readonly string[] | null | undefined;
  readonly kinds?: readonly SessionKind[] | null | undefined;
  readonly agents?: readonly string[] | null | undefined;
  readonly teams?: readonly string[] | null | undefined;
  readonly workflows?: readonly string[] | null | undefined;
  readonly users?: readonly string[] | null | undefined;
  readonly statuses?: readonly SessionStatus[] | null | undefined;
  readonly search?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly createdAt?: InstantRangeInput | null | undefined;
  readonly updatedAt?: InstantRangeInput | null | undefined;
}

export interface InstantRangeInput {
  readonly from?: Instant | null | undefined;
  readonly until?: Instant | null | undefined;
}

export interface SessionOrderInput {
  readonly field: 'CREATED_AT' | 'UPDATED_AT';
  readonly direction: 'ASC' | 'DESC';
}

/** What a connection field is already about, beside what its arguments say. */
export interface SessionScope {
  readonly sourceId?: string;
  readonly agent?: EntityRef;
  readonly team?: EntityRef;
  readonly workflow?: EntityRef;
  readonly userId?: string;
}

/** Any connection of sessions: the sources that are asked, each with its plan, merged into one page. */
export function sessionConnection(
  { filter, orderBy, ...page }: SessionConnectionArguments,
  scope: SessionScope,
  context: OperationContext,
): Promise<Connection<SessionRecord>> {
  const asked = askedSources(filter ?? {}, scope, context);
  const field: OrderField = orderBy?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const direction = orderBy?.direction === 'ASC' ? 'asc' : 'desc';
  const identity = { scope, filter: filter ?? {}, field, direction };

  async function load(): Promise<Connection<SessionRecord>> {
    const sources = asked.map((source) => planSource(source, toFilter(filter ?? {}, scope, source.id), field, context));
    const range = toRange(field, filter?.[field]);
    const connection = await toConnection(
      {
        identity,
        direction,
        earliest: range?.from ?? undefined,
        latest: typeof range?.until === 'number' ? range.until - 1 : undefined,
        sources,
      },
      page,
      context,
    );
    for (const { node } of connection.edges) context.loaders.primeSession(node);
    return connection;
  }

  const pages = pagesOf(context);
  const name = JSON.stringify({ identity, page });
  const known = pages.get(name) ?? load();
  pages.set(name, known);
  return known;
}

type Pages = Map<string, Promise<Connection<SessionRecord>>>;

const pagesOfOperations = new WeakMap<OperationContext, Pages>();

/** Pages already asked for in this operation: the same list under two aliases is read once. */
function pagesOf(context: OperationContext): Pages {
  const pages: Pages = pagesOfOperations.get(context) ?? new Map();
  pagesOfOperations.set(context, pages);
  return pages;
}

function askedSources(filter: SessionFilterInput, scope: SessionScope, context: OperationContext) {
  const sourceIds = filter.sources?.map(toSourceId);
  const unknown = sourceIds?.find((id) => !context.sources.has(id));
  if (unknown !== undefined) throw new RequestError('BAD_USER_INPUT', `There is no source "${unknown}".`);
  const only = scope.sourceId ?? (scope.agent ?? scope.team ?? scope.workflow)?.sourceId;
  return [...context.sources.values()].filter(
    (source) =>
      (only === undefined || source.id === only) &&
      (sourceIds === undefined || sourceIds.includes(source.id)) &&
      (filter.providers?.includes(source.provider) ?? true),
  );
}

function toFilter(filter: SessionFilterInput, scope: SessionScope, sourceId: string): SessionFilter {
  const search = filter.search?.trim() ?? '';
  return {
    kinds: filter.kinds ?? null,
    agentKeys: keysIn(
      sourceId,
      filter.agents?.map((id) => toEntityRef(id, 'agent')),
      scope.agent,
    ),
    teamKeys: keysIn(
      sourceId,
      filter.teams?.map((id) => toEntityRef(id, 'team')),
      scope.team,
    ),
    workflowKeys: keysIn(
      sourceId,
      filter.workflows?.map((id) => toEntityRef(id, 'workflow')),
      scope.workflow,
    ),
    userIds: narrow(filter.users ?? null, scope.userId),
    statuses: filter.statuses ?? null,
    search: search === '' ? null : search,
    tags: filter.tags === undefined || filter.tags?.length === 0 ? null : (filter.tags ?? null),
    createdAt: toRange('createdAt', filter.createdAt),
    updatedAt: toRange('updatedAt', filter.updatedAt),
  };
}

function keysIn(
  sourceId: string,
  wanted: readonly EntityRef[] | undefined,
  scope: EntityRef | undefined,
): readonly string[] | null {
  const keys = wanted?.filter((ref) => ref.sourceId === sourceId).map((ref) => ref.key) ?? null;
  return narrow(keys, scope?.key);
}

function narrow(wanted: readonly string[] | null, scope: string | undefined): readonly string[] | null {
  if (scope === undefined) return wanted === null ? null : [...new Set(wanted)];
  return wanted === null || wanted.includes(scope) ? [scope] : [];
}

function toRange(name: string, range: InstantRangeInput | null | undefined): InstantRange | null {
  const from = range?.from?.micros ?? null;
  const until = range?.until?.micros ?? null;
  if (from !== null && until !== null && from >= until) {
    throw new RequestError('BAD_USER_INPUT', `In \`${name}\`, \`from\` must be before \`until\`.`);
  }
  return from === null && until === null ? null : { from, until };
}
