import { hasStatus, UpstreamError } from '../domain/errors.ts';
import type { SourceHealth } from '../domain/source-health.ts';
import type { HttpAuth } from './auth.ts';
import { createBreaker } from './breaker.ts';
import { createCredentials } from './create-credentials.ts';
import { get } from './get.ts';
import { createHealth } from './health.ts';
import type { HttpCall } from './http-call.ts';
import { createLimiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import { createPatience } from './patience.ts';
import { createPool } from './pool.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createScopes } from './scopes.ts';
import type { SourceSharing } from './sharing.ts';
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
  /** The age of the oldest answer that was used because the source failed; null when none was. */
  staleAgeMs(): number | null;
}

export interface HttpSourceSettings {
  readonly sourceId: string;
  /** May have a path, which is put before the path of every request. */
  readonly url: string;
  readonly auth: HttpAuth;
  readonly limits: HttpLimits;
  /** Default: none. */
  readonly sharing?: SourceSharing | null;
  /** The clock of deadlines, breakers and tokens. Default: `performance.now`. */
  readonly now?: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

const maxScopes = 1_000;
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
    flights: new Set(),
    sharing: settings.sharing ?? null,
    now,
    random,
  };
  const { health, credentials, flights, pool } = source;
  const scopes = createScopes(
    sourceId,
    () => createBreaker({ ...limits, now, onOpen: () => health.breakerOpened() }),
    maxScopes,
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
    const promises = [...flights].map(({ promise }) => promise);
    for (const flight of flights) flight.abort(new UpstreamError(sourceId, 'UPSTREAM_UNAVAILABLE'));
    await Promise.allSettled(promises);
    await Promise.all([pool.destroy(), credentials.close()]);
  }

  return {
    open(call) {
      const scope = scopes.of(call.identity, credentials.distinguish(call.forwarded));
      const { breaker } = scope;
      const patience = createPatience(sourceId, call, now);
      let staleAgeMs: number | null = null;
      const settings = {
        source,
        call,
        scope,
        patience,
        seen: new Set<string>(),
        onStale(ageMs: number) {
          staleAgeMs = Math.max(staleAgeMs ?? 0, ageMs);
        },
      };
      return {
        staleAgeMs: () => staleAgeMs,
        user: call.user,
        listTime() {
          const since = now();
          return {
            ms: breaker.hangs() ? Math.min(limits.listShareMs, hangingShareMs) : limits.listShareMs,
            ranOut: () => breaker.noteHang(since),
          };
        },
        get: (path, options) => get({ ...settings, onFailure: noteFailure }, path, options),
        async find(path, options) {
          try {
            return await get({ ...settings, onFailure: noteFailureUnlessGone }, path, options);
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
