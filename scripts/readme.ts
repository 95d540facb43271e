/** `npm run readme`: rewrites the parts of the README that follow from the code. A test fails when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationTables } from './configuration-table.ts';
import { firstQuery } from './first-query.ts';
import { propertyTable } from './property-table.ts';

export async function withGeneratedParts(readme: string): Promise<string> {
  const parts: Readonly<Record<string, string>> = {
    'first-query': await firstQuery(),
    configuration: configurationTables(),
    verified: verifiedTable(readFileSync('VERIFIED.md', 'utf8')),
    properties: propertyTable(),
  };
  return Object.entries(parts).reduce((text, [name, part]) => replacePart(text, name, part), readme);
}

/** Without what is the machine's and not the platform's. */
function verifiedTable(page: string): string {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replace(/, Python [\d.]+/, ''))
    .join('\n');
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
