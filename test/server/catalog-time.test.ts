import { expect, test, vi } from 'vitest';
import type { CatalogStore } from '../../src/catalog/store.ts';
import { startCatalogServer } from './catalog-server.ts';

/** Counts until nobody waits for it any more, and keeps why. */
function countForever(reasons: unknown[]): (store: CatalogStore) => CatalogStore {
  return (store) => ({
    ...store,
    count: (_, signal) =>
      new Promise((_resolve, reject) => {
        reasons.push(null);
        signal?.addEventListener('abort', () => {
          reasons[0] = signal.reason;
          reject(signal.reason);
        });
      }),
  });
}

/** A busy machine may take its time. */
const patience = { timeout: 60_000 };
vi.setConfig({ testTimeout: 60_000 });

const body = JSON.stringify({ query: '{ catalog { sessions(first: 1) { totalCount } } }' });
const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body };

test('a catalog that takes longer than an operation may is an error of the field', async () => {
  const server = { limits: { http: { deadlineMs: 50 } } };
  const { url } = await startCatalogServer({ server }, countForever([]));
  const answer = await fetch(url, post);
  expect(await answer.json()).toEqual({
    data: { catalog: { sessions: null } },
    errors: [
      {
        message: 'The catalog took too long.',
        path: ['catalog', 'sessions', 'totalCount'],
        locations: expect.any(Array),
        extensions: { code: 'CATALOG_UNAVAILABLE', retryable: true },
      },
    ],
  });
});

test('a caller who leaves ends what is asked of the catalog, and that is no failure', async () => {
  const reasons: unknown[] = [];
  const { app, url, logged } = await startCatalogServer({}, countForever(reasons));
  const leaving = new AbortController();
  const asking = fetch(url, { ...post, signal: leaving.signal });
  await vi.waitFor(() => expect(reasons).toEqual([null]), patience);
  leaving.abort();
  await expect(asking).rejects.toThrow('aborted');
  await vi.waitFor(() => expect(reasons).toMatchObject([{ reason: 'HANG_UP' }]), patience);
  await app.close();
  expect(logged().filter(({ msg }) => msg === 'failure')).toEqual([]);
});
