/**
 * Runs every test, then prints the count as the very last line: `N passed, N failed`. With `--full` the campaigns (many worlds,
 * thousands of malformed requests, crowds of operations) are run whole and not as a sample.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
}

const words = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'session-graph-test-'));
const reportFile = join(folder, 'report.json');
const run = spawnSync(
  process.execPath,
  [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    // A test that waits leaves its processor to another.
    '--maxWorkers=100%',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...words.filter((word) => word !== '--full'),
  ],
  { stdio: 'inherit', env: { ...process.env, ...(words.includes('--full') ? { TEST_FULL: '1' } : {}) } },
);
const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
rmSync(folder, { recursive: true });

const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped}`);
process.exitCode = run.status ?? 1;
