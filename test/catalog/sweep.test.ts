import { expect, test } from 'vitest';
import type { FollowedOperation, FollowedPage, FollowedSource } from '../../src/catalog/followed-source.ts';
import { createIntake } from '../../src/catalog/intake.ts';
import { createLedger } from '../../src/catalog/ledger.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { createSweep } from '../../src/catalog/sweep.ts';
import { RequestError } from '../../src/domain/errors.ts';
import { entryOf, markOf } from './entries.ts';
import { createHandClock } from './hand-clock.ts';

/** A source of these pages, each of which costs a request. */
function sourceOf(
  pages: readonly (readonly string[])[],
  onPage: (after: string | null) => void,
  problemOf: (index: number) => FollowedPage['problem'] = () => null,
): FollowedSource {
  return {
    id: 'a',
    identity: 'a',
    restsFor: () => 0,
    begin(): FollowedOperation {
      let requests = 0;
      return {
        orders: ['createdAt'],
        listsWhole: false,
        listsDeleted: false,
        requests: () => requests,
        sessions: async (keys) => keys.map(() => null),
        async page(_order, after): Promise<FollowedPage> {
          onPage(after);
          requests += 1;
          const index = Number(after ?? 0);
          const sessions = (pages[index] ?? []).map((key) => ({ entry: entryOf(key), complete: true }));
          return { sessions, next: index + 1 < pages.length ? String(index + 1) : null, problem: problemOf(index) };
        },
      };
    },
  };
}

test('a cursor that is good no more starts the sweep anew', async () => {
  const store = createMemoryStore({ maxSessions: 10 });
  const signal = new AbortController().signal;
  const writer = await store.lead('a', signal);
  const clock = createHandClock();
  const ledger = createLedger(writer, (await writer.state()).mark);
  const intake = createIntake(writer, ledger, new Set());
  const asked: (string | null)[] = [];
  let refused = 0;
  const source = sourceOf([['one', 'two'], ['three']], (after) => {
    asked.push(after);
    if (after === null || refused > 0) return;
    refused += 1;
    throw new RequestError('BAD_CURSOR', 'The cursor is good no more.');
  });
  const sweep = createSweep({ source, intake, ledger, clock, showsChanges: false });
  expect(await sweep.step(signal, () => true)).toEqual({ kind: 'ended', problem: null, changed: 3, requests: 3 });
  expect(asked).toEqual([null, '1', null, '1']);
  expect((await writer.state()).mark).toMatchObject({ sweep: 2, sweptAt: clock.wall() });
});

test('a sweep that could not read everything deletes nothing, and the one before stays the last', async () => {
  const store = createMemoryStore({ maxSessions: 10 });
  const signal = new AbortController().signal;
  const writer = await store.lead('a', signal);
  await writer.write([entryOf('unreadable'), entryOf('one')], 1, markOf(1, { sweptAt: 5 }));
  const clock = createHandClock();
  const ledger = createLedger(writer, (await writer.state()).mark);
  const intake = createIntake(writer, ledger, new Set());
  let isReadable = false;
  const problem = { message: 'Some sessions cannot be read.', mayPass: false };
  const source = sourceOf(
    [['one'], ['two']],
    () => {},
    (index) => (index === 0 && !isReadable ? problem : null),
  );
  const sweepOnce = () => createSweep({ source, intake, ledger, clock, showsChanges: false }).step(signal, () => true);
  const keys = async () => [...(await writer.entries(['unreadable', 'one', 'two'])).keys()];
  expect(await sweepOnce()).toMatchObject({ kind: 'ended', problem: 'Some sessions cannot be read.' });
  expect(await keys()).toEqual(['unreadable', 'one', 'two']);
  expect((await writer.state()).mark).toMatchObject({ sweep: 2, sweptAt: 5 });
  isReadable = true;
  expect(await sweepOnce()).toMatchObject({ kind: 'ended', problem: null });
  expect(await keys()).toEqual(['one', 'two']);
  expect((await writer.state()).mark).toMatchObject({ sweep: 3, sweptAt: clock.wall() });
});
