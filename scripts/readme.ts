/** `npm run readme`: rewrites the parts of the README that follow from the code. A test fails when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { propertyTable } from './property-table.ts';

export function withGeneratedParts(readme: string): string {
  return replacePart(readme, 'properties', propertyTable());
}

function replacePart(readme: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = readme.indexOf(open);
  const end = readme.indexOf(close);
  if (start < 0 || end < start) throw new Error(`The README has no part ${name}.`);
  return `${readme.slice(0, start + open.length)}\n${text}\n${readme.slice(end)}`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync('README.md', withGeneratedParts(readFileSync('README.md', 'utf8')));
}
