/** `npm run bench`: measures every candidate in every suite and writes BENCHMARKS.md. */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { load } from './machine.ts';
import { memorySuite, runMemorySuite } from './memory.ts';
import { repository } from './paths.ts';
import { isPinned } from './pin.ts';
import { type SuiteResult, writeReport } from './report.ts';
import { fullPaces, quickPaces } from './rounds.ts';
import { runSuite, suites } from './suites.ts';

const usage = `Usage: npm run bench -- [options]
  --suite <name>   only this one: ${[...suites, memorySuite].map(({ name }) => name).join(', ')}
  --only <text>    only candidates whose name has this text
  --quick          short windows
  --node=<options> options of node for the candidates, such as --node="--cpu-prof --cpu-prof-dir=profiles"
BENCHMARKS.md is written when every suite and every candidate was measured, and says in which windows.`;

const text = { type: 'string' } as const;
const yes = { type: 'boolean', default: false } as const;
const { values: flags } = parseArgs({ options: { suite: text, only: text, node: text, quick: yes, help: yes } });
if (flags.help) console.log(usage);
else await run();

async function run(): Promise<void> {
  const { suite: wanted, only = '', node = '', quick } = flags;
  const chosen = suites.filter(({ name }) => wanted === undefined || name === wanted);
  const withMemory = wanted === undefined || wanted === memorySuite.name;
  if (chosen.length === 0 && !withMemory) throw new Error(`There is no suite ${wanted}.\n${usage}`);
  if (!isPinned)
    console.log('There is no `taskset` or no second processor: nothing is pinned, and the figures say less.');
  const nodeOptions = node.split(' ').filter((option) => option !== '');
  const paces = quick ? quickPaces : fullPaces;

  execFileSync('npm', ['run', '--silent', 'build'], { cwd: repository, stdio: 'inherit' });
  execFileSync('npx', ['tsc', '--project', 'bench'], { cwd: repository, stdio: 'inherit' });
  const results: SuiteResult[] = [];
  for (const suite of chosen) {
    const candidates = suite.candidates.filter(({ name }) => name.includes(only));
    const before = load();
    console.log(`\n${suite.title}: ${suite.setting} Load average: ${before}.`);
    const figures = await runSuite({ ...suite, candidates }, paces, nodeOptions);
    console.table(
      figures.map(({ name, perSecond, p50, p99, cpuMillis, upstreamRequests, allocatedBytes, othersShare }) => ({
        candidate: name,
        'queries/s': round(perSecond),
        'p50 ms': round(p50),
        'p99 ms': round(p99),
        'CPU ms': round(cpuMillis),
        requests: round(upstreamRequests),
        'allocated kB': Math.round(allocatedBytes / 1000),
        'others %': othersShare === null ? null : Math.round(othersShare * 100),
      })),
    );
    results.push({ suite, figures, load: before });
  }
  if (!withMemory) return;
  console.log(`\n${memorySuite.title}: ${memorySuite.setting}`);
  const memory = await runMemorySuite(nodeOptions);
  console.table(memory);
  const isWhole = wanted === undefined && only === '' && nodeOptions.length === 0;
  if (isWhole) writeReport(results, memory, paces);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
