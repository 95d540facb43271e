import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withGeneratedParts } from '../../scripts/readme.ts';

test('the README is what `npm run readme` makes of it', async () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  expect(await withGeneratedParts(readme)).toBe(readme);
});
