import type { TimeLimit } from './time-limit.ts';

/** The requests of a source that somebody waits for. */
export interface InFlight {
  /** The promise's outcome; the time limit is released with it. */
  track<Value>(promise: Promise<Value>, limit: TimeLimit): Promise<Value>;
  /** Aborts all requests with this error and waits until they have ended. */
  abort(error: Error): Promise<void>;
}

export function createInFlight(): InFlight {
  const promises = new Map<TimeLimit, Promise<unknown>>();
  return {
    async track(promise, limit) {
      promises.set(limit, promise);
      try {
        return await promise;
      } finally {
        promises.delete(limit);
        limit.release();
      }
    },
    async abort(error) {
      for (const limit of promises.keys()) limit.end(error);
      await Promise.allSettled(promises.values());
    },
  };
}
