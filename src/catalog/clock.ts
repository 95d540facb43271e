import { setTimeout as sleep } from 'node:timers/promises';

/** Time as followers see it, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970, by a clock that people may set. */
  wall(): number;
  /** Milliseconds since any moment; never goes back. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
