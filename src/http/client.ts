import { hasStatus, UpstreamError } from '../domain/errors.ts';
import type { SourceHealth } from '../domain/source-health.ts';
import type { HttpAuth } from './auth.ts';
import { createBreaker } from './breaker.ts';
import { createBreakers } from './breakers.ts';
import { createCredentials } from './create-credentials.ts';
import { get } from './get.ts';
import { createHealth } from './health.ts';
import type { HttpCall } from './http-call.ts';
import { createInFlight } from './in-flight.ts';
import { createLimiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import { createPool } from './pool.ts';
import { createRetryBudget } from './retry-budget.ts';
import type { SourceState } from './source-state.ts';
import type { Upstream } from './upstream.ts';

/** One configured source, for as long as the process lives. */
export interface HttpSource {
  /** The source for one operation. */
  open(call: HttpCall): OpenUpstream;
  health(): SourceHealth;
  /** Aborts the requests in flight. */
  close(): Promise<void>;
}

export interface OpenUpstream extends Upstream {
  /** How long a page of a list may wait for the source: only briefly when the source hung at the last request. */
  listTime(): { readonly ms: number; ranOut(): void };
}

export interface HttpSourceSettings {
  readonly sourceId: string;
  /** May have a path, which is put before the path of every request. */
  readonly url: string;
  readonly auth: HttpAuth;
  readonly limits: HttpLimits;
  /** The clock of deadlines, breakers and tokens. Default: `performance.now`. */
  readonly now?: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

const maxBreakers = 1_000;
/** Long enough for a recovered source to answer, and too short for a person to notice. */
const hangingShareMs = 250;

export function createHttpSource(settings: HttpSourceSettings): HttpSource {
  const { sourceId, auth, limits, now = () => performance.now(), random = Math.random } = settings;
  const base = new URL(settings.url);
  const source: SourceState = {
    sourceId,
    prefix: base.pathname.replace(/\/+$/, ''),
    limits,
    pool: createPool(base.origin, limits),
    limiter: createLimiter(limits),
    credentials: createCredentials({ sourceId, auth, limits, now }),
    retryBudget: createRetryBudget(limits),
    health: createHealth({ breakerOpenMs: limits.breakerOpenMs, now }),
    inFlight: createInFlight(),
    now,
    random,
  };
  const { health, credentials, inFlight, pool } = source;
  const breakers = createBreakers(
    () => createBreaker({ ...limits, now, onOpen: () => health.breakerOpened() }),
    maxBreakers,
  );
  let closing: Promise<void> | null = null;

  /** What a failure of the platform says about the source. */
  function noteFailure(error: UpstreamError): void {
    const answered =
      error.status !== null && (error.code === 'UPSTREAM_REJECTED' || error.code === 'UPSTREAM_FORBIDDEN');
    if (answered) health.succeeded();
    // The caller's own credential, or lack of one, is no fault of the source.
    else if (error.code !== 'UPSTREAM_UNAUTHENTICATED' || auth.kind !== 'forward') health.failed(error.code);
  }

  /** Something looked up by its id may be gone: that says nothing about the source. */
  function noteFailureUnlessGone(error: UpstreamError): void {
    if (error.code !== 'UPSTREAM_NOT_FOUND') noteFailure(error);
  }

  /** The pool is destroyed last: it would wait for requests that nobody waits for any more. */
  async function close(): Promise<void> {
    await inFlight.abort(new UpstreamError(sourceId, 'UPSTREAM_UNAVAILABLE'));
    await Promise.all([pool.destroy(), credentials.close()]);
  }

  return {
    open(call) {
      const breaker = breakers.of(call.identity, credentials.distinguish(call));
      return {
        user: call.user,
        listTime() {
          const since = now();
          return {
            ms: breaker.hangs() ? Math.min(limits.listShareMs, hangingShareMs) : limits.listShareMs,
            ranOut: () => breaker.noteHang(since),
          };
        },
        get: (path, options) => get({ source, call, breaker, onFailure: noteFailure }, path, options),
        async find(path, options) {
          try {
            return await get({ source, call, breaker, onFailure: noteFailureUnlessGone }, path, options);
          } catch (error) {
            if (hasStatus(error, 404)) return null;
            throw error;
          }
        },
      };
    },
    health: () => health.read(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
