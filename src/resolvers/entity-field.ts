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
  const ref = field.read(await complete(parent, context));
  if (ref === null) return null;
  if (!isEntityRef(ref)) throw new Error(`A shape of provider ${provider} refers to a record by no reference.`);
  return entity === 'session'
    ? loadEntity(entity, ref, context)
    : neighbour(entity, { ref, provider, selected }, context);
}

function isEntityRef(value: unknown): value is EntityRef {
  return typeof value === 'object' && value !== null && 'sourceId' in value && 'key' in value;
}
