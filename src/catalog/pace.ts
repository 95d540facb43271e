/** How long to wait after each turn. */
export interface Pace {
  after(outcome: 'moved' | 'still' | 'failed'): number;
}

const shortestMs = 2_000;
const longestMs = 30_000;
const longestFailingMs = 300_000;

/** Short while something moves, longer and longer while nothing does or all fails. */
export function createPace(): Pace {
  let idleMs = shortestMs;
  let failingMs = shortestMs;
  return {
    after(outcome) {
      if (outcome === 'failed') {
        const ms = failingMs;
        failingMs = Math.min(longestFailingMs, failingMs * 2);
        return ms;
      }
      failingMs = shortestMs;
      const ms = outcome === 'moved' ? shortestMs : idleMs;
      idleMs = Math.min(longestMs, ms * 2);
      return ms;
    },
  };
}

/** How long to wait after each sweep. */
export interface SweepPace {
  after(sweep: { readonly changed: number; readonly requests: number }): number;
  /** Where a total says that something is gone: longer and longer while sweeps that began so find nothing of the kind. */
  soonest(sweep: { readonly gone: number; readonly requests: number; readonly isByTotal: boolean }): number;
}

export interface SweepPaceSettings {
  readonly longestMs: number;
  readonly requestsPerMinute: number;
  /** Whether only a sweep shows what has changed, so that it comes as often as a part of the requests allows. */
  readonly showsChanges: boolean;
}

const shortestBetweenSweepsMs = 30_000;
const shareOfRequests = 1 / 4;

export function createSweepPace({ longestMs, requestsPerMinute, showsChanges }: SweepPaceSettings): SweepPace {
  let lastMs = 0;
  let vainMs = 0;

  function fair(requests: number): number {
    const fairMs = (requests / (requestsPerMinute * shareOfRequests)) * 60_000;
    return Math.min(longestMs, Math.max(shortestBetweenSweepsMs, fairMs));
  }

  return {
    soonest({ gone, requests, isByTotal }) {
      const least = fair(requests);
      if (gone > 0) vainMs = 0;
      else if (isByTotal) vainMs = Math.min(longestMs, Math.max(least, vainMs * 2));
      return Math.max(least, vainMs);
    },
    after({ changed, requests }) {
      if (!showsChanges) return longestMs;
      const least = fair(requests);
      lastMs = changed > 0 ? least : Math.min(longestMs, Math.max(least, lastMs * 2));
      return lastMs;
    },
  };
}
