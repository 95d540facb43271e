import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Python } from './python.ts';
import { type Release, requirementsOf } from './releases.ts';
import { runCommand } from './run-command.ts';

/** The Python of a virtual environment with a release in it: made once for each set of requirements, then reused. */
export async function prepareEnvironment(release: Release, python: Python, cache: string): Promise<string> {
  const requirements = join(import.meta.dirname, requirementsOf(release));
  const hash = createHash('sha256')
    .update(readFileSync(requirements))
    .update(python.version)
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `${release.name}-${hash}`);
  const own = join(folder, 'bin', 'python');
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return own;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const what = `${release.packageName} ${release.version}`;
  await runCommand(python.path, ['-m', 'venv', folder], { what });
  // Compiling all of it takes longer than what is imported takes to run; each server compiles what it uses, once.
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile', '--requirement', requirements];
  await runCommand(own, ['-m', 'pip', 'install', ...options], { what });
  writeFileSync(mark, '');
  return own;
}
