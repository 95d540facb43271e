import { setImmediate as otherTurn } from 'node:timers/promises';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { never } from './contract/open-store.ts';
import { entryOf, markOf, selectionOf } from './entries.ts';

afterEach(() => void vi.restoreAllMocks());

const all = selectionOf({ a: {} });

/** A thousand sessions, each of a user of its own, and a clock by which every look at it is the end of a turn. */
async function filled() {
  const store = createMemoryStore({ maxSessions: 10_000 });
  onTestFinished(() => store.close());
  const writer = await store.lead('a', never);
  await writer.write(
    Array.from({ length: 1_000 }, (_, index) => entryOf(`k${index}`, { userId: `u${index}` })),
    1,
    markOf(0),
  );
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1_000;
    return now;
  });
  return { store, writer };
}

test('the end of a sweep lets others in, who see all or nothing of it, and what is written meanwhile stays', async () => {
  const { store, writer } = await filled();
  const order: string[] = [];
  const sweeping = writer.finishSweep(2, markOf(2)).then((removed) => order.push(`removed ${removed}`));
  await otherTurn();
  order.push(`others see ${(await store.states()).get('a')?.sessions}`);
  const writing = writer.write([entryOf('k0', { title: 'again' })], 2, markOf(2));
  await Promise.all([sweeping, writing]);
  expect(order).toEqual(['others see 1000', 'removed 1000']);
  expect(await store.count(all)).toBe(1);
});

test('looking for what is unfinished, and for the most frequent of many values, lets others in', async () => {
  const { store, writer } = await filled();
  const order: string[] = [];
  const looking = writer.unfinished(1).then((found) => order.push(`unfinished ${found.length}`));
  await otherTurn();
  order.push('others');
  await looking;
  // Once the entries were counted, with a turn of its own for each 128 of them.
  const counting = store.facet(all, 'user', 2).then(({ values }) => order.push(`users ${values.length}`));
  for (let turn = 0; turn < 18; turn += 1) await otherTurn();
  order.push('others again');
  await counting;
  expect(order).toEqual(['others', 'unfinished 1', 'others again', 'users 2']);
});
