import fc from 'fast-check';
import { createSimulatedFeed, type Row, type SimulatedFeed, type Style } from './world.ts';

/** `npm run test:fuzz` sets these; a failure prints the seed and the path that replay it. */
export function propertyParameters(share: number) {
  const { FUZZ_WORLDS = '150', FUZZ_SEED, FUZZ_PATH } = process.env;
  return {
    numRuns: Math.ceil(Number(FUZZ_WORLDS) * share),
    ...(FUZZ_SEED === undefined ? {} : { seed: Number(FUZZ_SEED) }),
    ...(FUZZ_PATH === undefined ? {} : { path: FUZZ_PATH }),
  };
}

export interface FeedPlan {
  readonly source: number;
  readonly style: Style;
  readonly size: number;
  /** How many rows share a moment, at the most. */
  readonly tieSize: number;
  readonly withUnknownMoments: boolean;
}

const sizes = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 3, arbitrary: fc.integer({ min: 31, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 301, max: 5000 }) },
);

const feedPlan: fc.Arbitrary<FeedPlan> = fc.record({
  source: fc.integer({ min: 0, max: 4 }),
  style: fc.constantFrom<Style>('offset', 'pages', 'after-id', 'complete'),
  size: sizes,
  tieSize: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 2, max: 12 }) },
    { weight: 1, arbitrary: fc.integer({ min: 13, max: 150 }) },
  ),
  withUnknownMoments: fc.boolean(),
});

export const feedPlans = fc.array(feedPlan, { minLength: 1, maxLength: 12 });

/** Where an id is the only way on, a shuffled group must fit into one read to be told whole; see docs/paging.md on ties. */
const maxTiesAfterId = 90;

const firstMoment = 1_760_000_000_000_000;
const second = 1_000_000;

export function createFeeds(plans: readonly FeedPlan[], random: () => number): SimulatedFeed[] {
  return plans.map((plan, index) => {
    const sourceId = `source-${plan.source}`;
    const rows: Row[] = [];
    let moment = firstMoment + Math.floor(random() * 50) * second;
    while (rows.length < plan.size) {
      const maxTies = plan.style === 'after-id' ? Math.min(plan.tieSize, maxTiesAfterId) : plan.tieSize;
      const ties = 1 + Math.floor(random() * maxTies);
      const shared: number | null = plan.withUnknownMoments && rows.length === 0 ? null : moment;
      for (let tie = 0; tie < ties && rows.length < plan.size; tie += 1) {
        rows.push({ sourceId, key: `${newKey(random)}-f${index}-${rows.length}`, moment: shared });
      }
      // Whole seconds, so that rows of different feeds meet.
      moment += (1 + Math.floor(random() * 3)) * second;
    }
    return createSimulatedFeed(sourceId, `feed-${index}`, plan.style, rows);
  });
}

export function insertRow(feed: SimulatedFeed, random: () => number): void {
  const some = pickRow(feed, random);
  const isTie = some !== null && random() < 0.5;
  const moment = isTie ? some.moment : firstMoment + Math.floor(random() * 5000) * second;
  const ties = [...feed.rows.values()].filter((row) => row.moment === moment).length;
  if (feed.style === 'after-id' && ties >= maxTiesAfterId) return;
  const key = `${newKey(random)}-new`;
  feed.rows.set(key, { sourceId: feed.sourceId, key, moment });
}

/** The key of the row that is gone, or null when there was none. */
export function removeRow(feed: SimulatedFeed, random: () => number): string | null {
  const some = pickRow(feed, random);
  if (some === null) return null;
  feed.rows.delete(some.key);
  return some.key;
}

function pickRow(feed: SimulatedFeed, random: () => number): Row | null {
  const rows = [...feed.rows.values()];
  return rows[Math.floor(random() * rows.length)] ?? null;
}

/** Letters that a language would sort otherwise than their numbers. */
const firstLetters = ['a', 'B', 'b', 'C', '_', '~', '-', '.', '0', '9', '%C3%A9'];

function newKey(random: () => number): string {
  return `${firstLetters[Math.floor(random() * firstLetters.length)]}${Math.floor(random() * 1e12).toString(36)}`;
}
