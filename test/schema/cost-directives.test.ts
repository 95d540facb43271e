import { type FieldDefinitionNode, Kind, parse, print, type TypeNode } from 'graphql';
import { expect, test } from 'vitest';
import { open } from '../server/ask.ts';

const { json } = await open().ask({ query: '{ _service { sdl } }' });
const { sdl } = (json as { readonly data: { readonly _service: { readonly sdl: string } } }).data._service;
const { definitions } = parse(sdl);

const types = definitions.flatMap((definition) =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? [definition]
    : [],
);
const fields = types.flatMap((type) =>
  (type.fields ?? []).map((field) => ({ coordinate: `${type.name.value}.${field.name.value}`, field })),
);
const withFields = new Set(types.map(({ name }) => name.value));

function named(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type);
}

function isListOfObjects({ type }: FieldDefinitionNode): boolean {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return inner.kind === Kind.LIST_TYPE && withFields.has(named(inner));
}

function listSizesOf({ directives = [] }: FieldDefinitionNode): readonly string[] {
  return directives.filter(({ name }) => name.value === 'listSize').map((directive) => print(directive));
}

const isPaged = ({ field }: (typeof fields)[number]) =>
  field.arguments?.some(({ name }) => name.value === 'first') === true;
const isSized = ({ coordinate }: (typeof fields)[number]) => /^\w+Connection\.(edges|nodes)$/.test(coordinate);

test('names the version of the specification and the directives that gateways must know', () => {
  const [link] = definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_EXTENSION ? (definition.directives ?? []) : [],
  );
  expect(link && print(link)).toBe(
    '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@key", "@listSize", "@shareable"])',
  );
});

test('every page costs 10, in the catalog more, and is sized by first or last, in interfaces and the types of platforms too', () => {
  const pages = fields.filter(isPaged);
  const coordinates = pages.map(({ coordinate }) => coordinate);
  expect(coordinates).toEqual(
    expect.arrayContaining(['Query.sessions', 'Session.messages', 'FoundrySession.messages', 'AgnoTeam.sessions']),
  );
  expect(pages.length).toBeGreaterThanOrEqual(24);
  for (const { coordinate, field } of pages) {
    expect(listSizesOf(field), coordinate).toEqual([
      '@listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
    ]);
  }

  const weighed = types.flatMap(({ name, directives = [] }) =>
    directives.flatMap((directive) => (directive.name.value === 'cost' ? [`${name.value} ${print(directive)}`] : [])),
  );
  expect(weighed.sort()).toEqual([
    'AgentConnection @cost(weight: 10)',
    'CatalogFacet @cost(weight: 200)',
    'CatalogSessionConnection @cost(weight: 200)',
    'MessageConnection @cost(weight: 10)',
    'SessionConnection @cost(weight: 10)',
    'TeamConnection @cost(weight: 10)',
    'WorkflowConnection @cost(weight: 10)',
  ]);
  expect(new Set(pages.map(({ field }) => named(field.type))).size).toBe(weighed.length - 1);
});

test('of fields, only the one costs something for which the catalog looks at all sessions', () => {
  const weighed = fields.flatMap(({ coordinate, field: { directives = [] } }) =>
    directives.flatMap((directive) => (directive.name.value === 'cost' ? [`${coordinate} ${print(directive)}`] : [])),
  );
  expect(weighed).toEqual(['CatalogSessionConnection.totalCount @cost(weight: 100)']);
});

test('every other list of objects has 5 items, the values of a facet 10, and no list of values has a size', () => {
  const others = fields.filter((each) => !isPaged(each) && !isSized(each));
  const lists = others.filter(({ field }) => isListOfObjects(field));
  expect(lists.map(({ coordinate }) => coordinate)).toEqual(
    expect.arrayContaining(['Query.sources', 'Query.nodes', 'Message.parts', 'SessionConnection.outcomes']),
  );
  for (const { coordinate, field } of others) {
    const size = coordinate === 'CatalogFacet.values' ? 10 : 5;
    expect(listSizesOf(field), coordinate).toEqual(isListOfObjects(field) ? [`@listSize(assumedSize: ${size})`] : []);
  }
});

test('what is on a page is sized by the page alone', () => {
  const sized = fields.filter(isSized);
  expect(sized.length).toBeGreaterThanOrEqual(10);
  expect(sized.flatMap(({ field }) => listSizesOf(field))).toEqual([]);
});
