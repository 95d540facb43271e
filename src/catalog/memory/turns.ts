import { setImmediate } from 'node:timers/promises';
import { orAborted } from './or-aborted.ts';

/** Long work that lets the process do other things in between. */
export interface Turns {
  /** Calls `act` for every item, until the signal is aborted. */
  each<T>(items: Iterable<T>, act: (item: T) => void, signal: AbortSignal): Promise<void>;
}

const turnMs = 10;
/** Looking at the clock for every item would take longer than most of what is done with one. */
const itemsBetweenLooks = 128;

/** One piece of work at a time: many that take turns with each other would leave no turn for anybody else. */
export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  // Of all work together: many short pieces in a row are long work too.
  let done = 0;
  let end = 0;

  async function work<T>(items: Iterable<T>, act: (item: T) => void, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (const item of items) {
      act(item);
      done += 1;
      if (done % itemsBetweenLooks > 0 || performance.now() < end) continue;
      await setImmediate();
      end = performance.now() + turnMs;
      signal.throwIfAborted();
    }
  }

  return {
    each(items, act, signal) {
      const mine = last.then(() => work(items, act, signal));
      last = mine.catch(() => {});
      // Whoever leaves while others have their turn does not wait for it.
      return orAborted(mine, signal);
    },
  };
}
