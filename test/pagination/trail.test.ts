import { expect, test } from 'vitest';
import { backward, feedOf, forward, options, second, start, walkOn } from './lists.ts';
import { allRows } from './oracle.ts';
import { askPage, write } from './walk.ts';
import type { Row } from './world.ts';

test('a walk over more deep lists than hints fit into a short cursor comes to its end, page by full page', async () => {
  for (const size of [300, 1200]) {
    const feeds = Array.from({ length: 14 }, (_, index) => feedOf(index, 'after-id', size, undefined, 'source-0'));
    const { keys, pages } = await walkOn(feeds, { ...forward, size: 100, scanRows: 500 }, (14 * size) / 100 + 1);
    expect(keys).toEqual(allRows(feeds, 'desc').map((row) => row.key));
    expect(pages.some((page) => page.sources.get('source-0')?.outOfBudget)).toBe(false);
  }
});

test('a long list that appears beside many deep ones is passed, even while a filter uses up the scan budget', async () => {
  const deep = Array.from({ length: 10 }, (_, index) => feedOf(index, 'after-id', 1000, undefined, 'source-0'));
  const appearing = feedOf(10, 'after-id', 2000, (row) => start + (2000 + row) * second, 'source-0');
  const accepts = (row: Row) => row.moment === start || (row.moment ?? 0) >= start + 550 * second;
  const asked = { ...forward, size: 100, accepts };
  let cursor: string | null = null;
  for (let pages = 0; pages < 44; pages += 1)
    cursor = write((await askPage(deep, options, { ...asked, after: cursor })).end);
  const { keys } = await walkOn([...deep, appearing], { ...asked, after: cursor, scanRows: 1000 }, 100);
  expect(keys).toHaveLength(110);
});

test('turning back from deep inside, no list is read from its far end for want of a hint', async () => {
  // Of one list the walk comes past so many rows, after all of the others.
  for (const depth of [300, 500]) {
    const deep = Array.from({ length: 8 }, (_, index) =>
      feedOf(index, 'after-id', 450, (row) => start + (row + 9000) * second),
    );
    const long = feedOf(8, 'after-id', 5000, (row) => start + (row < 4500 ? row : row + 3500) * second);
    let cursor: string | null = null;
    for (let pages = 0; pages < 36 + depth / 100; pages += 1) {
      cursor = write((await askPage([...deep, long], options, { ...forward, size: 100, after: cursor })).end);
    }
    long.rowsSent = 0;
    const back = await askPage([...deep, long], options, { ...backward, size: 20, before: cursor });
    expect(back.items).toHaveLength(20);
    expect(long.rowsSent).toBeLessThanOrEqual(400);
  }
});
