import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Whether each process can be kept on one processor: otherwise they disturb one another, and the figures say less. */
export const isPinned =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

/** What is measured has this processor for itself. */
export const candidateCore = 0;

/** Everything else. */
export const otherCore = 1;

export function pinned(core: number, command: readonly [string, ...string[]]): readonly [string, string[]] {
  const [program, ...options] = command;
  return isPinned ? ['taskset', ['-c', String(core), program, ...options]] : [program, options];
}
