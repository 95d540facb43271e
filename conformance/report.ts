import { readFileSync, writeFileSync } from 'node:fs';
import type { Check } from './check.ts';

export interface Result {
  readonly check: Check;
  readonly passed: boolean;
  readonly figures: string;
}

const locks = ['./package-lock.json', '../examples/package-lock.json', '../package-lock.json'].map(
  (path) => new URL(path, import.meta.url),
);

export function writeReport(results: readonly Result[]): void {
  const rows = results.map(({ check, passed, figures }) =>
    row([
      check.name,
      check.tools.map(withVersion).join(', '),
      passed ? 'passed' : '**failed**',
      passed ? figures : 'see what the run prints',
    ]),
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
  for (const lock of locks) {
    const version = lockedVersion(tool, lock);
    if (version !== null) return `${tool} ${version}`;
  }
  throw new Error(`${tool} is in no lock.`);
}

function lockedVersion(tool: string, lock: URL): string | null {
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return packages[`node_modules/${tool}`]?.version ?? null;
}
