import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MergedItem } from '../../src/pagination/merge-request.ts';
import { allRows } from './oracle.ts';
import { insertRow, propertyParameters, removeRow } from './plans.ts';
import { createWorld, expectOnce, expectOrdered, expectSame, plans, walkThrough } from './property-world.ts';
import { askPage, write } from './walk.ts';
import type { Row } from './world.ts';

test('rows that come and go between any two requests cost no row that stays, and repeat none', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const world = createWorld(plan, false);
      const staying = new Set(allRows(world.feeds, plan.direction).map((row) => row.key));
      for (const feed of world.feeds) {
        feed.onRequest = () => {
          if (world.random() < 0.3) insertRow(feed, world.random);
          if (world.random() < 0.2) {
            const key = removeRow(feed, world.random);
            if (key !== null) staying.delete(key);
          }
        };
      }
      const { rows: delivered } = await walkThrough(world, plan, {}, () => undefined);
      expectOnce(delivered);
      expectOrdered(delivered, plan);
      const keys = new Set(delivered.map((row) => row.key));
      expect([...staying].filter((key) => !keys.has(key))).toEqual([]);
    }),
    propertyParameters(0.1),
  );
}, 86_400_000);

test('feeds that die and come back in the midst of a walk lose nothing and repeat nothing', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const world = createWorld(plan, true);
      const { rows: delivered } = await walkThrough(world, plan, {}, (page) => {
        for (const feed of world.feeds) feed.down = page < 40 && world.random() < 0.3;
      });
      expectSame(delivered, allRows(world.feeds, plan.direction));
    }),
    propertyParameters(0.1),
  );
}, 86_400_000);

test('whoever turns at a row gets the rows given before it, and the other way all others, though feeds and sources were away', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const { feeds, options, random } = createWorld(plan, true);
      const given: MergedItem<Row>[] = [];
      let cursor: string | null = null;
      const pages = 1 + Math.floor(random() * 6);
      for (let page = 0; page < pages; page += 1) {
        for (const feed of feeds) feed.down = random() < 0.4;
        const lost = new Set(feeds.map((feed) => feed.sourceId).filter(() => random() < 0.15));
        const size = 1 + Math.floor(random() * 40);
        const answer = await askPage(feeds, options, {
          direction: plan.direction,
          walk: plan.walk,
          size,
          lost,
          ...from(cursor),
        });
        given.push(...(plan.walk === 'forward' ? answer.items : answer.items.toReversed()));
        cursor = write(answer.end) ?? cursor;
      }
      for (const feed of feeds) feed.down = false;
      const place = Math.floor(random() * given.length);
      const own = given[place];
      if (own === undefined) return;
      const keys = given.map((item) => item.row.key);
      expect((await walkFrom(own, plan.walk === 'forward' ? 'backward' : 'forward')).toSorted()).toEqual(
        keys.slice(0, place).toSorted(),
      );
      const done = new Set(keys.slice(0, place + 1));
      const others = allRows(feeds, plan.direction).filter((row) => !done.has(row.key));
      expect((await walkFrom(own, plan.walk)).toSorted()).toEqual(others.map((row) => row.key).toSorted());

      function from(text: string | null) {
        return plan.walk === 'forward' ? { after: text } : { before: text };
      }

      async function walkFrom(item: MergedItem<Row>, walk: 'forward' | 'backward'): Promise<string[]> {
        const found: string[] = [];
        let at = write(item.cursor);
        for (let turn = 0; turn < 3000; turn += 1) {
          const size = 1 + Math.floor(random() * 100);
          const side = walk === 'forward' ? { after: at } : { before: at };
          const page = await askPage(feeds, options, { direction: plan.direction, walk, size, ...side });
          found.push(...page.items.map(({ row }) => row.key));
          at = write(page.end) ?? at;
          if (!page.more) return found;
        }
        throw new Error('The walk does not end.');
      }
    }),
    propertyParameters(0.05),
  );
}, 86_400_000);

test('of rows that the platform should not have sent, or cannot help sending, none are given, and all others are', async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.boolean(), async (plan, selective) => {
      const world = createWorld(plan, true);
      const rarity = 1 + Math.floor(world.random() * 60);
      const accepts = (row: Row) => [...row.key].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % rarity === 0;
      const asked = { accepts, selective, scanRows: 200 };
      const { rows: delivered, pages } = await walkThrough(world, plan, asked, () => undefined);
      expectOnce(delivered);
      expectOrdered(delivered, plan);
      // A platform that orders a group anew for each request hides some of its rows for good, and then that is said.
      const hiding = new Set(
        pages.flatMap(({ sources }) => [...sources].flatMap(([id, { tiesUnstable }]) => (tiesUnstable ? [id] : []))),
      );
      const isTold = (row: Row) => !hiding.has(row.sourceId);
      expect(delivered.filter((row) => !accepts(row))).toEqual([]);
      expectSame(delivered.filter(isTold), allRows(world.feeds, plan.direction).filter(accepts).filter(isTold));
    }),
    propertyParameters(0.1),
  );
}, 86_400_000);

test('a stretch of time is walked from its first moment to its last', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const world = createWorld(plan, true);
      const known = allRows(world.feeds, 'asc').flatMap((row) => (row.moment === null ? [] : [row.moment]));
      const pick = () => known[Math.floor(world.random() * known.length)] ?? 0;
      const [earliest = 0, latest = 0] = [pick(), pick()].sort((left, right) => left - right);
      const inside = (row: Row) => row.moment !== null && row.moment >= earliest && row.moment <= latest;
      const { rows: delivered } = await walkThrough(
        world,
        plan,
        { earliest, latest, accepts: inside },
        () => undefined,
      );
      const expected = allRows(world.feeds, plan.direction).filter(inside);
      const inWalk = plan.walk === 'forward' ? expected : expected.toReversed();
      expect(delivered.map((row) => row.key)).toEqual(inWalk.map((row) => row.key));
    }),
    propertyParameters(0.1),
  );
}, 86_400_000);

test('feeds that appear and disappear between pages do not disturb the others', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const world = createWorld(plan, true);
      const all = [...world.feeds];
      const wavering = all.filter(() => world.random() < 0.3);
      const { rows: delivered } = await walkThrough(world, plan, {}, () => {
        const hidden = new Set(wavering.filter(() => world.random() < 0.5));
        world.feeds.splice(0, world.feeds.length, ...all.filter((feed) => !hidden.has(feed)));
      });
      expectOnce(delivered);
      expectOrdered(delivered, plan);
      const steady = allRows(
        all.filter((feed) => !wavering.includes(feed)),
        plan.direction,
      );
      const keys = new Set(delivered.map((row) => row.key));
      expect(steady.filter((row) => !keys.has(row.key))).toEqual([]);
    }),
    propertyParameters(0.1),
  );
}, 86_400_000);
