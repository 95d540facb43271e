import { setImmediate } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import type { TestServer } from './server.ts';

/** From now on, until the test is over, time passes only when the test says so. Sockets go on as ever. */
export function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets that many requests arrive, in no time at all, and then so much time pass. */
export async function passTime(ms: number, server: TestServer, arrived: number): Promise<void> {
  while (server.requests.length < arrived) {
    // What waits for no time at all, as retries do here, need not wait.
    vi.advanceTimersByTime(0);
    await setImmediate();
  }
  vi.advanceTimersByTime(ms);
}
