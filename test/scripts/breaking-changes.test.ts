import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { breakingChanges } from '../../scripts/breaking-changes.ts';

const schema = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

function without(text: string | RegExp, replacement = ''): readonly string[] {
  const changed = schema.replace(text, replacement);
  expect(changed).not.toBe(schema);
  return breakingChanges(schema, changed);
}

test('finds nothing in a graph that stays as it is', () => {
  expect(breakingChanges(schema, schema)).toEqual([]);
});

test('lets a graph grow', () => {
  expect(without('type Query {', 'type Query {\n  version: String')).toEqual([]);
});

test('finds a field that is gone', () => {
  expect(without('cursor: String!', 'place: String!')).toMatchInlineSnapshot(`
    [
      "AgentEdge.cursor was removed.",
    ]
  `);
});

test('finds a field that may now be null', () => {
  expect(without('edges: [SessionEdge!]!', 'edges: [SessionEdge!]')).toMatchInlineSnapshot(`
    [
      "SessionConnection.edges changed type from [SessionEdge!]! to [SessionEdge!].",
    ]
  `);
});

test('finds an argument that is now required', () => {
  expect(without('filter: SessionFilter\n', 'filter: SessionFilter!\n')).toMatchInlineSnapshot(`
    [
      "Agent.sessions arg filter has changed type from SessionFilter to SessionFilter!.",
    ]
  `);
});

test('finds a key that other subgraphs need', () => {
  expect(without(/(interface Session implements Node)\s+@key\(fields: "id"\)/, '$1')).toMatchInlineSnapshot(`
    [
      "Session lost @key(fields: "id").",
    ]
  `);
});

test('finds a type that is no longer shareable', () => {
  expect(without(/(type PageInfo)\s+@shareable/, '$1')).toMatchInlineSnapshot(`
    [
      "PageInfo lost @shareable.",
    ]
  `);
});
