import { expect, test } from 'vitest';
import { backward, forward, keysOf, options, second, start, walkOn } from './lists.ts';
import { askPage, write } from './walk.ts';
import { createRandom, createSimulatedFeed, type Recall, type Row, type SimulatedFeed } from './world.ts';

const row = (key: string, at: number): Row => ({ sourceId: 'source-0', key, moment: start + at * second });
const newer = [5, 4, 3, 2, 1].map((at) => row(`newer-${at}`, 100 + at));
const groupOf = (size: number) => Array.from({ length: size }, (_, index) => row(`group-${index}`, 100));
const older = Array.from({ length: 20 }, (_, index) => row(`older-${index}`, 50 - index));

const feedOf = (rows: readonly Row[]) => createSimulatedFeed('source-0', 'feed-0', 'offset', rows);
const remove = (feed: SimulatedFeed, ...keys: readonly string[]) => keys.map((key) => feed.rows.delete(key));
const insert = (feed: SimulatedFeed, at: number, ...keys: readonly string[]) =>
  keys.map((key, index) => feed.rows.set(key, row(key, at + index)));
const show = (feed: SimulatedFeed, rows: readonly Row[]) => {
  feed.rows.clear();
  for (const each of rows) feed.rows.set(each.key, each);
};
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

/** What moves the places of the group one way, and then what moves them the other way. */
const moves = {
  fewOnward: [
    (feed: SimulatedFeed) => insert(feed, 110, 'new-1'),
    (feed: SimulatedFeed) => remove(feed, 'newer-5', 'newer-4'),
  ],
  fewBack: [
    (feed: SimulatedFeed) => remove(feed, 'newer-5'),
    (feed: SimulatedFeed) => insert(feed, 110, 'new-1', 'new-2'),
  ],
  /** As many come at the other end of the list as go before the group, and the other way round. */
  manyOfTheSameSize: [
    (feed: SimulatedFeed) => {
      remove(feed, 'newer-5', 'newer-4', 'newer-3', 'newer-2', 'newer-1');
      insert(feed, 10, 'old-1', 'old-2', 'old-3', 'old-4', 'old-5');
    },
    (feed: SimulatedFeed) => {
      insert(feed, 110, 'new-1', 'new-2', 'new-3', 'new-4');
      remove(feed, 'older-1', 'older-2', 'older-3', 'older-4');
    },
  ],
} as const;

test.each([
  { asked: forward, move: 'fewOnward' },
  { asked: backward, move: 'fewBack' },
  { asked: forward, move: 'manyOfTheSameSize' },
] as const)(
  'walking $asked.walk, a row of a group that came twice does not stand for one that was not seen ($move)',
  async ({ asked, move }) => {
    const [before, after] = moves[move];
    for (const request of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
      const feed = feedOf([...newer, ...groupOf(250), ...older]);
      feed.onRequest = () => {
        if (feed.requests === request) before(feed);
        if (feed.requests === request + 1) after(feed);
      };
      const { keys } = await walkOn([feed], { ...asked, size: 100 }, 10);
      expect(lostBy(keys, feed), `from request ${request}`).toEqual([]);
    }
  },
);

test('an answer of before, between two of now, hides no row of a group', async () => {
  for (const request of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    const feed = feedOf([...newer, ...groupOf(250), ...older]);
    const before = [...feed.rows.values()];
    insert(feed, 110, 'new-1', 'new-2');
    let asked = 0;
    const recall: Recall = async (_feed, _read, anew) => {
      asked += 1;
      if (asked === request + 1) remove(feed, 'new-1');
      if (asked !== request) return anew();
      const now = [...feed.rows.values()];
      show(feed, before);
      const answer = await anew();
      show(feed, now);
      return answer;
    };
    const keys: string[] = [];
    for (let cursor: string | null = null, more = true; more; ) {
      const page = await askPage([feed], { ...options, recall }, { ...forward, size: 100, after: cursor });
      keys.push(...keysOf(page));
      cursor = write(page.end);
      more = page.more;
    }
    expect(lostBy(keys, feed), `from request ${request}`).toEqual([]);
  }
});

test('rows that go while a group is read cost no reading of it from the beginning, as long as they are few', async () => {
  const requestsWhen = async (gone: readonly string[]) => {
    const feed = feedOf([...newer, ...groupOf(250), ...older]);
    feed.onRequest = () => {
      if (feed.requests === 5) remove(feed, ...gone);
    };
    const page = await askPage([feed], options, { ...forward, size: 10 });
    expect(page.sources.get('source-0')?.tiesUnstable).toBe(false);
    return feed.requests;
  };
  expect(await requestsWhen([])).toBe(6);
  expect(await requestsWhen(['newer-5', 'newer-4', 'newer-3'])).toBe(6);
  expect(await requestsWhen(['newer-5', 'newer-4', 'newer-3', 'newer-2'])).toBe(10);
});

test('in an order that is new with each read, rows that are gone do not count for others that hide', async () => {
  let whole = 0;
  for (let seed = 0; seed < 40; seed += 1) {
    const feed = feedOf([...newer, ...groupOf(150), ...older]);
    const random = createRandom(seed);
    feed.onRequest = () => {
      if (feed.requests === 6) remove(feed, 'group-149', 'group-148');
    };
    const page = await askPage([feed], { ...options, shuffles: true, random }, { ...forward, size: 100 });
    const group = [...feed.rows.keys()].filter((key) => key.startsWith('group'));
    const first = group.toSorted().toReversed().slice(0, 80);
    const keys = new Set(keysOf(page));
    expect(
      first.filter((key) => !keys.has(key)),
      `seed ${seed}`,
    ).toEqual([]);
    if (page.sources.get('source-0')?.tiesUnstable === false) whole += 1;
  }
  expect(whole).toBe(40);
});
