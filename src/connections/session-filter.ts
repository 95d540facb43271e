import { RequestError } from '../domain/errors.ts';
import type { SessionFilter } from '../domain/filter.ts';
import type { EntityRef, SessionKind, SessionStatus } from '../domain/records.ts';
import { toEntityRef } from '../entities/node-id.ts';
import type { SourceFilterInput } from './asked-sources.ts';
import { type InstantRangeInput, toInstantRange } from './instant-range.ts';
import { toSearchText } from './search-text.ts';

/** Each may cost a request to every source, and to some sources one for each of their agents. */
const maxNativeIds = 20;

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

/** What a connection field is already about, beside what its arguments say. */
export interface SessionScope {
  readonly sourceId?: string;
  readonly agent?: EntityRef;
  readonly team?: EntityRef;
  readonly workflow?: EntityRef;
  readonly userId?: string;
}

/** What is asked of each source: the ids of agents, teams and workflows become the keys of its own. */
export function toSessionFilters(input: SessionFilterInput, scope: SessionScope): (sourceId: string) => SessionFilter {
  const ranges = {
    createdAt: toInstantRange('createdAt', input.createdAt),
    updatedAt: toInstantRange('updatedAt', input.updatedAt),
  };
  return (sourceId) => ({ ...toFilter(input, scope, sourceId), ...ranges });
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
