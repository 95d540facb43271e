/** Ends what a read is doing before its time. As an AbortSignal, at a fraction of the price: a query may need dozens. */
export interface Stop {
  /** Why it was stopped; null while it goes on. */
  readonly reason: Error | null;
  /** Calls back once when it is stopped, unless the returned function was called before. */
  onStop(callback: (reason: Error) => void): () => void;
}

export interface Stopper extends Stop {
  stop(reason: Error): void;
}

export function createStopper(): Stopper {
  const callbacks = new Set<{ readonly call: (reason: Error) => void }>();
  let stopped: Error | null = null;
  return {
    get reason() {
      return stopped;
    },
    onStop(callback) {
      if (stopped !== null) {
        callback(stopped);
        return () => {};
      }
      const entry = { call: callback };
      callbacks.add(entry);
      return () => void callbacks.delete(entry);
    },
    stop(reason) {
      if (stopped !== null) return;
      stopped = reason;
      for (const { call } of callbacks) call(reason);
      callbacks.clear();
    },
  };
}

/** The promise's outcome, or the reason as soon as it is stopped. A later outcome is ignored. */
export function untilStopped<Value>(promise: Promise<Value>, stop: Stop): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const unfollow = stop.onStop(reject);
    promise.then(resolve, reject).finally(unfollow);
  });
}
