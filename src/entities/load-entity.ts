import type { OperationContext } from '../context.ts';
import { RequestError } from '../domain/errors.ts';
import type { EntityRef } from '../domain/records.ts';
import type { EntityLoaders, EntityRecords } from '../loaders/loaders.ts';
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
export function loadEachId<Value>(
  ids: readonly string[],
  load: (id: string) => Promise<Value>,
): readonly Promise<Value>[] {
  if (ids.length > maxIds) {
    throw new RequestError('BAD_USER_INPUT', `At most ${maxIds} ids are allowed at once, but there are ${ids.length}.`);
  }
  return ids.map(load);
}
