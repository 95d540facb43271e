import { spawnSync } from 'node:child_process';
import { UnavailableError } from './unavailable.ts';

/** Whichever is installed. */
export function findRedisProgram(): string {
  const found = ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (found !== undefined) return found;
  throw new UnavailableError('valkey-server or redis-server cannot be had, so sharing through it cannot be tried.');
}
