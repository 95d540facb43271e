import { spawnSync } from 'node:child_process';
import { runCommand } from './run-command.ts';
import { UnavailableError } from './unavailable.ts';

/** Debian's Redis, installed where this process may; without it the server's program takes the one AgentScope tests with. */
export async function prepareRedis(): Promise<void> {
  if (has('redis-server') || process.getuid?.() !== 0 || !has('apt-get')) return;
  const what = 'Redis';
  console.log('Installing redis-server with apt-get.');
  try {
    await runCommand('apt-get', ['update', '--quiet'], { what });
    await runCommand('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'redis-server'], { what });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    console.log(error.message);
  }
}

function has(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}
