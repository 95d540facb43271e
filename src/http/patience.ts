import { UpstreamError } from '../domain/errors.ts';
import type { End, Flight } from './flight.ts';
import type { HttpCall } from './http-call.ts';

/** How long one operation waits for one source: one timer and one listener for however many reads. */
export interface Patience {
  /** The outcome of a read that the call has joined, unless the operation ends before it. */
  wait<Value>(flight: Flight<Value>): Promise<Value>;
}

const longestTimer = 2 ** 31 - 1;
const sentences: Readonly<Record<End, string>> = {
  deadline: 'The deadline of the operation has passed.',
  'hang-up': 'The caller hung up.',
};

export function createPatience(sourceId: string, call: HttpCall, now: () => number): Patience {
  const waiting = new Set<(end: End) => void>();
  let timer: NodeJS.Timeout | null = null;

  const runOut = () => endAll('deadline');
  const hangUp = () => endAll('hang-up');

  function endAll(end: End): void {
    for (const giveUp of [...waiting]) giveUp(end);
  }

  function enter(giveUp: (end: End) => void): void {
    waiting.add(giveUp);
    if (waiting.size > 1) return;
    const ms = call.deadline - now();
    // A longer delay would make setTimeout fire at once.
    timer = ms > longestTimer ? null : setTimeout(runOut, Math.max(0, ms)).unref();
    call.signal.addEventListener('abort', hangUp, { once: true });
  }

  function leave(giveUp: (end: End) => void): void {
    waiting.delete(giveUp);
    if (waiting.size > 0) return;
    if (timer !== null) clearTimeout(timer);
    call.signal.removeEventListener('abort', hangUp);
  }

  return {
    wait: (flight) =>
      new Promise((resolve, reject) => {
        function giveUp(end: End): void {
          const error = toTimeout(sourceId, end);
          leave(giveUp);
          flight.leave(call, end, error);
          reject(error);
        }
        if (call.signal.aborted) return giveUp('hang-up');
        enter(giveUp);
        flight.promise.then(
          (value) => {
            leave(giveUp);
            resolve(value);
          },
          (error: unknown) => {
            leave(giveUp);
            reject(error);
          },
        );
      }),
  };
}

export function toTimeout(sourceId: string, end: End): UpstreamError {
  return new UpstreamError(sourceId, 'UPSTREAM_TIMEOUT', { cause: new Error(sentences[end]) });
}
