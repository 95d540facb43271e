import { expect, test } from 'vitest';
import type { FollowedOperation } from '../../src/catalog/followed-source.ts';
import { createIntake } from '../../src/catalog/intake.ts';
import { createLedger } from '../../src/catalog/ledger.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { createRereads } from '../../src/catalog/rereads.ts';
import type { SessionStatus } from '../../src/domain/records.ts';
import { at, entryOf, markOf } from './entries.ts';

const { signal } = new AbortController();

test('sessions are read again in turn, five at a time, and one that comes back after it had ended is new', async () => {
  const writer = await createMemoryStore({ maxSessions: 10 }).lead('a', signal);
  const intake = createIntake(writer, createLedger(writer, markOf(1)), new Set());
  const rereads = createRereads(writer, intake);
  const statuses = new Map<string, SessionStatus>();
  const entryNow = (key: string) =>
    entryOf(key, { status: statuses.get(key) ?? 'RUNNING', updatedAt: at(`2026-11-20T09:00:0${9 - Number(key[1])}Z`) });
  let asked: readonly string[] = [];
  const operation: FollowedOperation = {
    orders: ['createdAt'],
    listsWhole: false,
    listsDeleted: false,
    requests: () => 0,
    page: () => Promise.reject(new Error('No page is asked for.')),
    async sessions(keys) {
      asked = keys;
      return keys.map((key) => ({ entry: entryNow(key), complete: true }));
    },
  };
  const next = async (...seen: readonly string[]) => {
    asked = [];
    await rereads.next(new Set(seen), operation);
    return asked;
  };
  const tell = async (key: string, status: SessionStatus) => {
    statuses.set(key, status);
    await writer.write([entryNow(key)], 1, markOf(1));
  };
  for (const key of ['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']) await tell(key, 'RUNNING');
  expect(await next()).toEqual(['k1', 'k2', 'k3', 'k4', 'k5']);
  expect(await next('k6')).toEqual(['k7']);
  await tell('k2', 'ENDED');
  await tell('k3', 'FAILED');
  expect(await next()).toEqual(['k6']);
  await tell('k2', 'RUNNING');
  expect(await next()).toEqual(['k2']);
  expect(await next()).toEqual(['k1', 'k2', 'k4', 'k5', 'k6']);
});
