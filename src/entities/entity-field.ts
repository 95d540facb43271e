import type { OperationContext } from '../context.ts';
import type { EntityRecord, EntityRef } from '../domain/records.ts';
import type { EntityName, FieldShape } from '../providers/shape.ts';
import { loadEntity } from './load-entity.ts';
import { relatedEntity } from './related-entity.ts';
import { isSessionCopy } from './session-copy.ts';

/** A field of a provider's type that refers to other records, by what `read` finds in a `complete` parent. */
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
    : relatedEntity(entity, { ref, provider, selected }, context);
}

/** What the field refers to. The parent is completed, which may cost a request, only when its row does not say. */
export async function referenceIn<Parent>(
  parent: Parent,
  { field, complete }: Pick<EntityField<Parent>, 'field' | 'complete'>,
  context: OperationContext,
): Promise<EntityRef | null> {
  const known = isSessionCopy(parent) ? null : field.read(parent);
  const ref = known ?? field.read(await complete(parent, context)) ?? null;
  if (ref !== null && !isEntityRef(ref)) throw new Error('A shape refers to a record by no reference.');
  return ref;
}

function isEntityRef(value: unknown): value is EntityRef {
  return typeof value === 'object' && value !== null && 'sourceId' in value && 'key' in value;
}
