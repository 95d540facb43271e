import { afterEach, expect, test, vi } from 'vitest';
import { createTurns } from '../../src/catalog/memory/turns.ts';
import { never } from './contract/open-store.ts';

afterEach(() => void vi.restoreAllMocks());

/** A clock by which every look at it is the end of a turn. */
function hurry(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1_000;
    return now;
  });
}

test('long work lets other things happen in between, and work that came later waits for its end', async () => {
  hurry();
  const turns = createTurns();
  const order: string[] = [];
  const work = turns.each(
    [...Array(1_000).keys()],
    (item) => {
      if (item === 0 || item === 999) order.push(`item ${item}`);
    },
    never,
  );
  const later = turns.each(['later'], (item) => order.push(item), never);
  setImmediate(() => order.push('other'));
  await Promise.all([work, later]);
  expect(order).toEqual(['item 0', 'other', 'item 999', 'later']);
});

test('many short pieces let other things happen in between', async () => {
  hurry();
  const turns = createTurns();
  const order: string[] = [];
  const pieces = [...Array(20).keys()].map((piece) =>
    turns.each(
      [...Array(50).keys()],
      (item) => {
        if (item === 0 && piece % 19 === 0) order.push(`piece ${piece}`);
      },
      never,
    ),
  );
  setImmediate(() => order.push('other'));
  await Promise.all(pieces);
  expect(order).toEqual(['piece 0', 'other', 'piece 19']);
});

test('work that fails does not hold up what comes after it', async () => {
  const turns = createTurns();
  const failing = turns.each(
    [1],
    () => {
      throw new Error('No.');
    },
    never,
  );
  const seen: number[] = [];
  await expect(failing).rejects.toThrow('No.');
  await turns.each([1, 2], (item) => seen.push(item), never);
  expect(seen).toEqual([1, 2]);
});

test('work that nobody waits for any more ends with its turn, and its caller is told at once', async () => {
  hurry();
  const turns = createTurns();
  const leaving = new AbortController();
  let looked = 0;
  const work = turns.each([...Array(10_000).keys()], () => (looked += 1), leaving.signal);
  setImmediate(() => leaving.abort(new Error('The caller left.')));
  await expect(work).rejects.toThrow('The caller left.');
  await turns.each([1], () => {}, never);
  expect(looked).toBeLessThan(1_000);
});

test('whoever leaves does not wait for the turns of others, and has none', async () => {
  hurry();
  const turns = createTurns();
  const order: string[] = [];
  const long = turns.each([...Array(1_000).keys()], (item) => item === 999 && order.push('long'), never);
  const leaving = new AbortController();
  const left = turns.each(['left'], (item) => order.push(item), leaving.signal).catch(() => order.push('told'));
  leaving.abort(new Error('The caller left.'));
  await Promise.all([long, left]);
  await turns.each(['later'], (item) => order.push(item), never);
  expect(order).toEqual(['told', 'long', 'later']);
});
