import { readFileSync } from 'node:fs';
import { printSubgraphSchema } from '@apollo/subgraph';
import { expect, it } from 'vitest';
import { schema } from './execute.ts';

it('equals schema.graphql', () => {
  const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

  expect(`${printSubgraphSchema(schema).trim()}\n`, 'Run `npm run schema` and look at what has changed.').toBe(file);
});
