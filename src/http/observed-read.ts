import { UpstreamError } from '../domain/errors.ts';
import type { ReadOrigin, ReadTarget } from '../observation/observer.ts';
import type { Flight } from './flight.ts';
import type { HttpCall } from './http-call.ts';
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
  { kind = 'sessions' }: GetOptions<unknown>,
): ObservedRead | null {
  if (observer === null) return null;
  const target: ReadTarget = {
    sourceId,
    kind,
    path: () => toShownPath(path, identity),
    name: () => toRequestName(path),
  };
  const startedAt = now();
  let flight: Flight<unknown> | null = null;
  let isJoined = false;

  function end(origin: ReadOrigin, outcome: { readonly rows?: number | null; readonly failure?: unknown }): void {
    const { rows = null, failure = null } = outcome;
    observer?.read({
      target,
      origin,
      startedAt,
      endedAt: now(),
      requests: flight?.log.requests ?? [],
      rows,
      failure: failure instanceof UpstreamError ? failure.code : null,
    });
  }

  function origin(): ReadOrigin {
    if (isJoined) return 'joined';
    return flight?.log.isFromReplica === true ? 'replica' : 'asked';
  }

  return {
    target,
    follow(followed) {
      flight = followed;
      isJoined = followed.log.target !== target;
    },
    answered: (memory, value) => end(memory ?? origin(), { rows: rowsOf(value) }),
    failed: (failure) => end(origin(), { failure }),
  };
}

/** Platforms answer a list as such, or as the one list among what they say about it. */
function rowsOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return null;
  const lists = Object.values(value).filter(Array.isArray);
  return lists.length === 1 ? (lists[0]?.length ?? null) : null;
}
