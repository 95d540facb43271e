import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { isPinned } from './pin.ts';

/** In the words of the report. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${model}, ${availableParallelism()} processors, ${gigabytes} GB, ${process.platform}, Node ${process.version}`;
}

export const pinning = isPinned
  ? 'The candidate has one processor for itself (`taskset -c 0`); the platforms and the clients share another (`taskset -c 1`).'
  : '**Nothing was pinned**, because `taskset` or a second processor is missing: the processes disturb one another.';

/** How many processes wanted to run in the last minute. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(2);
}
