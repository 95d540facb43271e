import type { Clock } from './clock.ts';

/** How many requests a source is sent in the name of the catalog: one at a time, and only so many in any minute. */
export interface Allowance {
  /** Asks once its turn has come. Rejects when the signal is aborted before. */
  inTurn<Value>(signal: AbortSignal, ask: () => Promise<Value>): Promise<Value>;
  /** To be called for each request that is sent, repeated ones included, which are owed when nothing is left. */
  spend(): void;
  /** To be called when the source asks not to be asked for so long. */
  rest(ms: number): void;
  /** For how many milliseconds the source still asks not to be asked. */
  restsFor(): number;
}

const minute = 60_000;
/** A longer rest is taken for a mistake, such as a date by a clock that is wrong. */
const longestRestMs = 60 * minute;

/** What may be sent at once is a part of what may be sent in a minute, and the rest comes evenly. */
export function createAllowance(perMinute: number, clock: Clock): Allowance {
  const most = Math.max(1, perMinute / 4);
  const perMs = Math.max(perMinute - most, perMinute / 2) / minute;
  let left = most;
  let countedAt = clock.now();
  let restsUntil = 0;
  let last: Promise<void> = Promise.resolve();

  function count(): number {
    const now = clock.now();
    left = Math.min(most, left + (now - countedAt) * perMs);
    countedAt = now;
    return left;
  }

  async function wait(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const missing = 1 - count();
      // What is missing by a rounding error would be waited for again and again.
      if (missing < 1e-6) return;
      await clock.sleep(Math.ceil(missing / perMs), signal);
    }
  }

  async function askNow<Value>(before: Promise<void>, signal: AbortSignal, ask: () => Promise<Value>): Promise<Value> {
    await before;
    await wait(signal);
    return ask();
  }

  return {
    inTurn(signal, ask) {
      const asked = askNow(last, signal, ask);
      last = asked.then(
        () => {},
        () => {},
      );
      return asked;
    },
    spend() {
      left = count() - 1;
    },
    rest(ms) {
      restsUntil = Math.max(restsUntil, clock.now() + Math.min(ms, longestRestMs));
    },
    restsFor: () => Math.max(0, restsUntil - clock.now()),
  };
}
