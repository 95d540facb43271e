import type { Stop } from './stop.ts';

/** Limits the requests at the same time. Further ones wait in order. */
export interface Limiter {
  /**
   * Resolves to a function that gives the place back (further calls do nothing), or to null when the queue is full.
   * Rejects with the reason when it is stopped first.
   */
  enter(stop: Stop): Promise<(() => void) | null>;
  running(): number;
  waiting(): number;
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
    running: () => running,
    waiting: () => waiting.size,
    async enter(stop) {
      if (stop.reason !== null) throw stop.reason;
      if (running < limits.concurrency) {
        running += 1;
        return createLeave();
      }
      if (waiting.size >= limits.queue) return null;
      return new Promise<() => void>((resolve, reject) => {
        const waiter: Waiter = {
          admit() {
            unfollow();
            running += 1;
            resolve(createLeave());
          },
        };
        waiting.add(waiter);
        const unfollow = stop.onStop((reason) => {
          waiting.delete(waiter);
          reject(reason);
        });
      });
    },
  };
}
