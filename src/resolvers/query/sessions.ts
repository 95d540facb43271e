import { askedSources, type SourceFilterInput } from '../../connections/asked-sources.ts';
import { type Connection, toConnection } from '../../connections/connection.ts';
import { type InstantRangeInput, toInstantRange } from '../../connections/instant-range.ts';
import { toSearchText } from '../../connections/search-text.ts';
import { planSource } from '../../connections/session-plan.ts';
import type { OperationContext } from '../../context.ts';
import { RequestError } from '../../domain/errors.ts';
import type { SessionFilter } from '../../domain/filter.ts';
import type { EntityRef, SessionKind, SessionRecord, SessionStatus } from '../../domain/records.ts';
import { toEntityRef } from '../../entities/node-id.ts';
import type { PageArguments } from '../../pagination/arguments.ts';
import type { OrderField } from '../../providers/source.ts';

/** Each may cost a request to every source, and to some sources one for each of their agents. */
const maxNativeIds = 20;

export interface SessionConnectionArguments extends PageArguments {
  readonly filter?: SessionFilterInput | null | undefined;
  readonly orderBy?: SessionOrderInput | null | undefined;
}

export interface SessionFilterInput extends SourceFilterInput {
  readonly nativeIds?: readonly string[] | null | undefined;
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
  const input = filter ?? {};
  const only = scope.sourceId ?? (scope.agent ?? scope.team ?? scope.workflow)?.sourceId;
  const asked = askedSources(input, only, context);
  const field: OrderField = orderBy?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const direction = orderBy?.direction === 'ASC' ? 'asc' : 'desc';
  const identity = { scope, filter: input, field, direction };

  async function load(): Promise<Connection<SessionRecord>> {
    const ranges = {
      createdAt: toInstantRange('createdAt', input.createdAt),
      updatedAt: toInstantRange('updatedAt', input.updatedAt),
    };
    const sources = asked.map((source) =>
      planSource(source, { ...toFilter(input, scope, source.id), ...ranges }, field, context),
    );
    const connection = await toConnection({ name: 'sessions', identity, direction, sources }, page, context);
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

function toFilter(
  filter: SessionFilterInput,
  scope: SessionScope,
  sourceId: string,
): Omit<SessionFilter, 'createdAt' | 'updatedAt'> {
  return {
    nativeIds: toNativeIds(filter.nativeIds),
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
    search: toSearchText(filter.search),
    tags: filter.tags ?? null,
  };
}

/** An empty text is the id of nothing, so it is not sent to a platform. */
function toNativeIds(wanted: readonly string[] | null | undefined): readonly string[] | null {
  if (wanted === null || wanted === undefined) return null;
  if (wanted.length > maxNativeIds) {
    throw new RequestError(
      'BAD_USER_INPUT',
      `\`nativeIds\` may have at most ${maxNativeIds} ids, but there are ${wanted.length}.`,
    );
  }
  return [...new Set(wanted)].filter((id) => id !== '');
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
