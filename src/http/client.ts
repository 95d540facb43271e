import { createHash } from 'node:crypto';
import { UpstreamError } from '../domain/errors.ts';
import type { SourceHealth } from '../domain/source-health.ts';
import type { SourceReading } from '../domain/source-reading.ts';
import type { HttpAuth } from './auth.ts';
import { createBreaker } from './breaker.ts';
import { createCredentials } from './create-credentials.ts';
import { createHealth } from './health.ts';
import type { HttpCall } from './http-call.ts';
import { createLimiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import { type OpenUpstream, openUpstream } from './open-upstream.ts';
import { createPool } from './pool.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createScopes } from './scopes.ts';
import type { SourceSharing } from './sharing.ts';
import type { SourceState } from './source-state.ts';

/** One configured source, for as long as the process lives. */
export interface HttpSource {
  /** The source for one operation. */
  open(call: HttpCall): OpenUpstream;
  health(): SourceHealth;
  read(): SourceReading;
  /** Aborts the requests in flight. */
  close(): Promise<void>;
}

export interface HttpSourceSettings {
  readonly sourceId: string;
  /** May have a path, which is put before the path of every request. */
  readonly url: string;
  readonly auth: HttpAuth;
  readonly limits: HttpLimits;
  /** Default: none. */
  readonly sharing?: SourceSharing | null;
  /** The source is not asked for a while, at least on behalf of somebody. */
  readonly onBreakerOpen?: () => void;
  /** The clock of deadlines, breakers and tokens. Default: `performance.now`. */
  readonly now?: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

const maxScopes = 1_000;

export function createHttpSource(settings: HttpSourceSettings): HttpSource {
  const { sourceId, auth, limits, now = () => performance.now(), random = Math.random } = settings;
  const base = new URL(settings.url);
  const source: SourceState = {
    sourceId,
    fingerprint: (settings.sharing?.replicas ?? null) === null ? null : toFingerprint(settings),
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
  const { health, credentials, flights, limiter, pool } = source;
  const scopes = createScopes(sourceId, () => createBreaker({ ...limits, now, onOpen: noteOpening }), maxScopes);
  let closing: Promise<void> | null = null;

  function noteOpening(): void {
    health.breakerOpened();
    settings.onBreakerOpen?.();
  }

  /** What a failure of the platform says about the source. */
  function noteFailure(error: UpstreamError): void {
    const answered =
      error.status !== null && (error.code === 'UPSTREAM_REJECTED' || error.code === 'UPSTREAM_FORBIDDEN');
    if (answered) health.succeeded();
    // The caller's own credential, or lack of one, is no fault of the source.
    else if (error.code !== 'UPSTREAM_UNAUTHENTICATED' || auth.kind !== 'forward') health.failed(error.code);
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
      const scopeOf = () => scopes.of(call.identity, credentials.distinguish(call.forwarded));
      return openUpstream(source, scopeOf, call, noteFailure);
    },
    health: () => health.read(),
    read: () => ({
      sourceId,
      health: health.read(),
      requestsInFlight: limiter.running(),
      requestsQueued: limiter.waiting(),
      openBreakers: scopes.openBreakers(),
    }),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** A replica with another credential may see other things under the same name. */
function toFingerprint({ url, auth }: HttpSourceSettings): string {
  const settings = Object.entries(auth).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([url, settings]))
    .digest('base64');
}
