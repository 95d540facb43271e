import type { OperationContext } from '../context.ts';
import type { SessionRecord } from '../domain/records.ts';
import type { EntityRecords } from '../loaders/loaders.ts';
import { completeSession } from './completion.ts';
import { relatedEntity } from './related-entity.ts';

/** What a session runs. The row of a list may not say it; then the session itself is read. */
export async function sessionEntity<Name extends 'agent' | 'team' | 'workflow'>(
  entity: Name,
  session: SessionRecord,
  selected: () => ReadonlySet<string>,
  context: OperationContext,
): Promise<EntityRecords[Name] | null> {
  const { sourceId, provider } = session;
  const name = `${entity}Key` as const;
  const key = session[name] ?? (await completeSession(session, context))[name];
  return key === null ? null : relatedEntity(entity, { ref: { sourceId, key }, provider, selected }, context);
}
