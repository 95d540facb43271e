import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { printSchema } from '../../scripts/print-schema.ts';
import { schema } from './execute.ts';

it('equals schema.graphql', () => {
  const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

  expect(printSchema(schema), 'Run `npm run schema` and look at what has changed.').toBe(file);
});
