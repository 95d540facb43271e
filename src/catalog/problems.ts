import type { Ledger } from './ledger.ts';
import type { SourceMark } from './store.ts';

/** What goes wrong in looks and in sweeps. The mark says one thing of the two. */
export interface Problems {
  /** For the next that is noted. */
  forget(who: Who): void;
  /** Null when nothing is wrong. Moves the mark too. */
  note(who: Who, problem: string | null, moved: Partial<SourceMark>): Promise<void>;
}

type Who = 'pass' | 'sweep';

export function createProblems(ledger: Ledger): Problems {
  const known: Record<Who, string | null> = { pass: null, sweep: null };
  return {
    forget(who) {
      known[who] = null;
    },
    async note(who, problem, moved) {
      known[who] = problem;
      await ledger.change({ ...moved, behind: known.pass ?? known.sweep });
    },
  };
}
