import type { OperationContext } from '../context.ts';
import { RequestError } from '../domain/errors.ts';
import type { EntityRecords } from '../loaders/loaders.ts';
import type { EntityName } from '../providers/shape.ts';
import { entityById } from './load-entity.ts';

export interface Reference {
  readonly id: string;
}

/** The record that another subgraph refers to by its id. Null when it no longer exists, or is of another provider than the type that was named. */
export async function referencedEntity<Name extends EntityName>(
  entity: Name,
  provider: string | null,
  reference: Reference,
  context: OperationContext,
): Promise<EntityRecords[Name] | null> {
  const record = await entityById(entity, referencedId(reference), context);
  if (record === null || (provider !== null && record.provider !== provider)) return null;
  // A copy, because @apollo/subgraph writes `__typename` into what it gets, and the loaders share their records.
  return { ...record };
}

/** A user is known by nothing but an id. */
export function toUser(id: string | null): Reference | null {
  return id === null ? null : { id };
}

export async function referencedUser(reference: Reference): Promise<Reference> {
  return { id: referencedId(reference) };
}

/** Representations are `_Any`: GraphQL has not looked into them. */
export function referencedId({ id }: { readonly id?: unknown }): string {
  if (typeof id !== 'string' || id === '') {
    throw new RequestError('BAD_USER_INPUT', 'A representation must have an `id` that is a string.');
  }
  return id;
}
