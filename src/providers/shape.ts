import type { Instant } from '../domain/instant.ts';
import type { EntityRef } from '../domain/records.ts';

/**
 * The fields that only one platform has, as data: a provider says what they mean, the schema makes types of them. So a
 * provider needs no GraphQL, and the schema needs no list of providers.
 */
export interface ObjectShape<Parent> {
  readonly name: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, FieldShape<Parent>>>;
}

export type ScalarName = 'String' | 'Int' | 'Float' | 'Boolean' | 'JSON' | 'DateTime';

export type EntityName = 'session' | 'agent' | 'team' | 'workflow' | 'agentVersion';

export type FieldType =
  | { readonly kind: 'scalar'; readonly name: ScalarName }
  | { readonly kind: 'object'; readonly shape: ObjectShape<unknown> }
  | { readonly kind: 'entity'; readonly entity: EntityName }
  | { readonly kind: 'user' }
  | { readonly kind: 'agentVersions' };

export interface FieldShape<Parent> {
  readonly type: FieldType;
  readonly list: boolean;
  readonly required: boolean;
  /**
   * What must be read before the field has its value: the row as it came; the row, and the single record where the row is not
   * `complete`; or always the record in detail, because lists or lookups leave it out.
   */
  readonly needs: 'row' | 'complete' | 'detail';
  readonly description: string;
  // A method, so that a shape of a narrow parent is also a shape of `unknown`: the schema only hands back what it was given.
  read(parent: Parent): unknown;
}

const one = { list: false, required: false, needs: 'row' } as const;
const many = { list: true, required: true, needs: 'row' } as const;

function scalar<Value>(name: ScalarName) {
  return <Parent>(description: string, read: (parent: Parent) => Value | null): FieldShape<Parent> => ({
    ...one,
    type: { kind: 'scalar', name },
    description,
    read,
  });
}

export const text = scalar<string>('String');
export const int = scalar<number>('Int');
export const float = scalar<number>('Float');
export const flag = scalar<boolean>('Boolean');
export const json = scalar<unknown>('JSON');
export const time = scalar<Instant>('DateTime');

export function texts<Parent>(description: string, read: (parent: Parent) => readonly string[]): FieldShape<Parent> {
  return { ...many, type: { kind: 'scalar', name: 'String' }, description, read };
}

export function object<Parent, Child>(
  shape: ObjectShape<Child>,
  description: string,
  read: (parent: Parent) => Child | null,
): FieldShape<Parent> {
  return { ...one, type: { kind: 'object', shape }, description, read };
}

export function objects<Parent, Child>(
  shape: ObjectShape<Child>,
  description: string,
  read: (parent: Parent) => readonly Child[],
): FieldShape<Parent> {
  return { ...many, type: { kind: 'object', shape }, description, read };
}

/** Another record of the graph, found by its source and key through the loaders; null when it is gone. */
export function entity<Parent>(
  name: EntityName,
  description: string,
  read: (parent: Parent) => EntityRef | null,
): FieldShape<Parent> {
  return { ...one, type: { kind: 'entity', entity: name }, description, read };
}

/** An end user, by the id that the platform has for them. */
export function user<Parent>(description: string, readId: (parent: Parent) => string | null): FieldShape<Parent> {
  return {
    ...one,
    type: { kind: 'user' },
    description,
    read(parent) {
      const id = readId(parent);
      return id === null ? null : { id };
    },
  };
}

/** All versions of the agent that is referred to, found by its source through the loaders; null when it is gone. */
export function agentVersions<Parent>(
  description: string,
  read: (parent: Parent) => EntityRef | null,
): FieldShape<Parent> {
  return { ...one, type: { kind: 'agentVersions' }, list: true, description, read };
}

/** For what the platform always sends: a missing value is then an error of that field. */
export function required<Field extends FieldShape<never>>(field: Field): Field {
  return { ...field, required: true };
}

/** For what some lists leave out: only then the single session is read, and only when the field is asked for. */
export function complete<Field extends FieldShape<never>>(field: Field): Field {
  return { ...field, needs: 'complete', required: false };
}

/**
 * For what either lists or lookups of sessions leave out: the other is read too, when the field is asked for. That may fail by
 * itself, so such a field is never required.
 */
export function detail<Field extends FieldShape<never>>(field: Field): Field {
  return { ...field, needs: 'detail', required: false };
}
