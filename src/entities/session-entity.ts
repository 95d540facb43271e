import type { OperationContext } from '../context.ts';
import type { SessionRecord } from '../domain/records.ts';
import type { EntityRecords } from '../loaders/loaders.ts';
import { completeSession } from './completion.ts';
import { relatedEntity } from './related-entity.ts';

/** What a session runs. The row of a list may not say it; then the session itself is read. */
export function sessionEntity<Name extends 'agent' | 'team' | 'workflow'>(
  entity: Name,
  session: SessionRecord,
  selected: () => ReadonlySet<string>,
  context: OperationContext,
): Promise<EntityRecords[Name] | null> | EntityRecords[Name] | null {
  const { sourceId, provider } = session;
  const name = `${entity}Key` as const;
  const find = (key: string | null) =>
    key === null ? null : relatedEntity(entity, { ref: { sourceId, key }, provider, selected }, context);
  if (session[name] !== null || session.complete) return find(session[name]);
  return completeSession(session, context).then((whole) => find(whole[name]));
}
