import type { FollowedOperation } from './followed-source.ts';
import type { Intake } from './intake.ts';
import type { CatalogWriter } from './store.ts';

/** Reads sessions again that may go on, where no list shows what changes. */
export interface Rereads {
  /** Some more of them each time, the last active first, without those that were just seen. */
  next(seen: ReadonlySet<string>, operation: FollowedOperation): Promise<Reread>;
}

export interface Reread {
  readonly changed: number;
  /** Why some could not be read, for people. */
  readonly problem: string | null;
}

const watched = 50;
const atOnce = 5;

export function createRereads(writer: CatalogWriter, intake: Intake): Rereads {
  const done = new Set<string>();

  /** Each once before any comes again. */
  function choose(keys: readonly string[]): readonly string[] {
    const left = keys.filter((key) => !done.has(key));
    if (left.length === 0) done.clear();
    const chosen = (left.length === 0 ? keys : left).slice(0, atOnce);
    for (const key of chosen) done.add(key);
    return chosen;
  }

  function forgetAllBut(keys: readonly string[]): void {
    const present = new Set(keys);
    for (const key of done) if (!present.has(key)) done.delete(key);
  }

  return {
    async next(seen, operation) {
      const unfinished = (await writer.unfinished(watched)).map(({ key }) => key);
      forgetAllBut(unfinished);
      const chosen = choose(unfinished.filter((key) => !seen.has(key)));
      if (chosen.length === 0) return { changed: 0, problem: null };
      const { changed, problem, full } = await intake.lookUp(chosen, operation);
      return { changed, problem: problem ?? full };
    },
  };
}
