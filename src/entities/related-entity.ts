import type { OperationContext } from '../context.ts';
import type { AgentRecord, EntityRef, TeamRecord, WorkflowRecord } from '../domain/records.ts';
import type { EntityRecords } from '../loaders/loaders.ts';
import { nativeIdOf } from '../providers/key.ts';
import type { EntityName } from '../providers/shape.ts';
import { loadEntity } from './load-entity.ts';

const fieldsOfKey: ReadonlySet<string> = new Set(['__typename', 'id', 'nativeId', 'source', 'sessions']);

/** Whether the key of a record answers this field of it, so that its platform need not be asked. */
export function isFieldOfKey(field: string): boolean {
  return fieldsOfKey.has(field);
}

/** What a record refers to by key. Its platform is asked only when a field is selected that the key does not answer. */
export function relatedEntity<Name extends Exclude<EntityName, 'session'>>(
  entity: Name,
  {
    ref,
    provider,
    selected,
  }: { readonly ref: EntityRef; readonly provider: string; readonly selected: () => ReadonlySet<string> },
  context: OperationContext,
): Promise<EntityRecords[Name] | null> | EntityRecords[Name] {
  const isKeyEnough = [...selected()].every(isFieldOfKey);
  return isKeyEnough ? recordOfKey(ref, provider) : loadEntity(entity, ref, context);
}

function recordOfKey({ sourceId, key }: EntityRef, provider: string): AgentRecord & TeamRecord & WorkflowRecord {
  return {
    sourceId,
    key,
    provider,
    nativeId: nativeIdOf(key),
    row: null,
    name: null,
    description: null,
    model: null,
    createdAt: null,
    leader: null,
    members: [],
  };
}
