/** How long somebody has to wait, 0 when not at all. */
export interface RateLimit {
  secondsToWait(who: string): number;
}

interface Allowance {
  readonly left: number;
  readonly at: number;
}

const maxRemembered = 10_000;

/** A full minute's requests may come at once; they are earned back evenly. */
export function createRateLimit(perMinute: number, now: () => number): RateLimit {
  const allowances = new Map<string, Allowance>();
  const perMillisecond = perMinute / 60_000;
  return {
    secondsToWait(who) {
      const at = now();
      const last = allowances.get(who) ?? { left: perMinute, at };
      const left = Math.min(perMinute, last.left + (at - last.at) * perMillisecond);
      const isAllowed = left >= 1;
      // Deleted first, so that the first of the map is whoever has not asked for the longest time.
      allowances.delete(who);
      allowances.set(who, { left: isAllowed ? left - 1 : left, at });
      for (const oldest of allowances.keys()) {
        if (allowances.size <= maxRemembered) break;
        allowances.delete(oldest);
      }
      return isAllowed ? 0 : Math.ceil((1 - left) / perMillisecond / 1_000);
    },
  };
}
