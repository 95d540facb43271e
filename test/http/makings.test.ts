import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Order } from '../../src/domain/make.ts';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { createMaker } from '../../src/http/maker.ts';
import { createMakings } from '../../src/http/makings.ts';
import { createReads } from '../../src/http/reads.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A source with one list, which is kept once anybody has read it. */
function world(options: { readonly isListKept?: boolean; readonly maxBytes?: number; readonly fails?: boolean } = {}) {
  const { isListKept = true, maxBytes = 1_000_000, fails = false } = options;
  const memory = createKeptAnswers(maxBytes, () => 0);
  const makings = createMakings();
  let isKept = false;
  /** Who is making the page, in the order in which they began; each ends when it is told. */
  const begun: { readonly by: string; readonly end: () => void; readonly fail: () => void }[] = [];

  function operation(name: string) {
    const reads = createReads();
    const make = createMaker({
      memory,
      makings,
      selection: () => 'same',
      upstreamOf: () => ({
        user: null,
        scopeKey: () => 'scope',
        mayGive: () => true,
        wouldGive: () => true,
        noteGiven: () => {},
        allKept: reads.allKept,
      }),
    });
    const order: Order<object> = {
      sourceIds: ['source'],
      name: 'page',
      make() {
        if (isKept) reads.noteKept({ name: 'list', kind: 'sessions', target: '/', serial: 1, value: {}, bytes: 1 });
        else reads.noteAsked('list');
        return new Promise((resolve, reject) => {
          begun.push({
            by: name,
            end() {
              isKept = isListKept;
              resolve({ by: name });
            },
            fail: () => reject(new Error('The caller is gone.')),
          });
        });
      },
      toLasting: (made) => (fails ? null : { made, rows: 1 }),
    };
    return () => make(order);
  }

  return { begun, operation, by: () => begun.map(({ by }) => by) };
}

async function settle(): Promise<void> {
  for (let tick = 0; tick < 100; tick += 1) await null;
}

const names = ['first', 'second', 'third', 'fourth', 'fifth'];

test('of many who ask at once, the first reads, the second makes it of what was read, and all others are given that', async () => {
  const { begun, operation, by } = world();
  const answers = Promise.all(names.map((name) => operation(name)()));
  await settle();
  expect(by()).toEqual(['first']);
  begun[0]?.end();
  await settle();
  expect(by()).toEqual(['first', 'second']);
  begun[1]?.end();
  expect(await answers).toEqual(['first', 'second', 'second', 'second', 'second'].map((name) => ({ by: name })));
  expect(by()).toEqual(['first', 'second']);
});

test('whoever cannot be given what two others have made makes it, and so do the next ones at once', async () => {
  const { begun, operation, by } = world({ isListKept: false });
  const answers = Promise.all(names.map((name) => operation(name)()));
  await settle();
  begun[0]?.end();
  await settle();
  begun[1]?.end();
  await settle();
  expect(by()).toEqual(names);
  const late = operation('late')();
  await settle();
  expect(by()).toEqual([...names, 'late']);
  for (const { end } of begun) end();
  expect(await answers).toEqual(names.map((name) => ({ by: name })));
  expect(await late).toEqual({ by: 'late' });
});

test('what is too large to be kept is waited for twice, and then made by each at once', async () => {
  const { begun, operation, by } = world({ maxBytes: 100 });
  const answers = Promise.all(names.map((name) => operation(name)()));
  for (const index of [0, 1]) {
    await settle();
    begun[index]?.end();
  }
  const late = operation('late')();
  await settle();
  expect(by()).toEqual([...names, 'late']);
  for (const { end } of begun) end();
  await Promise.all([answers, late]);
});

test('what fails in part is made by each at once', async () => {
  const { begun, operation, by } = world({ fails: true });
  const answers = Promise.all(names.map((name) => operation(name)()));
  await settle();
  expect(by()).toEqual(['first']);
  begun[0]?.end();
  await settle();
  expect(by()).toEqual(names);
  for (const { end } of begun) end();
  expect(await answers).toEqual(names.map((name) => ({ by: name })));
});

test('nobody waits long for one who takes long', async () => {
  const { begun, operation, by } = world();
  const answers = Promise.all(names.slice(0, 3).map((name) => operation(name)()));
  await settle();
  vi.advanceTimersByTime(499);
  await settle();
  expect(by()).toEqual(['first']);
  vi.advanceTimersByTime(1);
  await settle();
  expect(by()).toEqual(['first', 'second', 'third']);
  for (const { end } of begun) end();
  expect(await answers).toEqual([{ by: 'first' }, { by: 'second' }, { by: 'third' }]);
});

test('when the one who makes it fails, the next makes it', async () => {
  const { begun, operation, by } = world();
  const [failing, next] = [operation('failing')(), operation('next')()];
  await settle();
  begun[0]?.fail();
  await expect(failing).rejects.toThrow('The caller is gone.');
  await settle();
  expect(by()).toEqual(['failing', 'next']);
  begun[1]?.end();
  expect(await next).toEqual({ by: 'next' });
});

test('an operation does not wait for itself', async () => {
  const { begun, operation, by } = world();
  const make = operation('only');
  const answers = Promise.all([make(), make()]);
  await settle();
  expect(by()).toEqual(['only', 'only']);
  for (const { end } of begun) end();
  expect(await answers).toEqual([{ by: 'only' }, { by: 'only' }]);
});
