import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphQLEnumType, isEnumType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../schema/execute.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code = '']) => code);

/** Where the libraries below this server find fault with a request; each is asserted by a test of test/server. */
const ofLibraries = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE'];

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox'))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n');

/** Codes that the sources give to errors: as a property, or as the first argument of what makes an error. */
const thrown = [
  ...sources.matchAll(/\bcode: '([A-Z]+(?:_[A-Z]+)*)'/g),
  ...sources.matchAll(/\b(?:RequestError|queryError)\(\s*'([A-Z_]+)'/g),
].map(([, code = '']) => code);

function sourceErrorCode(): GraphQLEnumType {
  const type = schema.getType('SourceErrorCode');
  if (!isEnumType(type)) throw new Error('SourceErrorCode is no enum.');
  return type;
}

test('docs/errors.md lists every code of an outcome and every code that the sources give to an error', () => {
  const codes = [
    ...sourceErrorCode()
      .getValues()
      .map(({ name }) => name),
    ...thrown,
    ...ofLibraries,
  ];
  expect(codes.length).toBeGreaterThan(30);
  expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
});

test('docs/errors.md lists no code twice, and none that nobody gives', () => {
  expect(documented).toHaveLength(new Set(documented).size);
  const unknown = documented.filter((code) => !sources.includes(`'${code}'`) && !sources.includes(`${code}:`));
  expect(unknown.toSorted()).toEqual(ofLibraries);
});
