import { UpstreamError, withRequest } from '../domain/errors.ts';
import { attempt } from './attempt.ts';
import type { Breaker } from './breaker.ts';
import type { HttpRequest } from './exchange.ts';
import type { HttpCall } from './http-call.ts';
import { readJson } from './read-json.ts';
import { retry } from './retry.ts';
import type { SourceState } from './source-state.ts';
import { isExact, toHeaders, toPath, toRequestName } from './target.ts';
import { createTimeLimit } from './time-limit.ts';
import type { GetOptions } from './upstream.ts';

/** A source as one operation asks it. */
export interface GetSettings {
  readonly source: SourceState;
  readonly call: HttpCall;
  readonly breaker: Breaker;
  /** For failures of the platform. What fails before the platform is asked says nothing about it and is only thrown. */
  readonly onFailure: (error: UpstreamError) => void;
}

/** The JSON at a path, within the deadline of the operation and with retries. */
export async function get<Value>(
  settings: GetSettings,
  path: string | null,
  options: GetOptions<Value>,
): Promise<Value> {
  const { call } = settings;
  const { sourceId, prefix, inFlight, now } = settings.source;
  if (path === null) throw new UpstreamError(sourceId, 'UPSTREAM_UNSAFE_ID');
  const request: HttpRequest = {
    method: 'GET',
    path: toPath(prefix, path, options.query, call.identity),
    headers: toHeaders(call, options.headers),
    body: null,
  };
  if (!isExact(call.identity)) {
    const cause = new Error('The user id cannot be sent in a header.');
    throw new UpstreamError(sourceId, 'UPSTREAM_REJECTED', { cause });
  }
  if (call.deadline <= now()) throw timeout(sourceId, 'The deadline of the operation has passed.');
  const limit = createTimeLimit({
    ms: call.deadline - now(),
    parent: call.signal,
    onTimeOver: () => timeout(sourceId, 'The deadline of the operation has passed.'),
    onParentAborted: () => timeout(sourceId, 'The caller hung up.'),
  });
  try {
    return await inFlight.track(send(settings, request, limit.signal, options), limit);
  } catch (error) {
    throw error instanceof UpstreamError ? withRequest(error, toRequestName(request.path)) : error;
  }
}

async function send<Value>(
  { source, call, breaker, onFailure }: GetSettings,
  request: HttpRequest,
  signal: AbortSignal,
  options: GetOptions<Value>,
): Promise<Value> {
  const attempts = { ...source, call, breaker, explain: options.explain ?? null };
  const waits = { ...source, breaker, deadline: call.deadline, signal };
  const result = await retry(waits, () => attempt(attempts, request, signal));
  if (result.kind === 'failure') {
    onFailure(result.error);
    throw result.error;
  }
  const json = readJson(result.reply, options.schema);
  if (json.kind === 'failure') {
    const { status } = result.reply;
    const error = new UpstreamError(source.sourceId, json.code, { cause: json.cause, status });
    onFailure(error);
    throw error;
  }
  source.health.succeeded();
  return json.value;
}

function timeout(sourceId: string, sentence: string): UpstreamError {
  return new UpstreamError(sourceId, 'UPSTREAM_TIMEOUT', { cause: new Error(sentence) });
}
