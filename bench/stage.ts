import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from './candidate.ts';
import { type Child, startChild } from './child.ts';
import type { Counts } from './emulator/main.ts';
import type { ClientRequest, Load } from './load/main.ts';
import { compiled } from './paths.ts';
import { candidateCore, otherCore } from './pin.ts';
import type { Usage } from './probe.ts';
import type { World } from './world.ts';

/** The platforms and the clients, with room for candidates between them. */
export interface Stage {
  readonly emulator: Child;
  readonly load: Child;
  start(candidate: Candidate): Promise<Running>;
  stop(): Promise<void>;
}

export interface Running {
  readonly candidate: Candidate;
  readonly url: string;
  readonly process: Child;
}

export interface Window {
  readonly answers: number;
  readonly wrong: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMillisPerAnswer: number;
  readonly upstreamRequestsPerAnswer: number;
  /** Null where they were not counted. */
  readonly allocatedBytesPerAnswer: number | null;
  readonly rssBytes: number;
  /** Shares of their processor: the emulator and the clients are not measured as long as it has time left. */
  readonly emulatorShare: number;
  readonly loadShare: number;
  readonly answersMade: number;
}

export async function startStage(world: World, nodeOptions: readonly string[]): Promise<Stage> {
  const emulator = startChild(otherCore, [join(compiled, 'emulator', 'main.js'), JSON.stringify(world)]);
  const load = startChild(otherCore, [join(compiled, 'load', 'main.js')]);
  const urls = await emulator.ask<Record<string, string>>('urls');
  const running: Running[] = [];
  const folders: string[] = [];
  return {
    emulator,
    load,
    async start(candidate) {
      const folder = mkdtempSync(join(tmpdir(), 'session-graph-bench-'));
      folders.push(folder);
      const probe = ['--import', join(compiled, 'probe.js'), ...nodeOptions];
      const child = startChild(candidateCore, [...probe, ...candidate.command({ world, urls, folder })], join(folder, 'log'));
      const url = await child.printed(/http:\/\/\S+\/graphql/);
      const started = { candidate, url, process: child };
      running.push(started);
      return started;
    },
    async stop() {
      await Promise.all([load, emulator, ...running.map(({ process }) => process)].map((child) => child.stop()));
      for (const folder of folders) rmSync(folder, { recursive: true });
    },
  };
}

export async function aim(
  { load }: Stage,
  { url }: Running,
  connections: number,
  requests: readonly ClientRequest[],
): Promise<void> {
  await load.ask('aim', { url, connections, requests });
}

/** Whoever is aimed at is asked for that long. */
export async function measure(
  { emulator, load }: Stage,
  { process: child }: Running,
  milliseconds: number,
  counting: 'times' | 'allocations',
): Promise<Window> {
  if (counting === 'allocations') await child.ask('startAllocations');
  const [countsBefore, usageBefore] = [await emulator.ask<Counts>('counts'), await child.ask<Usage>('usage')];
  const { answers, wrong, milliseconds: elapsed, p50, p99, cpuMicros } = await load.ask<Load>('run', milliseconds);
  const [counts, usage] = [await emulator.ask<Counts>('counts'), await child.ask<Usage>('usage')];
  const allocated = counting === 'allocations' ? await child.ask<number>('stopAllocations') : null;
  return {
    answers,
    wrong,
    perSecond: (answers / elapsed) * 1000,
    p50,
    p99,
    cpuMillisPerAnswer: (usage.cpuMicros - usageBefore.cpuMicros) / 1000 / answers,
    upstreamRequestsPerAnswer: (counts.requests - countsBefore.requests) / answers,
    allocatedBytesPerAnswer: allocated === null ? null : allocated / answers,
    rssBytes: usage.rssBytes,
    emulatorShare: (counts.cpuMicros - countsBefore.cpuMicros) / 1000 / elapsed,
    loadShare: cpuMicros / 1000 / elapsed,
    answersMade: counts.made - countsBefore.made,
  };
}
