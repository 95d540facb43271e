import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printSchema } from '../../scripts/print-schema.ts';
import { schema } from './execute.ts';

test('equals schema.graphql', () => {
  const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

  expect(printSchema(schema), 'Run `npm run schema` and look at what has changed.').toBe(file);
});
