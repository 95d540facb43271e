import { expect, test } from 'vitest';
import { feedOf, forward, groupMoment, keyOf, options, second, start, walkOn } from './lists.ts';
import { askPage, write } from './walk.ts';
import type { Row } from './world.ts';

test('a page that is full is not said to have ended early, though its scan budget was used up', async () => {
  const feed = feedOf(0, 'offset', 1000);
  const accepts = (row: Row) => Number.parseInt(row.key.slice(-4), 16) % 20 === 0;
  const page = await askPage([feed], options, { ...forward, size: 2, scanRows: 45, accepts });
  expect(page.items).toHaveLength(2);
  expect(page.sources.get('source-0')?.outOfBudget).toBe(false);
  expect(page.more).toBe(true);
  const early = await askPage([feed], options, { ...forward, size: 50, scanRows: 50, accepts });
  expect(early.items.length).toBeLessThan(50);
  expect(early.sources.get('source-0')?.outOfBudget).toBe(true);
});

test('one page costs no more than its scan budget, in a large group and on the way to a place that was lost', async () => {
  const group = feedOf(0, 'after-id', 3000, () => groupMoment);
  const inGroup = await walkOn([group], { ...forward, size: 10, scanRows: 200, accepts: () => false }, 40);
  expect(inGroup.keys).toEqual([]);
  expect(inGroup.pages.length).toBeGreaterThan(10);

  const long = feedOf(1, 'after-id', 3000);
  const first = await askPage([long], options, { ...forward, size: 100 });
  const second = await askPage([long], options, { ...forward, size: 100, after: write(first.end) });
  let page = await askPage([long], options, { ...forward, size: 100, after: write(second.end) });
  for (let pages = 0; pages < 15; pages += 1) {
    page = await askPage([long], options, { ...forward, size: 100, after: write(page.end) });
  }
  const boundary = page.items.at(-1)?.row.key ?? '';
  const position = [...long.rows.keys()].indexOf(boundary);
  // The row the platform would go on after, and those around it.
  for (const key of [...long.rows.keys()].slice(position, position + 5)) long.rows.delete(key);
  long.rowsSent = 0;
  const again = await askPage([long], options, { ...forward, size: 100, scanRows: 500, after: write(page.end) });
  expect(again.sources.get('source-1')?.outOfBudget).toBe(true);
  expect(long.rowsSent).toBeLessThan(800);
  const { keys } = await walkOn([long], { ...forward, size: 100, scanRows: 500, after: write(again.end) }, 40);
  expect(keys[0]).toBe(keyOf(1, position - 1));
});

test('a page that ends where its stretch of time ends, or at its stop, says that nothing more follows', async () => {
  for (const style of ['offset', 'pages', 'after-id'] as const) {
    const feed = feedOf(0, style, 400);
    const isTenth = (row: Row) => Number.parseInt(row.key.slice(-4), 16) % 10 === 9;
    for (const earliest of [start + 140 * second, start + 155 * second]) {
      const accepts = (row: Row) => isTenth(row) && row.moment !== null && row.moment >= earliest;
      const asked = { ...forward, size: 100, accepts };
      const page = await askPage([feed], options, { ...asked, earliest });
      expect(page.items.length).toBeGreaterThan(20);
      expect(page.more).toBe(false);
      const all = await askPage([feed], options, asked);
      const last = write(all.items.at(-1)?.cursor ?? null);
      const upTo = await askPage([feed], options, { ...forward, size: 100, accepts: isTenth, before: last });
      expect(upTo.items).toHaveLength(all.items.length - 1);
      expect(upTo.more).toBe(false);
    }
  }
});

test('a row past the stretch of time that is asked for ends it without another request', async () => {
  for (const style of ['offset', 'pages', 'after-id'] as const) {
    const feed = feedOf(0, style, 400);
    const page = await askPage([feed], options, { ...forward, size: 50, earliest: start + 350 * second });
    expect(page.items).toHaveLength(50);
    expect(page.more).toBe(false);
    expect(feed.requests).toBe(1);
  }
});

test('a count that is of more rows than were asked for is not given', async () => {
  const feed = feedOf(0, 'offset', 30);
  const isEven = (row: Row) => Number.parseInt(row.key.slice(-2), 16) % 2 === 0;
  const page = await askPage([feed], options, { ...forward, size: 10, accepts: isEven });
  expect(await page.totalOf('source-0')).toBeNull();
  const whole = await askPage([feed], options, { ...forward, size: 10 });
  expect(await whole.totalOf('source-0')).toBe(30);
});
