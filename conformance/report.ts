import { readFileSync, writeFileSync } from 'node:fs';
import type { Check } from './check.ts';

export interface Result {
  readonly check: Check;
  readonly passed: boolean;
  readonly figures: string;
}

const packages = [new URL('./package.json', import.meta.url), new URL('../examples/package.json', import.meta.url)];

export function writeReport(results: readonly Result[]): void {
  const rows = results.map(({ check, passed, figures }) =>
    row([check.name, check.tools.map(withVersion).join(', '), passed ? 'passed' : '**failed**', figures]),
  );
  const text = [
    '# Conformance',
    '',
    'What Session Graph was seen to do with the gateways, clients, linters and audits that people use.',
    'This page is written by `npm run conformance`; a run that finds nothing new leaves it as it is.',
    '',
    row(['check', 'tool', 'result', 'what was seen']),
    row(['---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
  writeFileSync(new URL('../CONFORMANCE.md', import.meta.url), text);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function withVersion(tool: string): string {
  for (const from of packages) {
    const version = installedVersion(tool, from);
    if (version !== null) return `${tool} ${version}`;
  }
  throw new Error(`${tool} is not installed.`);
}

/** Not every package lets its package.json be required, so it is looked up beside the lock. */
function installedVersion(tool: string, from: URL): string | null {
  const { packages: locked } = JSON.parse(readFileSync(new URL('./package-lock.json', from), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return locked[`node_modules/${tool}`]?.version ?? null;
}
