import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MergedItem } from '../../src/pagination/merge-request.ts';
import type { Direction } from '../../src/pagination/order.ts';
import { allRows, compareRows } from './oracle.ts';
import { createFeeds, feedPlans, insertRow, propertyParameters, removeRow } from './plans.ts';
import { askPage, write } from './walk.ts';
import { createRandom, type Row, type SimulatedFeed, type SimulationOptions } from './world.ts';

const worldPlan = fc.record({
  feeds: feedPlans,
  direction: fc.constantFrom<Direction>('asc', 'desc'),
  shuffles: fc.boolean(),
  unknownAfter: fc.constantFrom<'error' | 'empty'>('error', 'empty'),
  random: fc.integer(),
});

function mutate(feeds: readonly SimulatedFeed[], random: () => number): void {
  const changes = Math.floor(random() * 8);
  for (let change = 0; change < changes; change += 1) {
    const feed = feeds[Math.floor(random() * feeds.length)];
    if (feed === undefined) return;
    if (random() < 0.5) insertRow(feed, random);
    else removeRow(feed, random);
  }
}

/** Where a scan budget ends a page early, goes on from its cursor as a client would. */
async function askWholePage(
  feeds: readonly SimulatedFeed[],
  options: SimulationOptions,
  asked: { direction: Direction; walk: 'forward' | 'backward'; size: number },
  cursor: string | null,
) {
  const items: MergedItem<Row>[] = [];
  let place = cursor;
  for (let parts = 0; parts < 50; parts += 1) {
    const page = await askPage(feeds, options, {
      ...asked,
      size: asked.size - items.length,
      after: asked.walk === 'forward' ? place : null,
      before: asked.walk === 'backward' ? place : null,
    });
    if (asked.walk === 'forward') items.push(...page.items);
    else items.unshift(...page.items);
    const endedEarly = [...page.sources.values()].some((source) => source.outOfBudget);
    if (!endedEarly) return { items, more: page.more, sawBehind: page.sawBehind && parts === 0 };
    expect(page.more).toBe(true);
    place = write(page.end);
  }
  throw new Error('The scan budget ended 50 pages in a row.');
}

test('a walk with changing page sizes, directions and worlds gives exactly the rows it must, page by page', async () => {
  let pagesSeen = 0;
  await fc.assert(
    fc.asyncProperty(worldPlan, async (plan) => {
      const random = createRandom(plan.random);
      const feeds = createFeeds(plan.feeds, random);
      const options: SimulationOptions = { shuffles: plan.shuffles, unknownAfter: plan.unknownAfter, random };
      let walk: 'forward' | 'backward' = random() < 0.8 ? 'forward' : 'backward';
      let cursor: string | null = null;
      let boundary: Row | null = null;
      const biggest = random() < 0.5 ? 100 : 15;
      for (let turn = 0; turn < 12; turn += 1) {
        const size = 1 + Math.floor(random() * biggest);
        const rows = allRows(feeds, plan.direction);
        const place = boundary;
        const expected =
          walk === 'forward'
            ? rows.filter((row) => place === null || compareRows(row, place, plan.direction) > 0)
            : rows.filter((row) => place === null || compareRows(row, place, plan.direction) < 0);
        const wanted = walk === 'forward' ? expected.slice(0, size) : expected.slice(-size);
        const page = await askWholePage(feeds, options, { direction: plan.direction, walk, size }, cursor);
        expect(page.items.map((item) => item.row.key)).toEqual(wanted.map((row) => row.key));
        expect(page.more).toBe(expected.length > size);
        const existsBehind = place !== null && rows.length > expected.length;
        if (page.sawBehind) expect(existsBehind).toBe(true);
        pagesSeen += 1;

        if (random() < 0.25) walk = walk === 'forward' ? 'backward' : 'forward';
        const edge = random() < 0.2 ? Math.floor(random() * page.items.length) : walk === 'forward' ? -1 : 0;
        const item = page.items.at(edge);
        if (item === undefined) {
          walk = walk === 'forward' ? 'backward' : 'forward';
        } else {
          boundary = item.row;
          cursor = write(item.cursor);
          expect(cursor?.length).toBeLessThan(600);
        }
        if (random() < 0.6) mutate(feeds, random);
      }
    }),
    propertyParameters(1),
  );
  expect(pagesSeen).toBe(propertyParameters(1).numRuns * 12);
}, 86_400_000);
