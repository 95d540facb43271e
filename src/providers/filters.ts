import type { SessionFilter } from '../domain/filter.ts';
import type { SessionKind } from '../domain/records.ts';
import type { Capabilities } from './source.ts';

/** Every filter looks at the rows, which is always right. A source says what its platform does better, or never has. */
export const filteredHere: Capabilities['filters'] = {
  nativeIds: 'local',
  kinds: 'local',
  agentKeys: 'local',
  teamKeys: 'local',
  workflowKeys: 'local',
  userIds: 'local',
  statuses: 'local',
  search: 'local',
  tags: 'local',
  createdAt: 'local',
  updatedAt: 'local',
};

/** Whether a source that has sessions of these kinds only, and of this user only unless null, has to be asked. */
export function mayHaveAny(
  filter: SessionFilter,
  has: { readonly kinds: readonly SessionKind[]; readonly user: string | null },
): boolean {
  const isOfUser = has.user === null || filter.userIds === null || filter.userIds.includes(has.user);
  return isOfUser && (filter.kinds === null || filter.kinds.some((kind) => has.kinds.includes(kind)));
}
