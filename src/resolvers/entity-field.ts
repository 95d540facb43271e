import type { OperationContext } from '../context.ts';
import type { EntityRecord, EntityRef } from '../domain/records.ts';
import type { EntityName, FieldShape } from '../providers/shape.ts';
import { loadEntity, neighbour } from './entity.ts';

/** A field of a provider's type that refers to other records by what `read` tells of a parent that is `complete`. */
export interface EntityField<Parent> {
  readonly field: Pick<FieldShape<Parent>, 'read'>;
  readonly complete: (parent: Parent, context: OperationContext) => Promise<Parent>;
  readonly entity: EntityName;
  readonly provider: string;
  readonly selected: () => ReadonlySet<string>;
}

export async function entityField<Parent>(
  parent: Parent,
  { field, complete, entity, provider, selected }: EntityField<Parent>,
  context: OperationContext,
): Promise<EntityRecord | null> {
  const ref = await referenceIn(parent, { field, complete }, context);
  if (ref === null) return null;
  return entity === 'session'
    ? loadEntity(entity, ref, context)
    : neighbour(entity, { ref, provider, selected }, context);
}

/** What the field refers to. A parent that tells it need not be completed, which may cost a request. */
export async function referenceIn<Parent>(
  parent: Parent,
  { field, complete }: Pick<EntityField<Parent>, 'field' | 'complete'>,
  context: OperationContext,
): Promise<EntityRef | null> {
  const ref = field.read(parent) ?? field.read(await complete(parent, context)) ?? null;
  if (ref !== null && !isEntityRef(ref)) throw new Error('A shape refers to a record by no reference.');
  return ref;
}

function isEntityRef(value: unknown): value is EntityRef {
  return typeof value === 'object' && value !== null && 'sourceId' in value && 'key' in value;
}
