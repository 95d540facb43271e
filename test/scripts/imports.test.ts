import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

test.each(['scripts', 'src'])('%s imports nothing of the tests', (folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const importing = files.filter((file) =>
    /from '(?:\.\.\/)+test\//.test(readFileSync(join(root, folder, file), 'utf8')),
  );
  expect(importing).toEqual([]);
  expect(files.length).toBeGreaterThan(10);
});

test('the pattern finds an import of a test', () => {
  expect("import { createHarness } from '../test/harness.ts';").toMatch(/from '(?:\.\.\/)+test\//);
});
