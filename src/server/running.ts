/** The requests under way, so that their end can be waited for. */
export interface Running {
  /** Gives back the outcome. */
  add<Value>(request: Promise<Value>): Promise<Value>;
  /** Resolves once none is under way. */
  ended(): Promise<void>;
}

export function createRunning(): Running {
  const requests = new Set<Promise<unknown>>();
  return {
    async add(request) {
      requests.add(request);
      try {
        return await request;
      } finally {
        requests.delete(request);
      }
    },
    async ended() {
      while (requests.size > 0) await Promise.allSettled(requests);
    },
  };
}
