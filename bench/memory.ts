import { type Answer, askOnce, mustAgree } from './answers.ts';
import { type Candidate, handWritten, oursDefault } from './candidates.ts';
import type { Usage } from './probe.ts';
import { firstPage } from './query.ts';
import { startStage } from './stage.ts';
import { millionWorld } from './world.ts';

/** What a candidate holds while one client walks. */
export interface MemoryFigures {
  readonly name: string;
  readonly sessions: number;
  readonly firstPageBytes: number;
  readonly maxBytes: number;
  readonly lastPageBytes: number;
}

export const memorySuite = {
  name: 'memory',
  title: 'A million sessions',
  setting: 'One client walks 200 pages of 100 sessions, of a million; the memory of the process after each page.',
} as const;

const pages = 200;

export async function runMemorySuite(nodeOptions: readonly string[]): Promise<readonly MemoryFigures[]> {
  await using stage = await startStage(millionWorld, nodeOptions);
  const figures: MemoryFigures[] = [];
  let expected: readonly Answer[] | null = null;
  const walkOne = async (candidate: Candidate): Promise<void> => {
    const running = await stage.start(candidate);
    const answers: Answer[] = [];
    const bytes: number[] = [];
    let after: string | null = null;
    while (answers.length < pages) {
      const answer = await askOnce(running, { ...firstPage, first: 100, after });
      answers.push(answer);
      bytes.push((await running.process.ask<Usage>('usage')).rssBytes);
      after = answer.endCursor;
    }
    if (expected !== null) mustAgree([handWritten.name, expected], [candidate.name, answers]);
    expected = answers;
    figures.push({
      name: candidate.name,
      sessions: answers.reduce((sum, { nodes }) => sum + nodes.length, 0),
      firstPageBytes: bytes[0] ?? 0,
      maxBytes: Math.max(...bytes),
      lastPageBytes: bytes.at(-1) ?? 0,
    });
    await running.process.stop();
  };
  await walkOne(handWritten);
  await walkOne(oursDefault);
  return figures;
}
