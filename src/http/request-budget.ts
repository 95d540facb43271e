/** How many requests one operation may still send to one source. Each source has its own budget. */
export interface RequestBudget {
  /** Takes one request; false when none is left. */
  take(): boolean;
  remaining(): number;
}

export const defaultRequestLimit = 1_000;

export function createRequestBudget(limit: number = defaultRequestLimit): RequestBudget {
  let used = 0;
  return {
    take() {
      if (used >= limit) return false;
      used += 1;
      return true;
    },
    remaining: () => limit - used,
  };
}
