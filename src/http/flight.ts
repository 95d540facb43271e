import type { ReadTarget, RequestRecord } from '../observation/observer.ts';
import type { HttpCall } from './http-call.ts';
import { createStopper, type Stop } from './stop.ts';

/** Why nobody waits for a read any more. */
export type End = 'deadline' | 'hang-up';

/**
 * A read under way, and the operations that wait for it. It goes on as long as one of them does, under the latest of their
 * deadlines and with the requests that any of them has left, so that no caller's end is another's.
 */
export interface Flight<Value> {
  /** Settles when `onEnd` was called: who learns of the outcome finds no trace of the flight. */
  readonly promise: Promise<Value>;
  /** Whether it was stopped, so that nobody may join it. */
  isStopped(): boolean;
  join(call: HttpCall): void;
  /** Ends the read when nobody else waits. */
  leave(call: HttpCall, end: End, reason: Error): void;
  abort(reason: Error): void;
  readonly log: FlightLog;
}

/** What a read has come to. */
export interface FlightLog {
  /** The read that began it, where that is observed. */
  readonly target: ReadTarget | null;
  /** Those that were sent, in their order. */
  readonly requests: RequestRecord[];
  /** Whether a replica had the answer. */
  isFromReplica: boolean;
}

/** What the read itself knows of those who wait. */
export interface Crew {
  readonly stop: Stop;
  /** The latest deadline of those who wait. */
  deadline(): number;
  /** The latest deadline that passed for somebody who waited; null when none has. */
  ranOutAt(): number | null;
  hasBudget(): boolean;
  /** Takes one request from the budget of somebody who has one left. */
  takeRequest(): boolean;
  readonly log: FlightLog;
}

export function startFlight<Value>(
  first: HttpCall,
  target: ReadTarget | null,
  read: (crew: Crew) => Promise<Value>,
  onEnd: (flight: Flight<Value>) => void,
): Flight<Value> {
  const calls = new Set([first]);
  const stopper = createStopper();
  const log: FlightLog = { target, requests: [], isFromReplica: false };
  let ranOutAt: number | null = null;

  const crew: Crew = {
    stop: stopper,
    deadline: () => Math.max(...[...calls].map((call) => call.deadline)),
    ranOutAt: () => ranOutAt,
    hasBudget: () => [...calls].some((call) => call.budget.remaining() > 0),
    takeRequest() {
      for (const call of calls) if (call.budget.take()) return true;
      return false;
    },
    log,
  };

  async function run(): Promise<Value> {
    // What fails at once must not end before the flight is known.
    await null;
    try {
      return await read(crew);
    } finally {
      onEnd(flight);
    }
  }

  const flight: Flight<Value> = {
    promise: run(),
    isStopped: () => stopper.reason !== null,
    join: (call) => void calls.add(call),
    leave(call, end, reason) {
      calls.delete(call);
      if (end === 'deadline') ranOutAt = Math.max(ranOutAt ?? call.deadline, call.deadline);
      if (calls.size === 0) stopper.stop(reason);
    },
    abort: stopper.stop,
    log,
  };
  // Whoever waits gets the failure; when nobody does any more, nobody needs it.
  flight.promise.catch(() => {});
  return flight;
}
