import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { registry } from '../../src/providers/registry.ts';
import type { ObjectShape } from '../../src/providers/shape.ts';
import { schema } from './execute.ts';

interface Described {
  readonly path: string;
  readonly description: string | null;
}

/** Everything a client can read about, but for what the specification of GraphQL defines. */
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

function described(path: string, { description }: { description?: string | null | undefined }): Described {
  return { path, description: description ?? null };
}

function partsOf(type: GraphQLNamedType): readonly Described[] {
  const parts: Described[] = [];
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      parts.push(described(`${type.name}.${field.name}`, field));
      parts.push(...field.args.map((arg) => described(`${type.name}.${field.name}(${arg.name}:)`, arg)));
    }
  }
  if (isInputObjectType(type)) {
    parts.push(...Object.values(type.getFields()).map((field) => described(`${type.name}.${field.name}`, field)));
  }
  if (isEnumType(type)) parts.push(...type.getValues().map((value) => described(`${type.name}.${value.name}`, value)));
  return parts;
}

const everything = types.flatMap((type) => [described(type.name, type), ...partsOf(type)]);

/** The types that belong to one provider: those of its records, and those found only below them. */
const providerPrefixes = registry.map(({ types: { session } }) => session.name.replace(/Session$/, ''));

function isOfProvider(path: string): boolean {
  return providerPrefixes.some((prefix) => path.startsWith(prefix));
}

describe('the schema', () => {
  test('describes every type, field, argument and enum value', () => {
    expect(everything.length).toBeGreaterThan(400);
    expect(everything.filter(({ description }) => description === null || description.trim() === '')).toEqual([]);
  });

  test('describes everything in sentences', () => {
    const unfinished = everything.filter(({ description }) => !/^[A-Z0-9`].*[.!?)]$/s.test(description ?? ''));

    expect(unfinished).toEqual([]);
  });

  test('names platforms only in the types of those platforms', () => {
    const names = new RegExp(registry.flatMap(({ name, title }) => [name, title]).join('|'), 'i');
    const own = everything.filter(({ path }) => isOfProvider(path));
    const common = everything.filter(({ path }) => !isOfProvider(path));

    expect(own.length).toBeGreaterThan(100);
    expect(common.length).toBeGreaterThan(100);
    expect(
      common.filter(({ path, description }) => !path.startsWith('Provider.') && names.test(`${path} ${description}`)),
    ).toEqual([]);
  });

  test('names the types of a provider after it', () => {
    const common = new Set(types.filter((type) => !isOfProvider(type.name)).map((type) => type.name));
    for (const name of ['Session', 'Agent', 'Team', 'User', 'Source', 'Node', 'PageInfo', 'Query']) {
      expect(common).toContain(name);
    }
    const shapes = registry.flatMap(({ types: { session, agent, team, workflow, agentVersion } }) =>
      [session, agent, team, workflow, agentVersion].flatMap((shape) => (shape === null ? [] : namesIn(shape))),
    );
    expect(shapes.length).toBeGreaterThan(20);
    expect(shapes.filter((name) => !isOfProvider(name))).toEqual([]);
  });
});

function namesIn(shape: ObjectShape<never>): readonly string[] {
  const nested = Object.values(shape.fields).flatMap(({ type }) => (type.kind === 'object' ? namesIn(type.shape) : []));
  return [shape.name, ...nested];
}
