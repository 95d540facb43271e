import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from './oracle.ts';
import { insertRow, propertyParameters, removeRow } from './plans.ts';
import { createWorld, expectOnce, expectOrdered, plans, walkThrough } from './property-world.ts';
import type { Recall, SimulatedFeed } from './world.ts';

/** Answers that are used again until some requests later, as operations of one user share them. */
interface Memory {
  readonly recall: Recall;
  /** How many requests were asked for, whether they were sent or not: the time of this world. */
  now(): number;
  /** How many were answered by what was read before. */
  recalled(): number;
}

function createMemory(maxAge: number, random: () => number): Memory {
  const kept = new Map<string, { readonly answer: unknown; readonly readAt: number }>();
  let now = 0;
  let recalled = 0;

  async function recall<Answer>(
    feed: SimulatedFeed,
    read: string,
    anew: () => Promise<Answer>,
    isRepeated: boolean,
  ): Promise<Answer> {
    now += 1;
    const readAt = now;
    const name = `${feed.id} ${read}`;
    const known = kept.get(name);
    if (!isRepeated && known !== undefined && readAt - known.readAt <= maxAge && random() < 0.8) {
      recalled += 1;
      feed.onRequest();
      return known.answer as Answer;
    }
    const answer = await anew();
    // What a platform refuses is not kept.
    if (answer !== null) kept.set(name, { answer, readAt });
    return answer;
  }

  return { recall, now: () => now, recalled: () => recalled };
}

test('of answers of different ages, while rows come and go, whatever stays comes once and in order', async () => {
  let recalled = 0;
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 60 }), async (plan, maxAge) => {
      const world = createWorld(plan, false);
      const memory = createMemory(maxAge, world.random);
      const shared = { ...world, options: { ...world.options, recall: memory.recall } };
      const staying = new Set(allRows(world.feeds, plan.direction).map((row) => row.key));
      const goneAt = new Map<string, number>();
      for (const feed of world.feeds) {
        feed.onRequest = () => {
          if (world.random() < 0.3) insertRow(feed, world.random);
          if (world.random() < 0.2) {
            const key = removeRow(feed, world.random);
            if (key === null) return;
            staying.delete(key);
            goneAt.set(key, memory.now());
          }
        };
      }
      // Two clients with the same pages are those who share the most.
      const sizes = [1 + Math.floor(world.random() * 100), 1 + Math.floor(world.random() * 100)];
      const walks = await Promise.all(
        [0, 1].map(async () => {
          const begunAt: number[] = [];
          const walked = await walkThrough(shared, plan, {}, (page) => {
            begunAt.push(memory.now());
            return { size: sizes[page % 2] ?? 1 };
          });
          return { ...walked, begunAt };
        }),
      );
      for (const { rows, pages, begunAt } of walks) {
        expectOnce(rows);
        expectOrdered(rows, plan);
        // Of what was created meanwhile, each row may be there or not.
        const keys = new Set(rows.map((row) => row.key));
        expect([...staying].filter((key) => !keys.has(key))).toEqual([]);
        // Of what is gone, only what was there when the oldest answer was read that may still be used.
        for (const [page, { items }] of pages.entries()) {
          const oldest = (begunAt[page] ?? 0) - maxAge;
          expect(items.filter(({ row }) => (goneAt.get(row.key) ?? oldest) < oldest)).toEqual([]);
        }
      }
      recalled += memory.recalled();
    }),
    propertyParameters(0.1),
  );
  // The one world of a replay may have nothing to share.
  if (process.env.FUZZ_PATH === undefined) expect(recalled).toBeGreaterThan(0);
}, 86_400_000);
