/** Keeps retries a fraction of the requests of a source, so that they do not overload a platform that is failing. */
export interface RetryBudget {
  earn(): void;
  spend(): boolean;
}

export function createRetryBudget(limits: { readonly retryRatio: number; readonly retryReserve: number }): RetryBudget {
  let saved = limits.retryReserve;
  return {
    earn() {
      saved = Math.min(limits.retryReserve, saved + limits.retryRatio);
    },
    spend() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
