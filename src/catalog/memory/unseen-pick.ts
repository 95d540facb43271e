import type { Row } from './row.ts';

interface Candidate {
  readonly key: string;
  readonly seen: number;
  /** Among those that were seen in the same sweep, others come first each time. */
  readonly chance: number;
}

/** Some of the rows that a sweep has not seen, those that were seen latest first. */
export function createUnseenPick(sweep: number, limit: number) {
  const picked: Candidate[] = [];
  return {
    add({ key, seen }: Row): void {
      if (seen >= sweep) return;
      const candidate = { key, seen, chance: Math.random() };
      const place = picked.findIndex((other) => isBefore(candidate, other));
      if (place === -1) picked.push(candidate);
      else picked.splice(place, 0, candidate);
      if (picked.length > limit) picked.pop();
    },
    keys: (): readonly string[] => picked.map(({ key }) => key),
  };
}

function isBefore(left: Candidate, right: Candidate): boolean {
  return left.seen === right.seen ? left.chance > right.chance : left.seen > right.seen;
}
