/** `npm run readme`: rewrites the parts of README.md and docs/ that follow from the code. A test fails when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configurationTables } from './configuration-table.ts';
import { firstQuery } from './first-query.ts';
import { propertyTable } from './property-table.ts';

type Part = () => string | Promise<string>;

/** By page, then by the name in the markers: `<!-- name -->` to `<!-- /name -->`. */
const parts: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  'README.md': { 'first-query': firstQuery, verified: () => verifiedTable(readFileSync('VERIFIED.md', 'utf8')) },
  'docs/settings.md': { configuration: configurationTables },
  'docs/properties.md': { properties: propertyTable },
};

export const generatedPages: readonly string[] = Object.keys(parts);

export async function withGeneratedParts(page: string, text: string): Promise<string> {
  let result = text;
  for (const [name, part] of Object.entries(parts[page] ?? {})) result = replacePart(result, name, await part());
  return result;
}

/** Without what is the machine's and not the platform's. */
function verifiedTable(page: string): string {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replace(/, Python [\d.]+/, ''))
    .join('\n');
}

function replacePart(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = page.indexOf(open);
  const end = page.indexOf(close);
  if (start < 0 || end < start) throw new Error(`The page has no part ${name}.`);
  return `${page.slice(0, start + open.length)}\n${text}\n${page.slice(end)}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const page of generatedPages) writeFileSync(page, await withGeneratedParts(page, readFileSync(page, 'utf8')));
}
