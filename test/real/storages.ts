import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { runCommand } from './run-command.ts';
import { UnavailableError } from './unavailable.ts';

/**
 * The storages of Debian that the servers need, installed where this process may. Without Redis the server's program takes
 * the one AgentScope tests with.
 */
export async function prepareStorages(): Promise<void> {
  const packages = [...(has('redis-server') ? [] : ['redis-server']), ...(hasPostgresql() ? [] : ['postgresql'])];
  if (packages.length === 0 || process.getuid?.() !== 0 || !has('apt-get')) return;
  const what = packages.join(' and ');
  console.log(`Installing ${what} with apt-get.`);
  try {
    await runCommand('apt-get', ['update', '--quiet'], { what });
    await runCommand('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', ...packages], { what });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    console.log(error.message);
  }
}

/** Debian keeps the programs of a server out of the path. */
function hasPostgresql(): boolean {
  return existsSync('/usr/lib/postgresql') || has('postgres');
}

function has(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}
