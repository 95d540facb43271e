import { expect, onTestFinished, test, vi } from 'vitest';
import { CatalogStoreError } from '../../src/catalog/catalog-store-error.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { toPatientStore } from '../../src/catalog/patient-store.ts';
import type { CatalogStore } from '../../src/catalog/store.ts';
import { never } from './contract/open-store.ts';
import { entryOf, markOf, rangeOf, selectionOf } from './entries.ts';

const all = selectionOf({ a: {} });
const later = performance.now() + 900_000;

async function filled(): Promise<CatalogStore> {
  const store = createMemoryStore({ maxSessions: 10 });
  onTestFinished(() => store.close());
  await (await store.lead('a', never)).write([entryOf('k1'), entryOf('k2')], 1, markOf(0));
  return store;
}

function untilAborted(signal?: AbortSignal): Promise<number> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}

async function ticks(): Promise<void> {
  for (let tick = 0; tick < 100; tick += 1) await null;
}

const questions: readonly (readonly [name: string, ask: (store: CatalogStore) => Promise<unknown>])[] = [
  ['page', (store) => store.page(all, rangeOf())],
  ['count', (store) => store.count(all)],
  ['facet', (store) => store.facet(all, 'status', 10)],
];

test.each(questions)('a %s ends with its caller, and the time of the operation', async (_, ask) => {
  const store = await filled();
  const gone = toPatientStore(store, { signal: AbortSignal.abort(), deadline: later });
  await expect(ask(gone)).rejects.toEqual(new CatalogStoreError('HANG_UP', 'The caller hung up.'));
  const late = toPatientStore(store, { signal: never, deadline: performance.now() });
  await expect(ask(late)).rejects.toEqual(new CatalogStoreError('DEADLINE', 'The catalog took too long.'));
  const leaving = new AbortController();
  const left = ask(toPatientStore(store, { signal: leaving.signal, deadline: later }));
  leaving.abort();
  await expect(left).rejects.toThrow('The caller hung up.');
});

test('whoever waits for the catalog waits no longer than the operation may take', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const silent = { ...(await filled()), count: (_: unknown, signal?: AbortSignal) => untilAborted(signal) };
  const asking = toPatientStore(silent, { signal: never, deadline: performance.now() + 50 }).count(all);
  vi.advanceTimersByTime(50);
  await expect(Promise.race([asking, Promise.resolve().then(ticks)])).rejects.toThrow('The catalog took too long.');
});

test('whoever asks the same as one who left is answered, before and after', async () => {
  const store = await filled();
  const leaving = new AbortController();
  const leaver = toPatientStore(store, { signal: leaving.signal, deadline: later });
  const stayer = toPatientStore(store, { signal: never, deadline: later });
  const left = leaver.count(all);
  const staying = stayer.count(all);
  leaving.abort();
  await expect(left).rejects.toThrow('The caller hung up.');
  expect(await staying).toBe(2);
  const leavingToo = new AbortController();
  const alone = toPatientStore(store, { signal: leavingToo.signal, deadline: later }).count(
    selectionOf({ a: { statuses: ['IDLE'] } }),
  );
  leavingToo.abort();
  await expect(alone).rejects.toThrow('The caller hung up.');
  expect(await stayer.count(selectionOf({ a: { statuses: ['IDLE'] } }))).toBe(2);
});
