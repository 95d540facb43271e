import type { FieldShape, ObjectShape } from '../../src/providers/shape.ts';

/** What a client sees when it selects every field. */
export function expose<Parent>(shape: ObjectShape<Parent> | null, parent: Parent): Record<string, unknown> {
  if (shape === null) throw new Error('There is no such type.');
  const exposeField = (field: FieldShape<Parent>) => {
    const value = field.read(parent);
    const { type } = field;
    if (type.kind !== 'object' || value === null) return value;
    return Array.isArray(value) ? value.map((each) => expose(type.shape, each)) : expose(type.shape, value);
  };
  return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, exposeField(field)]));
}
