import { readFileSync } from 'node:fs';
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

/** Time that a processor was not idle since the machine started, or was taken by other machines; null where nobody tells. */
export function busyMicros(core: number): number | null {
  if (process.platform !== 'linux') return null;
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  if (line === undefined) return null;
  const [user = 0, nice = 0, system = 0, _idle, _waiting, interrupts = 0, soft = 0, stolen = 0] = line
    .split(' ')
    .map(Number);
  return (user + nice + system + interrupts + soft + stolen) * microsPerTick;
}

/** Linux counts in hundredths of a second, whatever its kernel does. */
const microsPerTick = 10_000;
