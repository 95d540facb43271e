import { expect, test } from 'vitest';
import { forward, second, start, walkOn } from './lists.ts';
import { createSimulatedFeed, type Row } from './world.ts';

const row = (key: string, at: number): Row => ({ sourceId: 'source-0', key, moment: start + at * second });
const newer = [5, 4, 3, 2, 1].map((at) => row(`newer-${at}`, 100 + at));
const group = Array.from({ length: 100 }, (_, index) => row(`group-${index}`, 100));
const older = Array.from({ length: 20 }, (_, index) => row(`older-${index}`, 50 - index));

test.each([
  { behind: 'other rows', rows: older },
  { behind: 'nothing', rows: [] },
])('rows that go before a group while it is read cost none of its rows, with $behind behind it', async ({ rows }) => {
  for (const request of [1, 2, 3, 4, 5]) {
    const feed = createSimulatedFeed('source-0', 'feed-0', 'offset', [...newer, ...group, ...rows]);
    feed.onRequest = () => {
      if (feed.requests !== request) return;
      for (const at of [5, 4]) feed.rows.delete(`newer-${at}`);
    };
    const { keys } = await walkOn([feed], { ...forward, size: 100 }, 10);
    expect([...feed.rows.keys()].filter((key) => !keys.includes(key))).toEqual([]);
  }
});
