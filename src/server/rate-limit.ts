import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /** Counts a request, unless the caller has to wait: 0 when the request is allowed. */
  secondsToWait(callerId: string): number;
}

interface Allowance {
  readonly left: number;
  readonly at: number;
}

const maxCallers = 10_000;

/** A full minute's requests may come at once; they are earned back evenly. */
export function createRateLimit(perMinute: number, now: () => number): RateLimit {
  const allowances = new LRUCache<string, Allowance>({ max: maxCallers });
  const perMillisecond = perMinute / 60_000;
  return {
    secondsToWait(callerId) {
      const at = now();
      const last = allowances.get(callerId) ?? { left: perMinute, at };
      const left = Math.min(perMinute, last.left + (at - last.at) * perMillisecond);
      const isAllowed = left >= 1;
      allowances.set(callerId, { left: isAllowed ? left - 1 : left, at });
      return isAllowed ? 0 : Math.ceil((1 - left) / perMillisecond / 1_000);
    },
  };
}
