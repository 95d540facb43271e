import type { Pool } from 'undici';
import { UpstreamError } from '../domain/errors.ts';
import type { Observer } from '../observation/observer.ts';
import type { Breaker, Permit } from './breaker.ts';
import type { Credentials } from './credentials.ts';
import { readErrorName } from './error-name.ts';
import { type Exchange, exchange, type HttpRequest, type Reply } from './exchange.ts';
import { firstHeader } from './first-header.ts';
import type { Crew } from './flight.ts';
import type { ForwardedHeaders } from './http-call.ts';
import type { Limiter } from './limiter.ts';
import type { HttpLimits } from './limits.ts';
import { observeRequest } from './observed-request.ts';
import { isJson, parseJson } from './read-json.ts';
import { readRetryAfter } from './retry-after.ts';
import { isPassing, toFailureCode } from './status.ts';
import { toSlashRedirect } from './trailing-slash.ts';
import type { Explain } from './upstream.ts';

/** The platform's answer to one attempt. An error before the request is sent is thrown instead. */
export type AttemptResult =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'failure'; readonly error: UpstreamError; readonly again: Again };

/** Whether to try again: not at all, at once with a renewed credential, or after a wait. */
export type Again =
  | { readonly when: 'never' }
  | { readonly when: 'renewed' }
  | { readonly when: 'later'; readonly afterMs: number | null };

export interface AttemptSettings {
  readonly sourceId: string;
  readonly pool: Pool;
  readonly limiter: Limiter;
  readonly breaker: Breaker;
  readonly credentials: Credentials;
  readonly limits: HttpLimits;
  readonly forwarded: ForwardedHeaders;
  readonly crew: Crew;
  readonly now: () => number;
  readonly explain: Explain | null;
  readonly observer: Observer | null;
}

/** One attempt of one GET: credential, place in the queue, breaker, budget, request, and at most one redirect. */
export async function attempt(settings: AttemptSettings, request: HttpRequest): Promise<AttemptResult> {
  const { sourceId, credentials, breaker, limiter, crew } = settings;
  // Checked before queueing, so that no request waits in vain, and once more after it, because the state may have changed.
  if (breaker.refuses()) throw breakerOpen(sourceId);
  if (!crew.hasBudget()) throw new UpstreamError(sourceId, 'UPSTREAM_BUDGET_EXCEEDED');
  const authorized = await authorize(settings);
  if (authorized.kind === 'failure') return authorized;

  const queuedAt = settings.now();
  const leave = await limiter.enter(crew.stop);
  if (leave === null) {
    throw new UpstreamError(sourceId, 'UPSTREAM_UNAVAILABLE', { cause: new Error('Too many requests are waiting.') });
  }
  try {
    const permit = breaker.enter();
    if (permit === null) throw breakerOpen(sourceId);
    const headers = { ...request.headers, ...authorized.headers };
    const waitedMs = settings.now() - queuedAt;
    const result = await guard(settings, permit, { ...request, headers }, waitedMs);
    return toResult(settings, result, () => credentials.renew(authorized.headers));
  } finally {
    leave();
  }
}

type Authorized =
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'failure'; readonly error: UpstreamError; readonly again: Again };

async function authorize({ credentials, forwarded, crew }: AttemptSettings): Promise<Authorized> {
  try {
    return { kind: 'headers', headers: await credentials.authorize(forwarded, crew.stop) };
  } catch (error) {
    if (crew.stop.reason !== null || !(error instanceof UpstreamError)) throw error;
    return { kind: 'failure', error, again: error.retryable ? { when: 'later', afterMs: null } : { when: 'never' } };
  }
}

/** The exchange under the attempt's timeout; the breaker learns how it went. */
async function guard(
  settings: AttemptSettings,
  permit: Permit,
  request: HttpRequest,
  waitedMs: number,
): Promise<Exchange> {
  const { limits, crew, now } = settings;
  const startedAt = now();
  try {
    const result = await ask(settings, request, startedAt + limits.attemptTimeoutMs, waitedMs);
    if (result.kind === 'failure' && result.code === 'UPSTREAM_TIMEOUT') permit.timeOut();
    else if (isBreakage(result)) permit.fail();
    else permit.succeed();
    return result;
  } catch (error) {
    // A deadline ended the request. The platform is to blame only if the request had a fair share of the time.
    const fairShare = Math.min(limits.attemptTimeoutMs, limits.deadlineMs) / 2;
    const ranOutAt = crew.ranOutAt();
    if (ranOutAt === null || ranOutAt - startedAt < fairShare) {
      permit.abandon();
      throw error;
    }
    permit.timeOut();
    const cause = error instanceof Error ? error : new Error('Timed out.');
    return { kind: 'failure', code: 'UPSTREAM_TIMEOUT', cause };
  }
}

async function ask(
  settings: AttemptSettings,
  request: HttpRequest,
  until: number,
  waitedMs: number,
): Promise<Exchange> {
  const result = await send(settings, request, until, waitedMs);
  if (result.kind === 'failure' || result.reply.status !== 307) return result;
  const path = toSlashRedirect(request.path, firstHeader(result.reply.headers, 'location'));
  return path === null ? result : send(settings, { ...request, path }, until, 0);
}

async function send(
  settings: AttemptSettings,
  request: HttpRequest,
  until: number,
  waitedMs: number,
): Promise<Exchange> {
  const { pool, limits, crew, sourceId, observer, now } = settings;
  if (!crew.takeRequest()) throw new UpstreamError(sourceId, 'UPSTREAM_BUDGET_EXCEEDED');
  const options = { stop: crew.stop, timeoutMs: until - now(), maxBytes: limits.maxResponseBytes };
  const observed = observeRequest(observer, crew.log, waitedMs, now);
  if (observed === null) return exchange(pool, request, options);
  const headers = { ...observed.headers, ...request.headers };
  try {
    const result = await exchange(pool, { ...request, headers }, options);
    observed.ended(result);
    return result;
  } catch (error) {
    observed.abandoned();
    throw error;
  }
}

/** Whether the platform is broken, as opposed to refusing this request. */
function isBreakage(result: Exchange): boolean {
  return result.kind === 'failure' ? result.code === 'UPSTREAM_UNAVAILABLE' : result.reply.status >= 500;
}

function toResult(settings: AttemptSettings, result: Exchange, renew: () => boolean): AttemptResult {
  const { sourceId } = settings;
  if (result.kind === 'failure') {
    const error = new UpstreamError(sourceId, result.code, result);
    // Whether the deadline has passed is checked before the next attempt.
    return { kind: 'failure', error, again: error.retryable ? { when: 'later', afterMs: null } : { when: 'never' } };
  }
  const { reply } = result;
  if (toFailureCode(reply.status) === null) return result;
  const retryAfterMs = isPassing(reply.status) ? readRetryAfter(reply.headers, Date.now()) : null;
  return { kind: 'failure', error: toError(settings, reply, retryAfterMs), again: toAgain(reply, retryAfterMs, renew) };
}

function toAgain({ status }: Reply, afterMs: number | null, renew: () => boolean): Again {
  if (status === 401) return renew() ? { when: 'renewed' } : { when: 'never' };
  return isPassing(status) ? { when: 'later', afterMs } : { when: 'never' };
}

function toError(
  { sourceId, explain, credentials }: AttemptSettings,
  reply: Reply,
  retryAfterMs: number | null,
): UpstreamError {
  const cause = new Error(`Status ${reply.status} ${readErrorName(reply) ?? ''}`.trim());
  const body = isJson(reply.headers) ? parseJson(reply.text) : undefined;
  const { status, sentence } = explain?.(reply.status, body) ?? { status: reply.status, sentence: null };
  const code = toFailureCode(status) ?? 'UPSTREAM_BAD_RESPONSE';
  const words = sentence ?? (status === 401 ? credentials.refusedSentence : undefined);
  return new UpstreamError(sourceId, code, {
    cause,
    status,
    retryAfterMs,
    ...(words === undefined ? {} : { sentence: words }),
  });
}

function breakerOpen(sourceId: string): UpstreamError {
  const cause = new Error('The circuit breaker is open.');
  return new UpstreamError(sourceId, 'UPSTREAM_UNAVAILABLE', { cause });
}
