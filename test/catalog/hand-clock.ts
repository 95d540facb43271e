import type { Clock } from '../../src/catalog/clock.ts';

/** A clock that stands still until it is moved. One follower at a time may wait by it. */
export interface HandClock extends Clock {
  /** Resolves when somebody waits. */
  isWaitedFor(): Promise<void>;
  /** Lets so much time pass; whoever waits goes on at their moment, and is waited for until they wait again. */
  pass(ms: number): Promise<void>;
  /** Lets time pass, wait by wait, until something is so; fails when it is not within this time. */
  passUntil(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<void>;
  /** What people do to a clock. */
  set(byMs: number): void;
  /** Those who wait now. */
  waiting(): number;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

export function createHandClock(wallStart = Date.UTC(2026, 10, 20, 12)): HandClock {
  const sleepers = new Set<Sleeper>();
  let watching: (() => void)[] = [];
  let now = 0;
  let offset = wallStart;

  function earliest(): Sleeper | undefined {
    return [...sleepers].sort((left, right) => left.at - right.at)[0];
  }

  async function isWaitedFor(): Promise<void> {
    while (sleepers.size === 0) await new Promise<void>((resolve) => watching.push(resolve));
  }

  async function passTo(moment: number): Promise<void> {
    for (;;) {
      await isWaitedFor();
      const next = earliest();
      if (next === undefined || next.at > moment) break;
      now = Math.max(now, next.at);
      next.wake();
    }
    now = moment;
  }

  return {
    wall: () => offset + now,
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', stop);
        };
        const stop = () => {
          end();
          reject(signal.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          wake() {
            end();
            resolve();
          },
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', stop);
        sleepers.add(sleeper);
        for (const tell of watching) tell();
        watching = [];
      }),
    isWaitedFor,
    pass: (ms) => passTo(now + ms),
    async passUntil(isSo, withinMs) {
      const end = now + withinMs;
      for (;;) {
        await isWaitedFor();
        if (await isSo()) return;
        const next = earliest();
        if (next === undefined || next.at > end) throw new Error(`It is not so after ${withinMs} ms.`);
        await passTo(next.at);
      }
    },
    set(byMs) {
      offset += byMs;
    },
    waiting: () => sleepers.size,
  };
}
