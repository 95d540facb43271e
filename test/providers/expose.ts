import type { FieldShape, ObjectShape } from '../../src/providers/shape.ts';

/** What a client sees when it selects every field. */
export function expose<Parent>(shape: ObjectShape<Parent> | null, record: Parent): Record<string, unknown> {
  if (shape === null) throw new Error('There is no such type.');
  return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, exposeField(field, record)]));
}

function exposeField<Parent>(field: FieldShape<Parent>, record: Parent): unknown {
  const value = field.read(record);
  const { type } = field;
  if (type.kind !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map((each) => expose(type.shape, each)) : expose(type.shape, value);
}
