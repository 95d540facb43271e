/**
 * `npm run test:real [-- --python P] [-- --cache F] [-- --release NAME...] [-- filter...]`: the contract against real servers of
 * the platforms that can be run, a catalog of them, sharing through a real Redis or Valkey, and the catalog in a real PostgreSQL;
 * or what concerns the named releases alone, such as `agentscope-2.0.10`. Prints the count as the very last line, `N passed,
 * N failed`; exits with 3 when Python, a package, Redis or PostgreSQL cannot be had.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareAzureClient } from './azure-client.ts';
import { prepareEnvironment } from './environment.ts';
import { findPostgresql } from './postgresql-server.ts';
import { findPython } from './python.ts';
import { findRedisProgram } from './redis-program.ts';
import { releases } from './releases.ts';
import { type Run, runVariable } from './run.ts';
import { runCommand } from './run-command.ts';
import { prepareStorages } from './storages.ts';
import { UnavailableError } from './unavailable.ts';
import { toVerifiedPage } from './verified.ts';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

const unavailable = 3;
const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string' },
    release: { type: 'string', multiple: true, default: [] },
    cache: {
      type: 'string',
      default: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'session-graph', 'real'),
    },
  },
});

const isWhole = values.release.length === 0;

const folder = mkdtempSync(join(tmpdir(), 'session-graph-real-'));
try {
  process.exitCode = test(await prepare());
} catch (error) {
  if (!(error instanceof UnavailableError)) throw error;
  console.log(error.message);
  process.exitCode = unavailable;
} finally {
  rmSync(folder, { recursive: true });
}

async function prepare(): Promise<Run> {
  const python = findPython(values.python);
  if (python === null) {
    throw new UnavailableError(
      `${values.python ?? 'Python 3.11 or later'} cannot be had, so no real server can be run.`,
    );
  }
  const unknown = values.release.find((wanted) => !releases.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw new UnavailableError(`There is no release ${unknown}.`);
  const chosen = releases.filter(({ name }) => isWhole || values.release.includes(name));
  console.log(`Preparing ${chosen.map(({ name }) => name).join(', ')} with Python ${python.version}.`);
  const [paths] = await Promise.all([
    Promise.all(chosen.map((release) => prepareEnvironment(release, python, values.cache))),
    isWhole ? prepareAzureClient() : null,
    prepareStorages(),
  ]);
  if (isWhole) {
    findRedisProgram();
    findPostgresql();
  }
  const pythons = Object.fromEntries(chosen.map(({ name }, index) => [name, paths[index] ?? '']));
  const tls = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  // The client of Azure and Redis need one, and the first release, which has the package that makes it, is there when all are.
  if (isWhole) {
    const maker = join(root, 'test', 'real', 'servers', 'certificate.py');
    await runCommand(paths[0] ?? '', [maker, tls.key, tls.certificate], { what: 'A certificate' });
  }
  const factsFolder = join(folder, 'facts');
  mkdirSync(factsFolder);
  return { pythons, tls, factsFolder };
}

/** The files that concern no chosen release. */
function leftOut(): readonly string[] {
  if (isWhole) return [];
  const others = ['azure', 'redis*', 'postgresql', 'catalog-replicas'];
  return values.release.some((name) => name.startsWith('agentscope')) ? others : [...others, 'agentscope-times'];
}

function test(run: Run): number {
  const reportFile = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--config=vitest.real.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...leftOut().map((name) => `--exclude=test/real/${name}.real.ts`),
      ...positionals,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        [runVariable]: JSON.stringify(run),
        ...(isWhole ? { NODE_EXTRA_CA_CERTS: run.tls.certificate } : {}),
      },
    },
  );
  if (!existsSync(reportFile)) return status ?? 1;
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  const failed = report.numFailedTests + (report.numFailedTests === 0 ? report.numFailedTestSuites : 0);
  if (status === 0 && isWhole && positionals.length === 0) {
    writeFileSync(join(root, 'VERIFIED.md'), toVerifiedPage(run.factsFolder));
  }
  console.log(`${report.numPassedTests} passed, ${failed} failed`);
  return status ?? 1;
}
