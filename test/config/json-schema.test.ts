import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toJsonSchema } from '../../src/config/file-schema.ts';
import { registry } from '../../src/providers/registry.ts';

test('equals session-graph.schema.json', () => {
  const file = readFileSync(new URL('../../session-graph.schema.json', import.meta.url), 'utf8');

  expect(toJsonSchema(), 'Run `npm run config-schema` and look at what has changed.').toEqual(JSON.parse(file));
});

test('describes every setting', () => {
  const settings = [...settingsIn(toJsonSchema(), '')];

  expect(settings.length).toBeGreaterThan(80);
  expect(settings.filter(({ description }) => description === undefined).map(({ path }) => path)).toEqual([]);
});

test('knows every provider with its own settings', () => {
  const text = JSON.stringify(toJsonSchema());

  expect(registry.length).toBeGreaterThan(3);
  for (const { name } of registry) expect(text).toContain(`"const":"${name}"`);
  for (const own of ['dbId', 'userHeader', 'timezone', 'organization']) expect(text).toContain(`"${own}"`);
});

interface Setting {
  readonly path: string;
  readonly description: unknown;
}

function* settingsIn(schema: unknown, path: string): Generator<Setting> {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties = {}, oneOf = [], anyOf = [], items } = schema as Readonly<Record<string, unknown>>;
  for (const [name, property] of Object.entries(properties as object)) {
    yield { path: `${path}.${name}`, description: (property as Readonly<Record<string, unknown>>).description };
    yield* settingsIn(property, `${path}.${name}`);
  }
  for (const part of [...(oneOf as unknown[]), ...(anyOf as unknown[])]) yield* settingsIn(part, path);
  yield* settingsIn(items, `${path}[]`);
}
