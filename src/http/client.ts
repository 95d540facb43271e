import { UpstreamError, withRequest } from '../domain/errors.ts';
import type { SourceHealth } from '../domain/source-health.ts';
import { type AttemptSettings, attempt } from './attempt.ts';
import type { HttpAuth } from './auth.ts';
import { createBreaker } from './breaker.ts';
import { createBreakers } from './breakers.ts';
import { createCredentials } from './create-credentials.ts';
import type { HttpRequest } from './exchange.ts';
import { createHealth } from './health.ts';
import type { HttpCall } from './http-call.ts';
import { createLimiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import { createPool } from './pool.ts';
import { readJson } from './read-json.ts';
import { retry } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';
import { isExact, toHeaders, toPath, toRequestName } from './target.ts';
import { createTimeLimit, type TimeLimit } from './time-limit.ts';
import type { GetOptions, Upstream } from './upstream.ts';

/** One configured source, for as long as the process lives. */
export interface HttpSource {
  /** The source as one operation may ask it. */
  open(call: HttpCall): OpenUpstream;
  health(): SourceHealth;
  /** Breaks off the requests under way: once no operation runs, nobody waits for them. */
  close(): Promise<void>;
}

export interface OpenUpstream extends Upstream {
  /** How long a page of a list may wait for the source now: not long for one that hung when it was last asked. */
  listTime(): { readonly ms: number; ranOut(): void };
}

export interface HttpSourceSettings {
  readonly sourceId: string;
  /** May have a path, which comes before every path asked for. */
  readonly url: string;
  readonly auth: HttpAuth;
  readonly limits: HttpLimits;
  /** The clock of deadlines, breakers and tokens: `performance.now` unless a test has its own. */
  readonly now?: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

const maxBreakers = 1_000;
/** Long enough for a source that is well again to show it, and no longer than a person notices. */
const hangingShareMs = 250;

interface Asking {
  readonly attempts: AttemptSettings;
  readonly onFailure: (error: UpstreamError) => void;
}

export function createHttpSource(settings: HttpSourceSettings): HttpSource {
  const { sourceId, auth, limits, now = () => performance.now(), random = Math.random } = settings;
  const base = new URL(settings.url);
  const prefix = base.pathname.replace(/\/+$/, '');
  const pool = createPool(base.origin, limits);
  const limiter = createLimiter(limits);
  const credentials = createCredentials({ sourceId, auth, limits, now });
  const retryBudget = createRetryBudget(limits);
  const health = createHealth({ breakerOpenMs: limits.breakerOpenMs, now });
  const breakers = createBreakers(
    () => createBreaker({ ...limits, now, onOpen: () => health.breakerOpened() }),
    maxBreakers,
  );

  const underWay = new Map<TimeLimit, Promise<unknown>>();
  let closing: Promise<void> | null = null;

  /** What a failure of the platform says about the source; what ended here, before it was asked, is thrown and says nothing. */
  function note(error: UpstreamError): void {
    const answered =
      error.status !== null && (error.code === 'UPSTREAM_REJECTED' || error.code === 'UPSTREAM_FORBIDDEN');
    if (answered) health.succeeded();
    // The caller's own credential, or lack of one, is no fault of the source.
    else if (error.code !== 'UPSTREAM_UNAUTHENTICATED' || auth.kind !== 'forward') health.failed(error.code);
  }

  /** What is asked for by its id may be gone: that says nothing about the source, neither good nor bad. */
  function noteUnlessGone(error: UpstreamError): void {
    if (error.code !== 'UPSTREAM_NOT_FOUND') note(error);
  }

  /** The pool is destroyed once nothing is under way: it would wait for connections nobody waits for any more. */
  async function close(): Promise<void> {
    for (const limit of underWay.keys()) limit.end(new UpstreamError(sourceId, 'UPSTREAM_UNAVAILABLE'));
    await Promise.allSettled(underWay.values());
    await Promise.all([pool.destroy(), credentials.close()]);
  }

  async function get<Value>(asking: Asking, path: string | null, options: GetOptions<Value>): Promise<Value> {
    if (path === null) throw new UpstreamError(sourceId, 'UPSTREAM_UNSAFE_ID');
    const { call } = asking.attempts;
    const request: HttpRequest = {
      method: 'GET',
      path: toPath(prefix, path, options.query, call.identity),
      headers: toHeaders(call, options.headers),
      body: null,
    };
    if (!isExact(call.identity)) {
      const cause = new Error('The user cannot be named in a header.');
      throw new UpstreamError(sourceId, 'UPSTREAM_REJECTED', { cause });
    }
    if (call.deadline <= now()) throw timeout(sourceId, 'The deadline of the operation has passed.');
    const limit = createTimeLimit({
      ms: call.deadline - now(),
      parent: call.signal,
      onTimeOver: () => timeout(sourceId, 'The deadline of the operation has passed.'),
      onParentAborted: () => timeout(sourceId, 'The caller hung up.'),
    });
    const answer = ask(asking, request, limit.signal, options);
    underWay.set(limit, answer);
    try {
      return await answer;
    } catch (error) {
      throw error instanceof UpstreamError ? withRequest(error, toRequestName(request.path)) : error;
    } finally {
      underWay.delete(limit);
      limit.release();
    }
  }

  async function ask<Value>(
    { attempts: own, onFailure }: Asking,
    request: HttpRequest,
    signal: AbortSignal,
    options: GetOptions<Value>,
  ): Promise<Value> {
    const attempts = { ...own, explain: options.explain ?? null };
    const { call, breaker } = attempts;
    const waits = { limits, retryBudget, breaker, deadline: call.deadline, signal, now, random };
    const result = await retry(waits, () => attempt(attempts, request, signal));
    if (result.kind === 'failure') {
      onFailure(result.error);
      throw result.error;
    }
    const reading = readJson(result.reply, options.schema);
    if (reading.kind === 'failure') {
      const { status } = result.reply;
      const error = new UpstreamError(sourceId, reading.code, { cause: reading.cause, status });
      onFailure(error);
      throw error;
    }
    health.succeeded();
    return reading.value;
  }

  return {
    open(call) {
      const breaker = breakers.of(call.identity, credentials.distinguish(call));
      const attempts: AttemptSettings = {
        sourceId,
        pool,
        limiter,
        breaker,
        credentials,
        limits,
        call,
        now,
        explain: null,
      };
      return {
        listTime: () => ({
          ms: breaker.hangs() ? Math.min(limits.listShareMs, hangingShareMs) : limits.listShareMs,
          ranOut: () => breaker.noteHang(),
        }),
        get: (path, options) => get({ attempts, onFailure: note }, path, options),
        async find(path, options) {
          try {
            return await get({ attempts, onFailure: noteUnlessGone }, path, options);
          } catch (error) {
            if (error instanceof UpstreamError && error.status === 404) return null;
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

function timeout(sourceId: string, sentence: string): UpstreamError {
  return new UpstreamError(sourceId, 'UPSTREAM_TIMEOUT', { cause: new Error(sentence) });
}
