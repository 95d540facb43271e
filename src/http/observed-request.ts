import type { Observer, RequestObserver, RequestRecord } from '../observation/observer.ts';
import type { Exchange } from './exchange.ts';
import type { FlightLog } from './flight.ts';

export interface ObservedRequest {
  readonly headers: Readonly<Record<string, string>>;
  ended(result: Exchange): void;
  /** Nobody waits for it any more. */
  abandoned(): void;
}

/** Null when nobody observes the operation that sends it. */
export function observeRequest(
  observer: Observer | null,
  { target, requests }: FlightLog,
  waitedMs: number,
  now: () => number,
): ObservedRequest | null {
  if (observer === null || target === null) return null;
  const record = {
    target,
    attempt: requests.length + 1,
    waitedMs,
    startedAt: now(),
    endedAt: null as number | null,
    status: null as number | null,
    failure: null as RequestRecord['failure'],
    bytes: null as number | null,
  };
  requests.push(record);
  const observing: RequestObserver | null = observer.request(record);

  function end(): void {
    record.endedAt = now();
    observing?.ended();
  }

  return {
    headers: observing?.headers ?? {},
    ended(result) {
      if (result.kind === 'failure') record.failure = result.code;
      else {
        record.status = result.reply.status;
        record.bytes = result.reply.bytes;
      }
      end();
    },
    abandoned() {
      record.failure = 'ABANDONED';
      end();
    },
  };
}
