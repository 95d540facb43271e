import { getNamedType, graphql, isAbstractType, isCompositeType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referenceDocuments } from '../../scripts/reference-properties.ts';
import { createHarness, type Harness } from '../harness.ts';
import { type Sandbox, startSandbox } from '../sandbox-controls/sandbox.ts';
import { schema } from '../schema/execute.ts';

let sandbox: Sandbox;
let harness: Harness;

beforeAll(async () => {
  // Later versions no longer show in lists what the documents of this one promise.
  sandbox = await startSandbox({ agentscope: '2.0.1' });
  harness = createHarness(
    sandbox.sources.map(({ id, provider, platform }) => ({
      id,
      provider,
      url: platform.url,
      user: provider === 'agentscope' ? 'alice' : null,
    })),
  );
});

afterAll(async () => {
  await harness.close();
  await sandbox.close();
});

/** The selection of a path of fields; where an interface lacks the next field, of the first type that has it. */
function selectionOf(path: readonly string[], typeName: string): string {
  const [field, ...rest] = path;
  if (field === undefined) return '';
  const type = schema.getType(typeName);
  if (type === undefined || !('getFields' in type)) throw new Error(`${typeName} has no fields.`);
  const found = type.getFields()[field];
  if (found === undefined && isAbstractType(type)) {
    const possible = schema.getPossibleTypes(type).find((each) => isObjectType(each) && field in each.getFields());
    if (possible === undefined) throw new Error(`No ${typeName} has a field ${field}.`);
    return `... on ${possible.name} { ${selectionOf(path, possible.name)} }`;
  }
  if (found === undefined || !('args' in found)) throw new Error(`${typeName} has no field ${field}.`);
  const child = getNamedType(found.type);
  if (rest.length === 0) {
    if (!isLeafType(child)) throw new Error(`${typeName}.${field} is no value.`);
    return field;
  }
  if (!isCompositeType(child)) throw new Error(`${typeName}.${field} has nothing below it.`);
  return `${field} { ${selectionOf(rest, child.name)} }`;
}

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [field, ...rest] = path;
  if (field === undefined) return value === null || value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return valuesAt(Object.entries(value).find(([name]) => name === field)?.[1], rest);
}

describe.each(referenceDocuments)('$title', ({ sourceId, sessionType, properties }) => {
  const places = Object.entries(properties).flatMap(([property, place]) =>
    typeof place === 'string' ? [{ property, path: place.split('.') }] : [],
  );

  test('every documented property of a session arrives', async () => {
    expect(places.length).toBeGreaterThan(4);
    const selections = places.map(({ path }) => selectionOf(path, sessionType));
    const { data, errors } = await graphql({
      schema,
      contextValue: harness.operation(),
      source: `query ($id: ID!) {
        source(id: $id) { sessions(first: 100) { nodes { ... on ${sessionType} { ${selections.join(' ')} } } } }
      }`,
      variableValues: { id: sourceId },
    });
    expect(errors).toBeUndefined();
    const { nodes } = (data as { source: { sessions: { nodes: unknown[] } } }).source.sessions;
    const missing = places.filter(({ path }) => valuesAt(nodes, path).length === 0);
    expect(missing.map(({ property, path }) => `${property} -> ${path.join('.')}`)).toEqual([]);
  });
});
