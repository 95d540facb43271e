import { expect, test } from 'vitest';
import {
  backward,
  feedOf,
  forward,
  groupMoment,
  keysOf,
  options,
  second,
  start,
  walkOn,
  withLargeGroup,
} from './lists.ts';
import { allRows } from './oracle.ts';
import { askPage, write } from './walk.ts';

for (const style of ['offset', 'pages', 'after-id', 'complete'] as const) {
  test(`turning back at a row gives nothing of a list that was down and so is wholly still to come (${style})`, async () => {
    const feeds = [feedOf(0, style, 50), feedOf(1, 'offset', 50)];
    const [down] = feeds;
    if (down === undefined) throw new Error('two feeds were made');
    down.down = true;
    const first = await askPage(feeds, options, { ...forward, size: 20 });
    expect(keysOf(first)).toHaveLength(20);
    down.down = false;
    const back = await askPage(feeds, options, { ...backward, size: 30, before: write(first.end) });
    expect(keysOf(back)).toEqual(keysOf(first).slice(0, 19));
    // And what was still to come is there for who asks for the end of the list behind that row.
    const rest = await askPage(feeds, options, { ...backward, size: 100, after: write(first.end) });
    expect(new Set(keysOf(rest))).toEqual(
      new Set(
        allRows(feeds, 'desc')
          .map((row) => row.key)
          .filter((key) => !keysOf(first).includes(key)),
      ),
    );
  });

  test(`walking back past a list that was down, then forward from there, gives nothing twice (${style})`, async () => {
    const feeds = [feedOf(0, style, 30), feedOf(1, 'offset', 30)];
    const [down] = feeds;
    if (down === undefined) throw new Error('two feeds were made');
    down.down = true;
    const tail = await askPage(feeds, options, { ...backward, size: 10 });
    down.down = false;
    const onward = await askPage(feeds, options, { ...forward, size: 100, after: write(tail.end) });
    expect(keysOf(onward)).toEqual(keysOf(tail).slice(1));
    const back = await walkOn(feeds, { ...backward, size: 100, before: write(tail.end) }, 10);
    expect(back.keys).toHaveLength(50);
    expect(new Set([...back.keys, ...keysOf(tail)]).size).toBe(60);
  });
}

test('a source that gave rows before it failed has not failed as a whole', async () => {
  const feed = feedOf(0, 'offset', 500, (row) => start + Math.floor(row / 30) * second);
  feed.onRequest = () => {
    if (feed.requests > 0) throw new Error('down');
  };
  const page = await askPage([feed], options, { ...forward, size: 100 });
  expect(page.items.length).toBeGreaterThan(0);
  expect(page.sources.get('source-0')).toMatchObject({ failed: false, errors: [{ message: 'down' }] });
});

for (const style of ['offset', 'pages', 'after-id'] as const) {
  test(`a list that fails in the midst of a large group goes on there when it is back (${style})`, async () => {
    const feeds = [withLargeGroup(style), feedOf(1, 'pages', 60)];
    const [large] = feeds;
    if (large === undefined) throw new Error('two feeds were made');
    const asked = { ...forward, size: 45, scanRows: 100 };
    const keys: string[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < 30; turn += 1) {
      large.down = turn % 3 === 2;
      const page = await askPage(feeds, options, { ...asked, after: cursor });
      keys.push(...keysOf(page));
      cursor = write(page.end) ?? cursor;
    }
    expect(keys.toSorted()).toEqual(
      allRows(feeds, 'asc')
        .map((row) => row.key)
        .toSorted(),
    );
  });

  test(`a list that fails in the midst of a large group while nothing else goes on keeps its place (${style})`, async () => {
    const newer = feedOf(1, 'pages', 10, (row) => groupMoment + (row + 1) * second);
    for (const other of [newer, feedOf(1, 'pages', 0)]) {
      const large = withLargeGroup(style);
      const asked = { ...forward, size: 45, scanRows: 100 };
      const first = await askPage([large, other], options, asked);
      large.down = true;
      const without = await askPage([large, other], options, { ...asked, after: write(first.end) });
      expect(keysOf(without)).toEqual([]);
      large.down = false;
      const { keys } = await walkOn([large, other], { ...asked, after: write(without.end) }, 20);
      const delivered = [...keysOf(first), ...keys];
      expect(new Set(delivered).size).toBe(delivered.length);
      expect(delivered).toHaveLength(large.rows.size + other.rows.size);
    }
  });
}

test('a cursor stays short however many lists are down', async () => {
  const feeds = Array.from({ length: 200 }, (_, index) => feedOf(index, 'complete', 30, undefined, 'source-0'));
  for (const feed of feeds.slice(1)) feed.down = true;
  const first = await askPage(feeds, options, { ...forward, size: 5 });
  for (const feed of feeds) feed.down = false;
  for (const feed of feeds.slice(1)) feed.down = true;
  const next = await askPage(feeds, options, { ...forward, size: 5, after: write(first.end) });
  expect(write(next.end)?.length).toBeLessThan(2500);
  for (const feed of feeds) feed.down = false;
  const { keys } = await walkOn(feeds, { ...forward, size: 100, after: write(next.end) }, 100);
  expect([...keysOf(first), ...keysOf(next), ...keys].toSorted()).toEqual(
    allRows(feeds, 'asc')
      .map((row) => row.key)
      .toSorted(),
  );
});
