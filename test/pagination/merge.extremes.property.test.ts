import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from './oracle.ts';
import { propertyParameters } from './plans.ts';
import {
  createWorld,
  expectOnce,
  expectOrdered,
  expectSame,
  inWalk,
  plans,
  walkPlan,
  walkThrough,
} from './property-world.ts';
import { askPage, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Row, type SimulatedFeed, type Style } from './world.ts';

const start = 1_760_000_000_000_000;
const second = 1_000_000;

const outages = fc.array(
  fc.record({
    source: fc.integer({ min: 0, max: 4 }),
    from: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 2, maxLength: 8 },
);

test('whole sources away at overlapping times, and back one after the other, lose nothing and repeat nothing', async () => {
  await fc.assert(
    fc.asyncProperty(plans, outages, fc.boolean(), async (plan, away, withDeadFeeds) => {
      const world = createWorld(plan, true);
      const { rows, pages } = await walkThrough(world, plan, {}, (page) => {
        for (const feed of world.feeds) feed.down = withDeadFeeds && page < 20 && world.random() < 0.2;
        const now = away.filter(({ from, length }) => page >= from && page < from + length);
        // Pages small enough that the walk is not over before the sources are back.
        const size = 1 + Math.floor(world.random() * (page < 20 ? 15 : 100));
        return { size, lost: new Set(now.map(({ source }) => `source-${source}`)) };
      });
      expectSame(rows, allRows(world.feeds, plan.direction));
      for (const page of pages) expectOrdered(inWalk(page, plan), plan);
      if (withDeadFeeds) return;
      for (const sourceId of new Set(world.feeds.map((feed) => feed.sourceId))) {
        expectOrdered(
          rows.filter((row) => row.sourceId === sourceId),
          plan,
        );
      }
    }),
    propertyParameters(0.1),
  );
}, 86_400_000);

const stretches = fc.array(
  fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ rows: fc.integer({ min: 1, max: 150 }), ties: fc.integer({ min: 1, max: 30 }) }),
    },
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 500 }).map((rows) => ({ rows, ties: rows })) },
  ),
  { minLength: 1, maxLength: 4 },
);

const groupedFeeds = fc.array(
  fc.record({
    source: fc.integer({ min: 0, max: 2 }),
    style: fc.constantFrom<Style>('offset', 'pages', 'after-id', 'complete'),
    stretches,
  }),
  { minLength: 1, maxLength: 4 },
);

interface GroupedPlan {
  readonly source: number;
  readonly style: Style;
  readonly stretches: readonly { readonly rows: number; readonly ties: number }[];
}

function createGroupedFeeds(grouped: readonly GroupedPlan[]): SimulatedFeed[] {
  return grouped.map((plan, index) => {
    const sourceId = `source-${plan.source}`;
    const rows: Row[] = [];
    let moment = start;
    for (const { rows: size, ties } of plan.stretches) {
      for (let row = 0; row < size; row += 1) {
        if (row % ties === 0) moment += second;
        rows.push({ sourceId, key: `${(rows.length * 7919) % 10007}-f${index}`, moment });
      }
    }
    return createSimulatedFeed(sourceId, `feed-${index}`, plan.style, rows);
  });
}

test('groups of ties far beyond the scan budget come whole and once, in the order of time, and are said to be unordered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(walkPlan),
      groupedFeeds,
      fc.integer({ min: 20, max: 250 }),
      fc.constantFrom(1, 1, 3, 40),
      fc.boolean(),
      async (plan, grouped, scanRows, rarity, withOutages) => {
        const random = createRandom(plan.random);
        const feeds = createGroupedFeeds(grouped);
        const world = { feeds, random, options: { shuffles: false, unknownAfter: plan.unknownAfter, random } };
        const accepts = (row: Row) => Number.parseInt(row.key, 10) % rarity === 0;
        const { rows, pages } = await walkThrough(world, plan, { scanRows, accepts }, (page) => {
          if (!withOutages) return undefined;
          for (const feed of feeds) feed.down = page < 20 && random() < 0.15;
          return { lost: new Set(feeds.flatMap(({ sourceId }) => (page < 20 && random() < 0.1 ? [sourceId] : []))) };
        });
        const expected = allRows(feeds, plan.direction).filter(accepts);
        expectOnce(rows);
        expectSame(rows, expected);
        if (withOutages) return;
        const times = plan.walk === 'forward' ? expected : expected.toReversed();
        expect(rows.map(({ moment }) => moment)).toEqual(times.map(({ moment }) => moment));
        const isUnordered = rows.some((row, index) => row.key !== times[index]?.key);
        const isSaid = pages.some(({ sources }) => [...sources.values()].some(({ tiesUnstable }) => tiesUnstable));
        if (isUnordered) expect(isSaid).toBe(true);
      },
    ),
    propertyParameters(0.3),
  );
}, 86_400_000);

test('a source of hundreds of feeds is walked whole and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(walkPlan),
      fc.integer({ min: 100, max: 400 }),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom<Style>('complete', 'after-id', 'pages'),
      async (plan, count, largest, style) => {
        const random = createRandom(plan.random);
        const feeds = Array.from({ length: count }, (_, index) => {
          const rows = Array.from({ length: Math.floor(random() * (largest + 1)) }, (__, row): Row => {
            const moment = start + Math.floor(random() * 300) * second;
            return { sourceId: 'crowded', key: `f${index}-${row}`, moment };
          });
          return createSimulatedFeed('crowded', `feed-${index}`, style, rows);
        });
        const others = Array.from({ length: 40 }, (_, row): Row => {
          return { sourceId: 'other', key: `o${row}`, moment: start + row * 8 * second };
        });
        feeds.push(createSimulatedFeed('other', 'only', 'offset', others));
        const world = { feeds, random, options: { shuffles: true, unknownAfter: plan.unknownAfter, random } };
        const { rows, pages } = await walkThrough(world, plan, { size: 100 }, () => undefined);
        const expected = allRows(feeds, plan.direction);
        const inTurn = plan.walk === 'forward' ? expected : expected.toReversed();
        expect(rows.map((row) => row.key)).toEqual(inTurn.map((row) => row.key));
        // Were all of them lost, half of the scan budget would find every place again.
        if (expected.length > 1000) return;
        for (const page of pages) expect(write(page.end)?.length ?? 0).toBeLessThan(600);
      },
    ),
    propertyParameters(0.04),
  );
}, 86_400_000);

test('a stretch of time far from the head is walked for a few requests a page, each way and back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(walkPlan),
      fc.array(
        fc.record({ style: fc.constantFrom<Style>('offset', 'pages'), size: fc.integer({ min: 500, max: 20_000 }) }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      fc.integer({ min: 1, max: 6 }),
      async (plan, lists, ties) => {
        const random = createRandom(plan.random);
        const feeds = lists.map(({ style, size }, index) => {
          const rows = Array.from({ length: size }, (_, row): Row => {
            return { sourceId: `source-${index}`, key: `k${row}`, moment: start + Math.floor(row / ties) * second };
          });
          return createSimulatedFeed(`source-${index}`, 'list', style, rows);
        });
        const longest = Math.max(...lists.map(({ size }) => Math.ceil(size / ties)));
        const [from = 0, until = 0] = [random(), random()]
          .map((part) => Math.floor(part * longest))
          .sort((left, right) => left - right);
        const earliest = start + from * second;
        const latest = start + until * second;
        const accepts = ({ moment }: Row) => moment !== null && moment >= earliest && moment <= latest;
        const inside = allRows(feeds, plan.direction).filter(accepts);
        const options = { shuffles: false, unknownAfter: plan.unknownAfter, random };

        let walk = plan.walk;
        let cursor: string | null = null;
        let place: Row | null = null;
        let hasTurned = false;
        const onward: number[] = [];
        for (let page = 0; page < 10; page += 1) {
          // The first page has to search, and so may those that lead back to where the list begins.
          const isOnward = page > 0 && !hasTurned;
          for (const feed of feeds) feed.requests = 0;
          const at = place === null ? (walk === 'forward' ? -1 : inside.length) : inside.indexOf(place);
          const size = 1 + Math.floor(random() * 10);
          const answer = await askPage(feeds, options, {
            direction: plan.direction,
            walk,
            size,
            accepts,
            earliest,
            latest,
            after: walk === 'forward' ? cursor : null,
            before: walk === 'backward' ? cursor : null,
          });
          const expected =
            walk === 'forward' ? inside.slice(at + 1, at + 1 + size) : inside.slice(Math.max(0, at - size), at);
          expect(answer.items.map(({ row }) => row)).toEqual(expected);
          if (isOnward) onward.push(feeds.reduce((sum, feed) => sum + feed.requests, 0) / feeds.length);
          const last = inWalk(answer, { walk }).at(-1);
          if (last !== undefined) {
            place = last;
            cursor = write(answer.end);
          }
          if (page < 4 || random() < 0.5 || place === null) continue;
          hasTurned = true;
          walk = walk === 'forward' ? 'backward' : 'forward';
        }
        const requests = onward.reduce((sum, each) => sum + each, 0);
        expect(requests).toBeLessThanOrEqual(4 * onward.length);
      },
    ),
    propertyParameters(0.3),
  );
}, 86_400_000);
