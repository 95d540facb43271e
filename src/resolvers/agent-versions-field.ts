import type { OperationContext } from '../context.ts';
import type { EntityRecord } from '../domain/records.ts';
import { type EntityField, referenceIn } from './entity-field.ts';

/** All versions of the agent that a field of a provider's type refers to; each is known from then on. */
export async function agentVersionsField<Parent>(
  parent: Parent,
  field: Pick<EntityField<Parent>, 'field' | 'complete'>,
  context: OperationContext,
): Promise<readonly EntityRecord[] | null> {
  const agent = await referenceIn(parent, field, context);
  const versions = agent === null ? null : await context.loaders.versionsOfAgent.load(agent);
  for (const version of versions ?? []) context.loaders.agentVersion.prime(version, version);
  return versions;
}
