import { z } from 'zod';
import type { ReadKind } from '../domain/read-kind.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { Replicas } from './replicas.ts';

const milliseconds = z.int().min(0).max(3_600_000);

/** How the reads of a source are shared, once: the range of each setting, what it means, and its default. */
export const sharingSettings = {
  enabled: z
    .boolean()
    .describe(
      'Whether operations of the same user share what they read from a platform: one request at a time for the same thing, and its answer for a short while.',
    )
    .default(true),
  sessionsMs: milliseconds
    .describe('How long an answer with sessions is used again. `0`: only while the request is under way.')
    .default(1_000),
  directoryMs: milliseconds
    .describe('How long an answer with agents, teams, workflows or versions is used again.')
    .default(30_000),
  staleMs: milliseconds
    .describe(
      'How old an answer may be that is used when the platform fails. The outcome of the source is then `STALE`. `0`: none is.',
    )
    .default(0),
};

export type SharingSettings = {
  readonly [Name in keyof typeof sharingSettings]: z.output<(typeof sharingSettings)[Name]>;
};

/** What operations of one user may have of each other's reads of one source. */
export interface SourceSharing {
  readonly answers: KeptAnswers;
  /** Null when other processes read for themselves. */
  readonly replicas: Replicas | null;
  maxAgeMs(kind: ReadKind): number;
  /** How long an answer is good for anything. */
  keepMs(kind: ReadKind): number;
  readonly staleMs: number;
}

/** Null when each operation reads for itself. */
export function toSourceSharing(
  { enabled, sessionsMs, directoryMs, staleMs }: SharingSettings,
  answers: KeptAnswers,
  replicas: Replicas | null = null,
): SourceSharing | null {
  if (!enabled) return null;
  const maxAgeMs = (kind: ReadKind) => (kind === 'directory' ? directoryMs : sessionsMs);
  return { answers, replicas, staleMs, maxAgeMs, keepMs: (kind) => Math.max(maxAgeMs(kind), staleMs) };
}
