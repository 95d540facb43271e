import { setMaxListeners } from 'node:events';
import { lazily } from '../domain/lazily.ts';
import { CatalogStoreError } from './catalog-store-error.ts';
import type { CatalogStore } from './store.ts';

export interface PatienceSettings {
  /** Aborted when nobody waits for the operation any more. */
  readonly signal: AbortSignal;
  /** By the clock of `performance.now`. */
  readonly deadline: number;
}

/** The reason of an error that nobody reads. */
export const hangUp = 'HANG_UP';

/** The store as one operation reads it: what takes long ends with the operation, or with its time. */
export function toPatientStore(store: CatalogStore, { signal, deadline }: PatienceSettings): CatalogStore {
  // Most operations ask the catalog for nothing.
  const ending = lazily(createEnding);
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const leave = () => ending().abort(new CatalogStoreError(hangUp, 'The caller hung up.'));
  const runOut = () => ending().abort(new CatalogStoreError('DEADLINE', 'The catalog took too long.'));

  function enter(): void {
    waiting += 1;
    if (waiting > 1) return;
    const left = deadline - performance.now();
    if (signal.aborted) leave();
    if (left <= 0) runOut();
    signal.addEventListener('abort', leave);
    timer = setTimeout(runOut, left);
  }

  async function within<Result>(ask: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    enter();
    try {
      return await ask(ending().signal);
    } finally {
      waiting -= 1;
      if (waiting === 0) {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
      }
    }
  }

  return {
    ...store,
    page: (selection, range) => within((signal) => store.page(selection, range, signal)),
    count: (selection) => within((signal) => store.count(selection, signal)),
    facet: (selection, field, top) => within((signal) => store.facet(selection, field, top, signal)),
  };
}

function createEnding(): AbortController {
  const ending = new AbortController();
  // Each facet of a query listens.
  setMaxListeners(0, ending.signal);
  return ending;
}
