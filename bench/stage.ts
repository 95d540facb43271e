import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from './candidates.ts';
import { type Child, startChild } from './child.ts';
import { compiled } from './paths.ts';
import { candidateCore, otherCore } from './pin.ts';
import type { World } from './world.ts';

/** The platforms and the clients, with room for candidates between them. */
export interface Stage extends AsyncDisposable {
  readonly emulator: Child;
  readonly load: Child;
  start(candidate: Candidate): Promise<Running>;
}

export interface Running {
  readonly candidate: Candidate;
  readonly url: string;
  readonly process: Child;
  /** The last lines that it logged. */
  readonly log: () => string;
}

/** `nodeOptions` are for the candidates alone. */
export async function startStage(world: World, nodeOptions: readonly string[]): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-bench-'));
  // A million sessions take more than node allows itself on most machines.
  const heap = '--max-old-space-size=6144';
  const emulator = startChild(otherCore, [heap, join(compiled, 'emulator', 'main.js'), JSON.stringify(world)]);
  const load = startChild(otherCore, [join(compiled, 'load', 'main.js')]);
  const children = [load, emulator];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(folder, { recursive: true });
  };
  const urls = await emulator.ask<Record<string, string>>('urls').catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    emulator,
    load,
    async start(candidate) {
      const options = ['--import', join(compiled, 'probe.js'), ...nodeOptions];
      const logFile = join(folder, `${candidate.name}.log`);
      const child = startChild(candidateCore, [...options, ...candidate.command({ world, urls, folder })], logFile);
      children.push(child);
      const log = () => readFileSync(logFile, 'utf8').split('\n').slice(-10).join('\n');
      const url = await child.printed(/http:\/\/\S+\/graphql/).catch((error: unknown) => {
        throw new Error(`${candidate.name} did not start:\n${log()}`, { cause: error });
      });
      return { candidate, url, process: child, log };
    },
    [Symbol.asyncDispose]: stop,
  };
}
