import type { HttpCall } from './http-call.ts';
import { createStopper, type Stop } from './stop.ts';

/** Why nobody waits for a read any more. */
export type End = 'deadline' | 'hang-up';

/**
 * A read under way, and the operations that wait for it. It goes on as long as one of them does, under the latest of their
 * deadlines and with the requests that any of them has left, so that no caller's end is another's.
 */
export interface Flight<Value> {
  readonly promise: Promise<Value>;
  join(call: HttpCall): void;
  /** Ends the read when nobody else waits. */
  leave(call: HttpCall, end: End, reason: Error): void;
  abort(reason: Error): void;
}

/** What the read itself knows of those who wait. */
export interface Crew {
  readonly stop: Stop;
  deadline(): number;
  /** Why the read was stopped; null while somebody waits. */
  end(): End | null;
  hasBudget(): boolean;
  /** Takes one request from the budget of somebody who has one left. */
  takeRequest(): boolean;
}

export function startFlight<Value>(first: HttpCall, read: (crew: Crew) => Promise<Value>): Flight<Value> {
  const calls = new Set([first]);
  const stopper = createStopper();
  let end: End | null = null;
  let deadline = first.deadline;

  const promise = read({
    stop: stopper,
    deadline: () => deadline,
    end: () => end,
    hasBudget: () => [...calls].some((call) => call.budget.remaining() > 0),
    takeRequest() {
      for (const call of calls) if (call.budget.take()) return true;
      return false;
    },
  });
  // Who waits is told of a failure; when nobody does any more, nobody needs to be.
  promise.catch(() => {});

  function stop(why: End, reason: Error): void {
    end = why;
    stopper.stop(reason);
  }

  return {
    promise,
    join(call) {
      calls.add(call);
      deadline = Math.max(deadline, call.deadline);
    },
    leave(call, why, reason) {
      calls.delete(call);
      if (calls.size === 0) stop(why, reason);
    },
    abort: (reason) => stop('hang-up', reason),
  };
}
