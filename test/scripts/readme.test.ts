import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedPages, withGeneratedParts } from '../../scripts/readme.ts';

const root = join(import.meta.dirname, '..', '..');

test('the pages with generated parts are these', () => {
  expect(generatedPages).toEqual(['README.md', 'docs/settings.md', 'docs/properties.md']);
});

test.each(generatedPages)('%s is what `npm run readme` makes of it', async (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  expect(await withGeneratedParts(page, text)).toBe(text);
});

test('the README has at most 200 lines', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').trimEnd().split('\n').length;
  expect(lines).toBeLessThanOrEqual(200);
});
