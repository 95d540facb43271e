import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import type { MergedPage } from '../../src/pagination/merge-request.ts';
import { allRows } from './oracle.ts';
import { propertyParameters } from './plans.ts';
import { expectOnce, expectSame, inWalk, walkPlan } from './property-world.ts';
import { askPage, type PageAsked, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Row, type SimulatedFeed, type Style } from './world.ts';

const start = 1_760_000_000_000_000;
const second = 1_000_000;

function feedOf(index: number, seconds: readonly number[], style: Style = 'after-id'): SimulatedFeed {
  const rows = seconds.map((at, row): Row => {
    return { sourceId: 'crowded', key: `f${index}-${row}`, moment: start + at * second };
  });
  return createSimulatedFeed('crowded', `feed-${index}`, style, rows);
}

const options = { shuffles: false, unknownAfter: 'error', random: () => 0.5 } as const;

function requestsOf(feeds: readonly SimulatedFeed[]): number {
  return feeds.reduce((sum, feed) => sum + feed.requests, 0);
}

test('the pages after the first ask only those of many feeds that have rows nearby', async () => {
  // Ten busy agents with 40 sessions each, and 290 with one session each, long ago.
  const busy = Array.from({ length: 10 }, (_, index) => {
    return feedOf(
      index,
      Array.from({ length: 40 }, (__, row) => 1_000_000 - row * 10 - index),
    );
  });
  const quiet = Array.from({ length: 290 }, (_, index) => feedOf(10 + index, [index]));
  const feeds = [...busy, ...quiet];
  const delivered: Row[] = [];
  const costs: number[] = [];
  let after: string | null = null;
  for (let page = 0; page < 15; page += 1) {
    for (const feed of feeds) feed.requests = 0;
    const answer: MergedPage<Row> = await askPage(feeds, options, {
      direction: 'desc',
      walk: 'forward',
      size: 20,
      after,
    });
    delivered.push(...answer.items.map(({ row }) => row));
    costs.push(requestsOf(feeds));
    expect(answer.more).toBe(true);
    expect(write(answer.items.at(-1)?.cursor ?? null)).toBe(write(answer.end));
    after = write(answer.end);
    expect(after?.length).toBeLessThan(600);
  }
  expect(delivered).toEqual(allRows(feeds, 'desc').slice(0, 300));
  const [first, ...later] = costs;
  expect(first).toBe(300);
  expect(Math.max(...later)).toBeLessThanOrEqual(40);
  // Whoever turns back is told the truth: what was known of the way on says nothing of the way back.
  const back = await askPage(feeds, options, { direction: 'desc', walk: 'backward', size: 100, before: after });
  expect(back.items.map(({ row }) => row)).toEqual(allRows(feeds, 'desc').slice(199, 299));
});

test('one of many feeds that failed catches up first of all when it is back', async () => {
  const late = feedOf(60, [1000, 94.5]);
  const feeds = [...Array.from({ length: 60 }, (_, index) => feedOf(index, [100 - index])), late];
  const page = (after: string | null) =>
    askPage(feeds, options, { direction: 'desc', walk: 'forward', size: 5, after });
  const keysOf = ({ items }: MergedPage<Row>) => items.map(({ row }) => row.key);
  const first = await page(null);
  expect(keysOf(first)).toEqual(['f60-0', 'f0-0', 'f1-0', 'f2-0', 'f3-0']);
  late.down = true;
  const without = await page(write(first.end));
  expect(keysOf(without)).toEqual(['f4-0', 'f5-0', 'f6-0', 'f7-0', 'f8-0']);
  late.down = false;
  expect(keysOf(await page(write(without.end)))).toEqual(['f60-1', 'f9-0', 'f10-0', 'f11-0', 'f12-0']);
});

/** For each page only so many requests are answered, as by the request budget of an operation. */
async function walkWithBudget(
  feeds: readonly SimulatedFeed[],
  budget: number,
  asked: Omit<PageAsked, 'after' | 'before'>,
): Promise<{ readonly rows: readonly Row[]; readonly pages: readonly MergedPage<Row>[] }> {
  const rows: Row[] = [];
  const pages: MergedPage<Row>[] = [];
  let cursor: string | null = null;
  for (let number = 0; number < 3_000; number += 1) {
    let left = budget;
    for (const feed of feeds) {
      feed.onRequest = () => {
        if (left <= 0) throw new UpstreamError(feed.sourceId, 'UPSTREAM_BUDGET_EXCEEDED');
        left -= 1;
      };
    }
    const side = asked.walk === 'forward' ? { after: cursor } : { before: cursor };
    const page = await askPage(feeds, options, { ...asked, ...side });
    pages.push(page);
    rows.push(...inWalk(page, asked));
    const reports = [...page.sources.values()];
    // A page that says nothing and leads nowhere would be asked for again and again.
    if (page.items.length === 0 && !page.more)
      expect(reports.every(({ owes, advanced }) => !owes || advanced)).toBe(true);
    cursor = write(page.end) ?? cursor;
    if (!page.more && reports.every(({ owes }) => !owes)) return { rows, pages };
  }
  throw new Error('The walk does not end.');
}

test('more feeds than the budget has requests: every row comes once, and the source says that it is behind', async () => {
  const feeds = Array.from({ length: 250 }, (_, index) => feedOf(index, [index, index + 1_000, index + 2_000]));
  const { rows, pages } = await walkWithBudget(feeds, 100, { direction: 'desc', walk: 'forward', size: 20 });
  expectOnce(rows);
  expectSame(rows, allRows(feeds, 'desc'));
  const [first] = pages;
  expect(first?.items).toHaveLength(20);
  expect(first?.sources.get('crowded')).toMatchObject({ failed: false, owes: true });
  expect(first?.sources.get('crowded')?.errors[0]).toMatchObject({ code: 'UPSTREAM_BUDGET_EXCEEDED' });
});

test('also when next to none of the rows pass a filter that is evaluated here', async () => {
  const feeds = Array.from({ length: 250 }, (_, index) => feedOf(index, [index, index + 1_000]));
  const accepts = ({ key }: Row) => key === 'f7-0' || key === 'f249-1';
  const asked = { direction: 'desc', walk: 'forward', size: 20, accepts, selective: true } as const;
  const { rows, pages } = await walkWithBudget(feeds, 60, asked);
  expect(rows.map(({ key }) => key).toSorted()).toEqual(['f249-1', 'f7-0']);
  expect(pages.length).toBeLessThan(12);
});

test('any budget, any number of feeds, each way: every row once, and each page in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record(walkPlan),
      fc.integer({ min: 2, max: 150 }),
      // Enough for each of the lists that are read at a time to come to an answer.
      fc.integer({ min: 64, max: 120 }),
      fc.constantFrom<Style>('after-id', 'offset', 'complete'),
      fc.constantFrom(1, 1, 4, 30),
      async (plan, count, budget, style, rarity) => {
        const random = createRandom(plan.random);
        const feeds = Array.from({ length: count }, (_, index) => {
          const seconds = Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 4_000));
          return feedOf(index, seconds, style);
        });
        const accepts = ({ key }: Row) => [...key].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % rarity === 0;
        const size = 1 + Math.floor(random() * 25);
        const asked = { direction: plan.direction, walk: plan.walk, size, accepts, selective: rarity > 1 };
        const { rows, pages } = await walkWithBudget(feeds, budget, asked);
        expectOnce(rows);
        expectSame(rows, allRows(feeds, plan.direction).filter(accepts));
        const known = allRows(feeds, plan.direction);
        for (const page of pages) {
          const places = page.items.map(({ row }) => known.indexOf(row));
          expect(places).toEqual(places.toSorted((left, right) => left - right));
        }
      },
    ),
    propertyParameters(0.05),
  );
}, 86_400_000);
