import { UpstreamError } from '../domain/errors.ts';
import type { ReadOrigin, ReadRecord, ReadTarget, RequestRecord } from '../observation/observer.ts';
import type { Flight, FlightLog } from './flight.ts';
import type { HttpCall } from './http-call.ts';
import { rowsOf } from './rows-of.ts';
import type { SourceState } from './source-state.ts';
import { toRequestName, toShownPath } from './target.ts';
import type { GetOptions } from './upstream.ts';

/** A read of an operation, for whoever observes the operation. Exactly one of `answered` and `failed` is to be called, once. */
export interface ObservedRead {
  readonly target: ReadTarget;
  /** What is being waited for. */
  follow(flight: Flight<unknown>): void;
  /** `memory` says in which way the answer was kept; null when it came from what was waited for. */
  answered(memory: 'kept' | 'stale' | null, value: unknown): void;
  failed(error: unknown): void;
}

/** Null when nobody does. */
export function observeRead(
  { sourceId, now }: SourceState,
  { observer, identity }: HttpCall,
  path: string,
  { kind = 'sessions' }: Pick<GetOptions<unknown>, 'kind'>,
): ObservedRead | null {
  if (observer === null) return null;
  const target: ReadTarget = {
    sourceId,
    kind,
    path: () => toShownPath(path, identity),
    name: () => toRequestName(path),
  };
  const record = {
    target,
    origin: 'asked' as ReadOrigin,
    startedAt: now(),
    endedAt: null as number | null,
    requests: [] as readonly RequestRecord[],
    rows: null as number | null,
    failure: null as ReadRecord['failure'],
  };
  observer.readBegins(record);
  let log: FlightLog | null = null;

  function end(): void {
    if (log?.isFromReplica === true && record.origin === 'asked') record.origin = 'replica';
    record.endedAt = now();
    observer?.read(record);
  }

  return {
    target,
    follow(flight) {
      log = flight.log;
      record.requests = log.requests;
      if (log.target !== target) record.origin = 'joined';
    },
    answered(memory, value) {
      if (memory !== null) record.origin = memory;
      record.rows = rowsOf(value);
      end();
    },
    failed(error) {
      if (error instanceof UpstreamError) record.failure = error.code;
      end();
    },
  };
}
