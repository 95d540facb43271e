import { afterEach, expect, test, vi } from 'vitest';
import { createTurns } from '../../src/catalog/memory/turns.ts';

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
  const work = turns.each([...Array(1_000).keys()], (item) => {
    if (item === 0 || item === 999) order.push(`item ${item}`);
  });
  const later = turns.each(['later'], (item) => order.push(item));
  setImmediate(() => order.push('other'));
  await Promise.all([work, later]);
  expect(order).toEqual(['item 0', 'other', 'item 999', 'later']);
});

test('many short pieces let other things happen in between', async () => {
  hurry();
  const turns = createTurns();
  const order: string[] = [];
  const pieces = [...Array(20).keys()].map((piece) =>
    turns.each([...Array(50).keys()], (item) => {
      if (item === 0 && piece % 19 === 0) order.push(`piece ${piece}`);
    }),
  );
  setImmediate(() => order.push('other'));
  await Promise.all(pieces);
  expect(order).toEqual(['piece 0', 'other', 'piece 19']);
});

test('work that fails does not hold up what comes after it', async () => {
  const turns = createTurns();
  const failing = turns.each([1], () => {
    throw new Error('No.');
  });
  const seen: number[] = [];
  await expect(failing).rejects.toThrow('No.');
  await turns.each([1, 2], (item) => seen.push(item));
  expect(seen).toEqual([1, 2]);
});
