import { registry } from '../providers/registry.ts';
import type { EntityName } from '../providers/shape.ts';

const typesOf = new Map(registry.map(({ name, types }) => [name, types]));

/** The object type of a kind of record of one provider. */
export function typeName(entity: EntityName, provider: string): string {
  const shape = typesOf.get(provider)?.[entity];
  if (shape === undefined || shape === null)
    throw new Error(`Provider ${provider} has no type for its ${entity} records.`);
  return shape.name;
}
