import { createBest } from './best.ts';
import type { Row } from './row.ts';

interface Candidate {
  readonly key: string;
  readonly seen: number;
  /** Among those that were seen in the same sweep, others come first each time. */
  readonly chance: number;
}

/** Some of the rows that a sweep has not seen, those that were seen latest first. */
export function createUnseenPick(sweep: number, limit: number) {
  const best = createBest<Candidate>(limit, (left, right) => right.seen - left.seen || left.chance - right.chance);
  return {
    add({ key, seen }: Row): void {
      if (seen < sweep) best.add({ key, seen, chance: Math.random() });
    },
    keys: (): readonly string[] => best.items().map(({ key }) => key),
  };
}
