/** Limits the requests at the same time. Further ones wait in order. */
export interface Limiter {
  /**
   * Resolves to a function that gives the place back (further calls do nothing), or to null when the queue is full.
   * Rejects with the signal's reason when that is aborted first.
   */
  enter(signal: AbortSignal): Promise<(() => void) | null>;
}

interface Waiter {
  readonly admit: () => void;
}

export function createLimiter(limits: { readonly concurrency: number; readonly queue: number }): Limiter {
  // A Set keeps its order and forgets a cancelled waiter in constant time.
  const waiting = new Set<Waiter>();
  let running = 0;

  function createLeave(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      running -= 1;
      for (const next of waiting) {
        waiting.delete(next);
        next.admit();
        return;
      }
    };
  }

  return {
    async enter(signal) {
      signal.throwIfAborted();
      if (running < limits.concurrency) {
        running += 1;
        return createLeave();
      }
      if (waiting.size >= limits.queue) return null;
      return new Promise<() => void>((resolve, reject) => {
        const waiter: Waiter = {
          admit() {
            signal.removeEventListener('abort', cancel);
            running += 1;
            resolve(createLeave());
          },
        };
        const cancel = () => {
          waiting.delete(waiter);
          reject(signal.reason);
        };
        waiting.add(waiter);
        signal.addEventListener('abort', cancel, { once: true });
      });
    },
  };
}
