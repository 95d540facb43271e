import { type CatalogWriter, isSameMark, type SourceMark } from './store.ts';

/** The mark of a source, as the one follower that may write it goes on. */
export interface Ledger {
  mark(): SourceMark;
  /** Keeps what is different, if anything is. */
  change(part: Partial<SourceMark>): Promise<void>;
  /** Ends the sweep that was begun last, which saw the whole list. Answers how many sessions are gone. */
  finishSweep(part: Partial<SourceMark>): Promise<number>;
  /** The keys of some sessions that this sweep has not seen, those that were there most recently first. */
  unseen(limit: number): Promise<readonly string[]>;
  /** How many sessions are kept. */
  sessions(): Promise<number>;
}

export function createLedger(writer: CatalogWriter, first: SourceMark): Ledger {
  let mark = first;
  return {
    mark: () => mark,
    async change(part) {
      const changed = { ...mark, ...part };
      if (isSameMark(mark, changed)) return;
      await writer.mark(changed);
      mark = changed;
    },
    async finishSweep(part) {
      const changed = { ...mark, ...part };
      const gone = await writer.finishSweep(changed.sweep, changed);
      mark = changed;
      return gone;
    },
    unseen: (limit) => writer.unseen(mark.sweep, limit),
    sessions: async () => (await writer.state()).sessions,
  };
}
