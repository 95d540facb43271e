import { expect, test } from 'vitest';
import { backward, forward, options, second, start, walkOn } from './lists.ts';
import { askPage, write } from './walk.ts';
import { createSimulatedFeed, type Recall, type Row, type SimulatedFeed } from './world.ts';

const row = (key: string, at: number): Row => ({ sourceId: 'source-0', key, moment: start + at * second });
const newer = [5, 4, 3, 2, 1].map((at) => row(`newer-${at}`, 100 + at));
const groupOf = (size: number) => Array.from({ length: size }, (_, index) => row(`group-${index}`, 100));
const older = Array.from({ length: 20 }, (_, index) => row(`older-${index}`, 50 - index));

const feedOf = (rows: readonly Row[]) => createSimulatedFeed('source-0', 'feed-0', 'offset', rows);
const remove = (feed: SimulatedFeed, ...keys: readonly string[]) => keys.map((key) => feed.rows.delete(key));
const insert = (feed: SimulatedFeed, ...keys: readonly string[]) =>
  keys.map((key, index) => feed.rows.set(key, row(key, 110 + index)));
const lostBy = (keys: readonly string[], feed: SimulatedFeed) =>
  [...feed.rows.keys()].filter((key) => key.startsWith('group') && !keys.includes(key));

test.each([
  { behind: 'other rows', rows: older },
  { behind: 'nothing', rows: [] },
])('rows that go before a group while it is read cost none of its rows, with $behind behind it', async ({ rows }) => {
  for (const request of [1, 2, 3, 4, 5]) {
    const feed = feedOf([...newer, ...groupOf(100), ...rows]);
    feed.onRequest = () => {
      if (feed.requests === request) remove(feed, 'newer-5', 'newer-4');
    };
    const { keys } = await walkOn([feed], { ...forward, size: 100 }, 10);
    expect([...feed.rows.keys()].filter((key) => !keys.includes(key))).toEqual([]);
  }
});

test.each([
  { walk: 'on', asked: forward, before: (feed: SimulatedFeed) => insert(feed, 'new-1'), after: ['newer-5', 'newer-4'] },
  { walk: 'back', asked: backward, before: (feed: SimulatedFeed) => remove(feed, 'newer-5'), after: [] },
])(
  'walking $walk, a row of a group that was shown twice does not stand for one that was never shown',
  async ({ asked, before, after }) => {
    for (const request of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      const feed = feedOf([...newer, ...groupOf(250), ...older]);
      // The places of the group move by one between two of its reads, and by two the other way between the next.
      feed.onRequest = () => {
        if (feed.requests === request) before(feed);
        if (feed.requests !== request + 1) return;
        if (after.length > 0) remove(feed, ...after);
        else insert(feed, 'new-1', 'new-2');
      };
      const { keys } = await walkOn([feed], { ...asked, size: 100 }, 10);
      expect(lostBy(keys, feed), `from request ${request}`).toEqual([]);
    }
  },
);
