import fc from 'fast-check';
import { expect } from 'vitest';
import type { MergedPage } from '../../src/pagination/merge-request.ts';
import type { Direction } from '../../src/pagination/order.ts';
import { compareRows } from './oracle.ts';
import { createFeeds, type FeedPlan, feedPlans } from './plans.ts';
import { askPage, type PageAsked, write } from './walk.ts';
import { createRandom, type Row, type SimulatedFeed, type SimulationOptions } from './world.ts';

export interface Plan {
  readonly feeds: readonly FeedPlan[];
  readonly direction: Direction;
  readonly walk: 'forward' | 'backward';
  readonly unknownAfter: 'error' | 'empty';
  readonly random: number;
}

export const walkPlan = {
  direction: fc.constantFrom<Direction>('asc', 'desc'),
  walk: fc.constantFrom<'forward' | 'backward'>('forward', 'backward'),
  unknownAfter: fc.constantFrom<'error' | 'empty'>('error', 'empty'),
  random: fc.integer(),
};

export const plans: fc.Arbitrary<Plan> = fc.record({ feeds: feedPlans, ...walkPlan });

export interface World {
  readonly feeds: SimulatedFeed[];
  readonly options: SimulationOptions;
  readonly random: () => number;
}

export function createWorld(plan: Plan, shuffles: boolean): World {
  const random = createRandom(plan.random);
  return {
    random,
    feeds: createFeeds(plan.feeds, random),
    options: { shuffles, unknownAfter: plan.unknownAfter, random },
  };
}

export interface Walked {
  /** In the order of the walk. */
  readonly rows: readonly Row[];
  readonly pages: readonly MergedPage<Row>[];
}

/** Walks to the end with changing page sizes; `between` may change the world before each page, and says what else is asked. */
export async function walkThrough(
  { feeds, options, random }: World,
  plan: Pick<Plan, 'direction' | 'walk'>,
  asked: Partial<PageAsked>,
  between: (page: number) => Partial<PageAsked> | undefined,
): Promise<Walked> {
  const rows: Row[] = [];
  const pages: MergedPage<Row>[] = [];
  let cursor: string | null = null;
  while (pages.length < 3000) {
    const now = between(pages.length);
    const page = await askPage(feeds, options, {
      direction: plan.direction,
      walk: plan.walk,
      size: 1 + Math.floor(random() * 100),
      after: plan.walk === 'forward' ? cursor : null,
      before: plan.walk === 'backward' ? cursor : null,
      ...asked,
      ...now,
    });
    pages.push(page);
    rows.push(...inWalk(page, plan));
    cursor = write(page.end) ?? cursor;
    const isWhole = (now?.lost?.size ?? 0) === 0 && feeds.every((feed) => !feed.down);
    if (!page.more && isWhole) return { rows, pages };
  }
  throw new Error('The walk does not end.');
}

export function inWalk(page: MergedPage<Row>, { walk }: Pick<Plan, 'walk'>): readonly Row[] {
  const rows = page.items.map((item) => item.row);
  return walk === 'forward' ? rows : rows.toReversed();
}

export function expectOnce(delivered: readonly Row[]): void {
  const keys = delivered.map((row) => row.key);
  expect(new Set(keys).size).toBe(keys.length);
}

export function expectSame(delivered: readonly Row[], expected: readonly Row[]): void {
  expect(delivered.map((row) => row.key).toSorted()).toEqual(expected.map((row) => row.key).toSorted());
}

/** Of rows in the order of the walk. */
export function expectOrdered(delivered: readonly Row[], plan: Pick<Plan, 'direction' | 'walk'>): void {
  for (const [index, row] of delivered.entries()) {
    const before = delivered[index - 1];
    if (before === undefined) continue;
    const order = compareRows(before, row, plan.direction);
    expect(plan.walk === 'forward' ? order : -order).toBeLessThan(0);
  }
}
