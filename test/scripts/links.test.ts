import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const packageJson = z
  .object({ files: z.array(z.string()), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

function pagesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

const pages = ['', 'docs', 'docs/operations', 'examples/federation', 'examples/stitching'].flatMap(pagesIn);

const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** Without code, where brackets are no links and a `#` is no heading. */
const proseOf = (page: string) => read(page).replaceAll(/^```[\s\S]*?^```$/gm, '');

interface Link {
  readonly page: string;
  readonly target: string;
}

function linksIn(page: string): readonly Link[] {
  const text = proseOf(page).replaceAll(/`[^`\n]*`/g, 'code');
  const matches = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/(?:src|href|srcset)="([^"]+)"/g)];
  return matches.map(([, target = '']) => ({ page, target }));
}

/** As code hosts make them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

function isBroken({ page, target }: Link): boolean {
  if (/^(https?|mailto):/.test(target)) return false;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (file.startsWith('..') || !existsSync(join(root, file))) return true;
  return anchor !== undefined && !anchorsOf(file).includes(anchor);
}

test('every relative link leads to a file, and every anchor to a heading', () => {
  const links = pages.flatMap(linksIn);
  expect(links.length).toBeGreaterThan(30);
  expect(links.filter(isBroken)).toEqual([]);
});

test('links that lead nowhere are noticed', () => {
  const broken = ['docs/none.md', '../outside.md', 'docs/paging.md#no-such-heading', '#no-such-heading'];
  expect(broken.filter((target) => !isBroken({ page: 'README.md', target }))).toEqual([]);
});

test.each([
  { folder: 'docs', from: 'README.md', atLeast: 7 },
  { folder: 'docs/operations', from: 'docs/operations/README.md', atLeast: 2 },
])('every page of $folder is linked from $from', ({ folder, from, atLeast }) => {
  const linked = linksIn(from).map(({ target }) => join(dirname(from), target.split('#')[0] ?? ''));
  const others = pagesIn(folder).filter((page) => page !== from);
  expect(others.length).toBeGreaterThanOrEqual(atLeast);
  expect(others.filter((page) => !linked.includes(page))).toEqual([]);
});

test('every npm script that a page names exists', () => {
  const named = pages.flatMap((page) => [...read(page).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)]);
  const unknown = named.map(([, name = '']) => name).filter((name) => packageJson.scripts[name] === undefined);
  expect(named.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});

test('every file that a page names by its path exists', () => {
  const named = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/`((?:src|test|scripts|docs|examples|conformance|bench)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('everything in the `files` of package.json exists once it is built', () => {
  expect(packageJson.files).toEqual(expect.arrayContaining(['dist', 'README.md', 'LICENSE', 'docs', 'CHANGELOG.md']));
  expect(packageJson.files.filter((file) => file !== 'dist' && !existsSync(join(root, file)))).toEqual([]);
});
