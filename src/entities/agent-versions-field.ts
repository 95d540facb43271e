import type { OperationContext } from '../context.ts';
import type { EntityRecord } from '../domain/records.ts';
import { type EntityField, referenceIn } from './entity-field.ts';

/** All versions of the agent that a field of a provider's type refers to. */
export async function agentVersionsField<Parent>(
  parent: Parent,
  field: Pick<EntityField<Parent>, 'field' | 'complete'>,
  context: OperationContext,
): Promise<readonly EntityRecord[] | null> {
  const agent = await referenceIn(parent, field, context);
  return agent === null ? null : context.loaders.versionsOfAgent.load(agent);
}
