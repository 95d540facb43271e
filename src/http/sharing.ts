import type { KeptAnswers } from './kept-answers.ts';
import type { ReadKind } from './upstream.ts';

/** How a source's reads are shared between operations of the same user. */
export interface SourceSharing {
  readonly answers: KeptAnswers;
  maxAgeMs(kind: ReadKind): number;
}
