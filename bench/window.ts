import type { Counts } from './emulator/main.ts';
import type { ClientRequest, Load } from './load/main.ts';
import { busyMicros } from './machine.ts';
import { candidateCore, isPinned } from './pin.ts';
import type { Usage } from './probe.ts';
import type { Running, Stage } from './stage.ts';

/** What one candidate did in a stretch of time. */
export interface Window {
  readonly answers: number;
  /** How many of them were not what the candidate answered before. */
  readonly wrong: number;
  /** How many answers the platforms did not have ready. */
  readonly made: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMillis: number;
  readonly upstreamRequests: number;
  /** Null where they were not counted. */
  readonly allocatedBytes: number | null;
  readonly rssBytes: number;
  /** Shares of the other processor: emulator and clients are not what is measured as long as it has time left. */
  readonly emulatorShare: number;
  readonly loadShare: number;
  /** What others took of the candidate's own processor; null where nothing is pinned. */
  readonly othersShare: number | null;
}

export interface Clients {
  readonly connections: number;
  readonly requests: readonly ClientRequest[];
}

/** What is counted by the answer is divided by their number. */
export async function measureWindow(
  { emulator, load }: Stage,
  { url, process: child }: Running,
  { connections, requests }: Clients,
  { milliseconds, counting }: { readonly milliseconds: number; readonly counting: 'times' | 'allocations' },
): Promise<Window> {
  await load.ask('aim', { url, connections, requests });
  if (counting === 'allocations') await child.ask('startAllocations');
  const [countsBefore, usageBefore] = [await emulator.ask<Counts>('counts'), await child.ask<Usage>('usage')];
  const busyBefore = busyMicros(candidateCore);
  const { answers, wrong, milliseconds: elapsed, p50, p99, cpuMicros } = await load.ask<Load>('run', milliseconds);
  const busyAfter = busyMicros(candidateCore);
  const [counts, usage] = [await emulator.ask<Counts>('counts'), await child.ask<Usage>('usage')];
  const allocated = counting === 'allocations' ? await child.ask<number>('stopAllocations') : null;
  const ownMicros = usage.cpuMicros - usageBefore.cpuMicros;
  const busy = !isPinned || busyBefore === null || busyAfter === null ? null : busyAfter - busyBefore;
  return {
    answers,
    wrong,
    made: counts.made - countsBefore.made,
    perSecond: (answers / elapsed) * 1000,
    p50,
    p99,
    cpuMillis: ownMicros / 1000 / answers,
    upstreamRequests: (counts.requests - countsBefore.requests) / answers,
    allocatedBytes: allocated === null ? null : allocated / answers,
    rssBytes: usage.rssBytes,
    emulatorShare: (counts.cpuMicros - countsBefore.cpuMicros) / 1000 / elapsed,
    loadShare: cpuMicros / 1000 / elapsed,
    othersShare: busy === null ? null : Math.max(0, busy - ownMicros) / 1000 / elapsed,
  };
}
