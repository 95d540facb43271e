import { expect, test } from 'vitest';
import type { FollowedSource } from '../../src/catalog/followed-source.ts';
import { follow } from '../../src/catalog/follower.ts';
import { createIntake } from '../../src/catalog/intake.ts';
import { createLedger } from '../../src/catalog/ledger.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import type { CatalogWriter } from '../../src/catalog/store.ts';
import { createSweep, type Sweep } from '../../src/catalog/sweep.ts';
import { RequestError, UpstreamError } from '../../src/domain/errors.ts';
import { entryOf, markOf } from './entries.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { sourceOf } from './paged-source.ts';

const { signal } = new AbortController();

interface Swept {
  readonly sweep: Sweep;
  readonly writer: CatalogWriter;
  readonly clock: HandClock;
}

/** A sweep of a source whose store has these sessions, all seen in the first sweep. */
async function sweepOf(source: FollowedSource, kept: readonly string[] = []): Promise<Swept> {
  const store = createMemoryStore({ maxSessions: 200 });
  const writer = await store.lead('a', signal);
  await writer.write(
    kept.map((key) => entryOf(key)),
    1,
    markOf(1, { sweptAt: 5 }),
  );
  const clock = createHandClock();
  const ledger = createLedger(writer, (await writer.state()).mark);
  const intake = createIntake(writer, ledger, new Set());
  return { writer, clock, sweep: createSweep({ source, intake, ledger, clock, showsChanges: false }) };
}

interface Following extends AsyncDisposable {
  readonly clock: HandClock;
  /** How many were begun. */
  sweeps(): Promise<number>;
  /** How many are kept. */
  sessions(): Promise<number>;
}

/** A follower that sweeps by itself once in ten hours. */
function followed(source: FollowedSource, store = createMemoryStore({ maxSessions: 1_000 })): Following {
  const clock = createHandClock();
  const stopping = new AbortController();
  const settings = { store, kept: new Set<never>(), requestsPerMinute: 60, sweepMinutes: 600, clock, report: () => {} };
  const following = follow(source, settings, stopping.signal);
  const state = async () => (await store.states()).get(source.id);
  return {
    clock,
    sweeps: async () => (await state())?.mark.sweep ?? 0,
    sessions: async () => (await state())?.sessions ?? 0,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await following;
    },
  };
}

async function keptOf(writer: CatalogWriter, ...keys: readonly string[]): Promise<readonly string[]> {
  return [...(await writer.entries(keys)).keys()];
}

const allAtOnce = () => true;
const lasting = { message: 'Some sessions cannot be read.', mayPass: false };
const passing = { message: 'It does not answer.', mayPass: true };

test('a cursor that is good no more starts the sweep anew, after a while', async () => {
  const asked: (string | null)[] = [];
  let refused = 0;
  const { sweep, writer, clock } = await sweepOf(
    sourceOf([['one', 'two'], ['three']], {
      onPage(after) {
        asked.push(after);
        if (after === null || refused > 0) return;
        refused += 1;
        throw new RequestError('BAD_CURSOR', 'The cursor is good no more.');
      },
    }),
  );
  const problem = 'The list of source "a" must be read from its beginning again.';
  const restarted = { kind: 'restarted', problem, changed: 2, gone: 0, requests: 1, listed: 2, total: null };
  const ended = { kind: 'ended', problem: null, changed: 3, gone: 0, requests: 3, listed: 3, total: null };
  expect(await sweep.step(signal, allAtOnce)).toEqual(restarted);
  expect(await sweep.step(signal, allAtOnce)).toEqual(ended);
  expect(asked).toEqual([null, '1', null, '1']);
  expect((await writer.state()).mark).toMatchObject({ sweep: 3, sweptAt: clock.wall() });
});

test('sweeps whose cursors are never good are begun less and less often', async () => {
  let begun = 0;
  const source = sourceOf([['one'], ['two']], {
    onPage(after) {
      if (after === null) begun += 1;
      else throw new RequestError('BAD_CURSOR', 'The cursor is good no more.');
    },
  });
  await using following = followed(source);
  // A look at what is newest reads the first page too, every 30 seconds at the most.
  await following.clock.pass(3_600_000);
  // After 2, 4, 8, ... 256 seconds, and then every 300.
  expect(await following.sweeps()).toBe(19);
  expect(begun).toBeLessThan(160);
});

test('a total that is wrong begins no sweep, one that falls begins one, and one that rises none', async () => {
  for (const wrong of [7, 1, 0]) {
    let total = wrong;
    await using following = followed(sourceOf([['one'], ['two']], { order: 'updatedAt', total: () => total }));
    await following.clock.pass(600_000);
    expect(await following.sweeps()).toBe(1);
    total -= 1;
    await following.clock.pass(600_000);
    expect(await following.sweeps()).toBe(2);
    total += 5;
    await following.clock.pass(600_000);
    expect(await following.sweeps()).toBe(2);
  }
});

test('what is deleted while it is swept is gone soon', async () => {
  const pages = [['one', 'two'], ['three']];
  const source = sourceOf(pages, {
    onPage(after) {
      if (after === '1') pages[0] = ['two'];
    },
    order: 'updatedAt',
    total: () => pages.flat().length,
  });
  await using following = followed(source);
  await following.clock.pass(120_000);
  expect(await following.sessions()).toBe(2);
});

test('what is deleted while nobody follows is gone soon', async () => {
  const pages = [['one', 'two'], ['three']];
  const source = sourceOf(pages, { order: 'updatedAt', total: () => pages.flat().length });
  const store = createMemoryStore({ maxSessions: 200 });
  const first = followed(source, store);
  await first.clock.pass(60_000);
  expect(await first.sessions()).toBe(3);
  await first[Symbol.asyncDispose]();
  pages[1] = [];
  await using second = followed(source, store);
  await second.clock.pass(120_000);
  expect(await second.sessions()).toBe(2);
});

test('a sweep that misses a page does not say how a platform counts', async () => {
  const pages = [['one', 'two'], ['three']];
  let total = 3;
  let isFailing = false;
  const source = sourceOf(pages, {
    order: 'updatedAt',
    total: () => total,
    problemOf: (index) => (index === 1 && isFailing ? passing : null),
    answerOf: (key) => (key === 'one' ? null : entryOf(key)),
  });
  await using following = followed(source);
  await following.clock.pass(60_000);
  expect(await following.sweeps()).toBe(1);
  total = 2;
  pages.splice(0, 2, ['two'], []);
  isFailing = true;
  // What it did not see is asked for.
  await following.clock.passUntil(async () => (await following.sessions()) === 2, 120_000);
  pages[1] = ['three'];
  isFailing = false;
  await following.clock.pass(600_000);
  expect([await following.sessions(), await following.sweeps()]).toEqual([2, 2]);
});

const twentyPages = () =>
  Array.from({ length: 20 }, (_, page) => Array.from({ length: 20 }, (__, row) => `${page}-${row}`));

test('as long as sessions are deleted, sweeps take no more than a quarter of the requests', async () => {
  const pages = twentyPages();
  const source = sourceOf(pages, {
    onPage(after) {
      if (after === null) pages.find((page) => page.length > 0)?.pop();
    },
    order: 'updatedAt',
    total: () => pages.flat().length,
  });
  await using following = followed(source);
  await following.clock.pass(3_610_000);
  // The first, and one of 20 requests every 80 seconds.
  expect(await following.sweeps()).toBe(46);
});

test('a total that falls though nothing is deleted begins sweeps less and less often', async () => {
  let total = 1_000_000;
  const source = sourceOf(twentyPages(), {
    order: 'updatedAt',
    total() {
      total -= 1;
      return total;
    },
  });
  await using following = followed(source);
  await following.clock.pass(3_610_000);
  // The first, after 80 seconds, and then after 80, 160, 320, 640 and 1280 more.
  expect(await following.sweeps()).toBe(7);
});

test('a sweep that misses sessions asks for each that it has not seen, and keeps what is not said to be gone', async () => {
  let isReadable = false;
  const source = sourceOf([['one'], ['two']], {
    problemOf: (index) => (index === 0 && !isReadable ? lasting : null),
    answerOf: (key) =>
      key === 'gone' ? null : key === 'failing' ? new UpstreamError('a', 'UPSTREAM_TIMEOUT') : entryOf(key),
  });
  const { sweep, writer } = await sweepOf(source, ['hidden', 'gone', 'failing', 'one']);
  const keys = () => keptOf(writer, 'hidden', 'gone', 'failing', 'one', 'two');
  expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'ended', problem: lasting.message, changed: 2 });
  expect(await keys()).toEqual(['hidden', 'failing', 'one', 'two']);
  // It is not known what else the list does not show.
  expect((await writer.state()).mark).toMatchObject({ sweep: 2, sweptAt: null });
  isReadable = true;
  const { sweep: next, clock } = await sweepOf(source, ['gone', 'one']);
  expect(await next.step(signal, allAtOnce)).toMatchObject({ kind: 'ended', problem: null });
  expect(clock.wall()).toBeGreaterThan(5);
});

test('a sweep that missed a page for a while asks likewise, and the one before stays the last', async () => {
  const source = sourceOf([['one'], ['two']], {
    problemOf: (index) => (index === 0 ? passing : null),
    answerOf: (key) => (key === 'gone' ? null : entryOf(key)),
  });
  const { sweep, writer } = await sweepOf(source, ['hidden', 'gone', 'one']);
  expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'failed', problem: passing.message });
  expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'failed', problem: passing.message });
  expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'ended', problem: passing.message });
  expect(await keptOf(writer, 'hidden', 'gone', 'one', 'two')).toEqual(['hidden', 'one', 'two']);
  expect((await writer.state()).mark).toMatchObject({ sweep: 2, sweptAt: 5 });
});

test('as long as a listed session cannot be read, nobody is told that all are there', async () => {
  const failure = new UpstreamError('a', 'UPSTREAM_TIMEOUT');
  const source = sourceOf([['one', 'unreadable']], {
    isComplete: (key) => key !== 'unreadable',
    answerOf: (key) => (key === 'unreadable' ? failure : entryOf(key)),
  });
  const { sweep, writer } = await sweepOf(source, ['one']);
  for (let step = 1; step <= 2; step += 1) {
    expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'failed', problem: failure.message });
  }
  expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'ended', problem: failure.message });
  expect(await keptOf(writer, 'one', 'unreadable')).toEqual(['one']);
  expect((await writer.state()).mark).toMatchObject({ sweptAt: null });
});

test('where lists show deleted sessions, only the list takes them away', async () => {
  const source = sourceOf([['one']], {
    problemOf: () => lasting,
    answerOf(key) {
      throw new Error(`${key} was asked for.`);
    },
    listsDeleted: true,
  });
  const { sweep, writer } = await sweepOf(source, ['one', 'deleted']);
  expect(await sweep.step(signal, allAtOnce)).toMatchObject({ kind: 'ended', problem: lasting.message });
  expect(await keptOf(writer, 'one', 'deleted')).toEqual(['one', 'deleted']);
});

test('a sweep that misses sessions asks for 50 of them, and for no more once ten of them fail', async () => {
  const kept = Array.from({ length: 120 }, (_, index) => `k${index}`);
  const asked: string[] = [];
  const answering = sourceOf([[]], {
    problemOf: () => lasting,
    answerOf: (key) => {
      asked.push(key);
      return entryOf(key);
    },
  });
  const { sweep } = await sweepOf(answering, kept);
  await sweep.step(signal, allAtOnce);
  expect(new Set(asked).size).toBe(50);
  asked.length = 0;
  const failing = sourceOf([[]], {
    problemOf: () => lasting,
    answerOf: (key) => {
      asked.push(key);
      return new UpstreamError('a', 'UPSTREAM_FORBIDDEN');
    },
  });
  const { sweep: refused, writer } = await sweepOf(failing, kept);
  expect(await refused.step(signal, allAtOnce)).toMatchObject({ kind: 'ended', problem: lasting.message });
  expect(asked).toHaveLength(10);
  expect((await writer.state()).sessions).toBe(120);
});
