import type { Again, AttemptResult } from './attempt.ts';
import type { Breaker } from './breaker.ts';
import type { HttpLimits } from './limits.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Stop } from './stop.ts';

export interface RetrySettings {
  readonly limits: HttpLimits;
  readonly retryBudget: RetryBudget;
  readonly breaker: Breaker;
  /** The latest deadline of those who wait. */
  readonly deadline: () => number;
  readonly stop: Stop;
  readonly now: () => number;
  readonly random: () => number;
}

/** Repeats the attempt until it succeeds or a retry is not worthwhile. Returns the last result. */
export async function retry(settings: RetrySettings, attempt: () => Promise<AttemptResult>): Promise<AttemptResult> {
  const { stop } = settings;
  let retries = 0;
  let renewed = false;
  for (;;) {
    const result = await attempt();
    // Only after the attempt: a request that was never sent must not earn retries.
    if (retries === 0 && !renewed) settings.retryBudget.earn();
    if (result.kind === 'reply' || stop.reason !== null) return result;
    if (result.again.when === 'renewed' && !renewed) {
      renewed = true;
      continue;
    }
    const delay = toDelay(settings, result.again, retries);
    if (delay === null || settings.breaker.refuses() || !settings.retryBudget.spend()) return result;
    retries += 1;
    await pause(delay, stop);
  }
}

function pause(ms: number, stop: Stop): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unfollow();
      resolve();
    }, ms).unref();
    const unfollow = stop.onStop((reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}

/** How long to wait before the next attempt; null when there is to be none. */
function toDelay(settings: RetrySettings, again: Again, retries: number): number | null {
  const { limits } = settings;
  if (again.when !== 'later' || retries >= limits.retries) return null;
  // Full jitter: clients that failed together must not come back together.
  const backoff = settings.random() * Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** retries);
  const delay = Math.max(backoff, again.afterMs ?? 0);
  return settings.now() + delay < settings.deadline() ? delay : null;
}
