import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apart } from '../vitest.config.ts';

const folders = apart.map((pattern) => pattern.replace('/**/*.test.ts', ''));

test('only tests that have their modules for themselves replace modules or stop the clock', () => {
  const root = join(import.meta.dirname, '..');
  const replacing = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name}`)
    .filter(
      (name) => name.endsWith('.test.ts') && /\bvi\.(mock|doMock)\(["']/.test(readFileSync(join(root, name), 'utf8')),
    );
  expect(replacing.length).toBeGreaterThan(3);
  expect(replacing.filter((name) => !folders.some((folder) => name.startsWith(`${folder}/`)))).toEqual([]);
});
