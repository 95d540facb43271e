import type { CatalogChange, CatalogStore, SourceState } from './store.ts';

/**
 * What all subscribers read of a store. One watch on the store wakes them all, and what several of them read at the same place
 * is read once. There is no queue: a subscriber is a place in the store, and reads on when it wants to.
 */
export interface Live {
  /** To be called before anything is read, and what it gives back when no more is. */
  enter(): () => void;
  /** Grows whenever something may have changed. */
  turn(): number;
  /** Resolves when the turn is another than this one, or the signal is aborted. */
  after(turn: number, signal: AbortSignal): Promise<void>;
  now(): Promise<LiveState>;
  /** For whoever knows of something newer than this. */
  newerThan(state: LiveState): Promise<LiveState>;
  changes(sourceId: string, after: number): Promise<readonly CatalogChange[] | null>;
}

export interface LiveState {
  readonly epoch: string;
  readonly states: ReadonlyMap<string, SourceState>;
}

/** How many changes are read at once. */
export const batchSize = 100;

const maxBatches = 100;

export function createLive(store: CatalogStore): Live {
  const waiting = new Set<() => void>();
  const changes = new Map<string, Promise<readonly CatalogChange[] | null>>();
  let now: Promise<LiveState> | null = null;
  let turn = 0;
  let present = 0;
  let unwatch = (): void => {};

  function forget(): void {
    now = null;
    changes.clear();
  }

  function wake(): void {
    turn += 1;
    forget();
    for (const go of [...waiting]) go();
  }

  /** Whoever reads next is not to be told of a failure that is over. */
  async function orForget<Value>(reading: Promise<Value>): Promise<Value> {
    try {
      return await reading;
    } catch (error) {
      forget();
      throw error;
    }
  }

  async function readNow(): Promise<LiveState> {
    // First the epoch: a mark of the epoch before with versions of this one is refused later, the opposite would be believed.
    const epoch = await store.epoch();
    return { epoch, states: await store.states() };
  }

  function readOnce(): Promise<LiveState> {
    now ??= orForget(readNow());
    return now;
  }

  return {
    enter() {
      present += 1;
      if (present === 1) unwatch = store.watch(wake);
      return () => {
        present -= 1;
        if (present > 0) return;
        unwatch();
        forget();
      };
    },
    turn: () => turn,
    after: (seen, signal) =>
      new Promise((resolve) => {
        if (turn !== seen || signal.aborted) return resolve();
        const go = () => {
          waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener('abort', go);
      }),
    now: readOnce,
    async newerThan(state) {
      if ((await readOnce()) === state) forget();
      return readOnce();
    },
    changes(sourceId, after) {
      const place = `${after} ${sourceId}`;
      const known = changes.get(place);
      if (known !== undefined) return known;
      // Whoever is far behind reads on for long without anything new.
      if (changes.size >= maxBatches) changes.clear();
      const reading = orForget(store.changes(sourceId, after, batchSize));
      changes.set(place, reading);
      return reading;
    },
  };
}
