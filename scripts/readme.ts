/** `npm run readme`: rewrites the parts of the README that follow from the code. A test fails when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { firstQuery } from './first-query.ts';
import { propertyTable } from './property-table.ts';

export async function withGeneratedParts(readme: string): Promise<string> {
  const parts: Readonly<Record<string, string>> = {
    'first-query': await firstQuery(),
    properties: propertyTable(),
  };
  return Object.entries(parts).reduce((text, [name, part]) => replacePart(text, name, part), readme);
}

function replacePart(readme: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = readme.indexOf(open);
  const end = readme.indexOf(close);
  if (start < 0 || end < start) throw new Error(`The README has no part ${name}.`);
  return `${readme.slice(0, start + open.length)}\n${text}\n${readme.slice(end)}`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync('README.md', await withGeneratedParts(readFileSync('README.md', 'utf8')));
}
