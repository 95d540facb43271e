import type { OperationContext } from '../context.ts';
import { RequestError } from '../domain/errors.ts';
import type { AgentRecord, EntityRef, TeamRecord, WorkflowRecord } from '../domain/records.ts';
import type { EntityLoaders, EntityRecords } from '../loaders/loaders.ts';
import { nativeIdOf } from '../providers/key.ts';
import type { EntityName } from '../providers/shape.ts';
import { toEntityRef } from './node-id.ts';

const maxIds = 100;

export function loadEntity<Name extends EntityName>(
  entity: Name,
  ref: EntityRef,
  context: OperationContext,
): Promise<EntityRecords[Name] | null> {
  const loaders: EntityLoaders = context.loaders;
  return loaders[entity].load(ref);
}

export async function entityById<Name extends EntityName>(
  entity: Name,
  id: string,
  context: OperationContext,
): Promise<EntityRecords[Name] | null> {
  return loadEntity(entity, toEntityRef(id, entity), context);
}

/** One promise for each id, so that an id that fails is an error of its own item only. */
export function eachId<Value>(ids: readonly string[], load: (id: string) => Promise<Value>): readonly Promise<Value>[] {
  if (ids.length > maxIds) {
    throw new RequestError(
      'BAD_USER_INPUT',
      `At most ${maxIds} ids may be asked for at once, but there are ${ids.length}.`,
    );
  }
  return ids.map(load);
}

const toldByKey: ReadonlySet<string> = new Set(['__typename', 'id', 'nativeId', 'source', 'sessions']);

/** A neighbour of a record. When nothing is selected but what its key tells, its platform is not asked. */
export async function neighbour<Name extends Exclude<EntityName, 'session'>>(
  entity: Name,
  {
    ref,
    provider,
    selected,
  }: { readonly ref: EntityRef; readonly provider: string; readonly selected: () => ReadonlySet<string> },
  context: OperationContext,
): Promise<EntityRecords[Name] | null> {
  const isToldByKey = [...selected()].every((field) => toldByKey.has(field));
  return isToldByKey ? toldBy(ref, provider) : loadEntity(entity, ref, context);
}

function toldBy({ sourceId, key }: EntityRef, provider: string): AgentRecord & TeamRecord & WorkflowRecord {
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
