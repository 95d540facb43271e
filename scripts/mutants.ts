/**
 * `npm run mutants`: makes each mistake of `mutants/list.ts` in a copy of the project and runs the tests that must notice it.
 * Fails when a mistake goes unnoticed, and when the list no longer fits the code. `-- --only <words>` tries some of them,
 * `-- --part 1/3` every third, `-- --jobs 1` one at a time.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Mutant, mutants } from './mutants/list.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    part: { type: 'string', default: '1/1' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
});

type Verdict = 'noticed' | 'ALIVE' | 'NOT APPLICABLE' | 'NOT TESTABLE';

interface Tried {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** Why a mutant could not be tried. */
  readonly reason: string | null;
}

const runReport = z.object({
  numFailedTests: z.number(),
  numPassedTests: z.number(),
  testResults: z.array(z.object({ name: z.string(), status: z.string() })),
});
type RunReport = z.output<typeof runReport>;

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'session-graph-mutants-'));
const longestRunMs = 5 * 60_000;

const { part, parts } = toPart(values.part);
const named = mutants.filter(({ breaks, file }) => `${file} ${breaks}`.includes(values.only));
const chosen = named.filter((_, index) => index % parts === part - 1);
const startedAt = performance.now();
const copies = Array.from({ length: Math.max(1, Number(values.jobs)) }, (_, index) => copyProject(`copy-${index}`));
try {
  const red = await findRedTests(copies[0] ?? copyProject('copy'));
  const tried = await tryAll(red);
  // Those of other parts must fit the code all the same.
  report([...tried, ...named.filter((mutant) => !chosen.includes(mutant)).flatMap(unfit)]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function toPart(text: string): { readonly part: number; readonly parts: number } {
  const [, part = 0, parts = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > parts) throw new Error(`--part is a number and a count, such as 1/3, not ${text}.`);
  return { part, parts };
}

function copyProject(name: string): string {
  const copy = join(folder, name);
  const left = new Set(['node_modules', '.git', 'dist', 'coverage', '.cache']);
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !left.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

/** Test files that fail without any mistake: they can notice nothing. */
async function findRedTests(copy: string): Promise<ReadonlySet<string>> {
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
  const passed: string[] = [];
  for (const some of [files.filter(isReal), files.filter((file) => !isReal(file))]) {
    if (some.length === 0) continue;
    const run = await runTests(copy, some, 'bail=0');
    if (run === null) throw new Error('The tests cannot be run without any mistake made.');
    passed.push(...run.testResults.filter(({ status }) => status === 'passed').map(({ name }) => name));
  }
  return new Set(files.filter((file) => !passed.some((name) => name.endsWith(file))));
}

async function tryAll(red: ReadonlySet<string>): Promise<readonly Tried[]> {
  const waiting = chosen.entries();
  const tried: Tried[] = [];
  await Promise.all(
    copies.map(async (copy) => {
      for (const [, mutant] of waiting) {
        const result = await tryOne(copy, mutant, red);
        tried.push(result);
        console.log(
          `${result.verdict.padEnd(14)} ${mutant.breaks}${result.reason === null ? '' : ` (${result.reason})`}`,
        );
      }
    }),
  );
  return tried;
}

async function tryOne(copy: string, mutant: Mutant, red: ReadonlySet<string>): Promise<Tried> {
  const broken = mutant.tests.find((file) => red.has(file));
  if (broken !== undefined) {
    return { mutant, verdict: 'NOT TESTABLE', reason: `${broken} fails without it, or does not exist` };
  }
  const path = join(copy, mutant.file);
  const text = readText(path);
  const [misfit] = unfit(mutant);
  if (text === null || misfit !== undefined) return misfit ?? { mutant, verdict: 'NOT APPLICABLE', reason: null };
  writeFileSync(
    path,
    text.replace(mutant.from, () => mutant.to),
  );
  try {
    const run = await runTests(copy, mutant.tests, 'bail=1');
    // A mistake that makes the tests hang is noticed too.
    if (run === null || run.numFailedTests > 0) return { mutant, verdict: 'noticed', reason: null };
    // When the programs cannot be built, no test is even begun.
    if (run.numPassedTests === 0 || run.testResults.some(({ status }) => status === 'failed')) {
      return { mutant, verdict: 'NOT TESTABLE', reason: 'with it, the tests cannot even be loaded' };
    }
    return { mutant, verdict: 'ALIVE', reason: null };
  } finally {
    writeFileSync(path, text);
  }
}

/** A mutant whose text is not in its file exactly once. */
function unfit(mutant: Mutant): readonly Tried[] {
  const places = (readText(join(root, mutant.file)) ?? '').split(mutant.from).length - 1;
  if (places === 1) return [];
  return [{ mutant, verdict: 'NOT APPLICABLE', reason: `${mutant.file} has its text ${places} times, not once` }];
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Whether it needs a real server, which is started otherwise. A mutant has either such tests or others. */
function isReal(file: string): boolean {
  return file.endsWith('.real.ts');
}

/** Null when the run had to be ended. */
async function runTests(copy: string, files: readonly string[], bail: string): Promise<RunReport | null> {
  const output = join(copy, 'mutants-report.json');
  rmSync(output, { force: true });
  const parts = [
    'vitest.mjs',
    'run',
    ...(files.some(isReal) ? ['--config=vitest.real.config.ts'] : []),
    `--${bail}`,
    '--testTimeout=180000',
    '--maxWorkers=1',
    '--reporter=json',
    `--outputFile=${output}`,
  ];
  const [program = '', ...rest] = parts;
  const child = spawn(process.execPath, [join(root, 'node_modules', 'vitest', program), ...rest, ...files], {
    cwd: copy,
    stdio: 'ignore',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), longestRunMs * (bail === 'bail=0' ? 3 : 1));
  await new Promise((done) => child.once('exit', done));
  clearTimeout(timer);
  const written = readText(output);
  return written === null ? null : runReport.parse(JSON.parse(written));
}

function report(tried: readonly Tried[]): void {
  const of = (wanted: Verdict) => tried.filter(({ verdict }) => verdict === wanted);
  for (const { mutant } of of('ALIVE')) {
    console.log(`\nALIVE: ${mutant.breaks}\n  ${mutant.file}: ${mutant.from}\n  became: ${mutant.to}`);
    console.log(`  and nothing failed in ${mutant.tests.join(', ')}`);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const counts = [
    `${of('noticed').length} of ${tried.length} mutants noticed`,
    `${of('ALIVE').length} alive`,
    `${of('NOT APPLICABLE').length} not applicable`,
    `${of('NOT TESTABLE').length} not testable`,
  ];
  console.log(`\n${counts.join(', ')}, in ${seconds} s`);
  process.exitCode = tried.length > 0 && of('noticed').length === tried.length ? 0 : 1;
}
