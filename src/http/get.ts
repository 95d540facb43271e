import { UpstreamError, withRequest } from '../domain/errors.ts';
import { attempt } from './attempt.ts';
import type { HttpRequest } from './exchange.ts';
import { type Crew, type Flight, startFlight } from './flight.ts';
import type { HttpCall } from './http-call.ts';
import type { LookupTime } from './lookup-time.ts';
import { observeRead } from './observed-read.ts';
import { type Patience, toTimeout } from './patience.ts';
import { readJson } from './read-json.ts';
import type { Reads } from './reads.ts';
import { retry } from './retry.ts';
import type { Scope } from './scopes.ts';
import { findShared, type ReadNames, toSharedName } from './shared-read.ts';
import type { SourceState } from './source-state.ts';
import { isExact, toHeaders, toPath, toRequestName } from './target.ts';
import type { GetOptions } from './upstream.ts';

/** A source as one operation asks it. */
export interface GetSettings {
  readonly source: SourceState;
  readonly call: HttpCall;
  readonly scope: Scope;
  readonly patience: Patience;
  readonly reads: Reads;
  readonly lookupTime: LookupTime;
  /** For failures of the platform. What fails before the platform is asked says nothing about it and is only thrown. */
  readonly onFailure: (error: UpstreamError) => void;
  /** An answer this old was used because the platform failed. */
  readonly onStale: (ageMs: number, error: UpstreamError) => void;
}

/**
 * The JSON at a path, within the deadline of the operation and with retries. What was read a moment ago for the same user is not
 * read again, what is being read for another operation of the same user is waited for, and what another process of this server
 * read a moment ago is taken from there.
 */
export async function get<Value>(
  settings: GetSettings,
  path: string | null,
  options: GetOptions<Value>,
): Promise<Value> {
  const { source, call, scope, patience } = settings;
  const { sourceId, prefix, sharing, now } = source;
  if (path === null) throw new UpstreamError(sourceId, 'UPSTREAM_UNSAFE_ID');
  const target = toPath(prefix, path, options.query, call.identity);
  if (!isExact(call.identity)) {
    const cause = new Error('The user id cannot be sent in a header.');
    throw new UpstreamError(sourceId, 'UPSTREAM_REJECTED', { cause });
  }
  const name = sharing === null ? '' : toReadName(target, options);
  const anew = call.fresh || options.anew === true || settings.reads.has(name);
  if (sharing !== null && !anew) {
    const kind = options.kind ?? 'sessions';
    const kept = sharing.answers.find(scope.key + name, sharing.maxAgeMs(kind));
    if (kept !== null) {
      // What it was given for was told then.
      if (!settings.reads.wasGiven(name)) observeRead(source, call, target, options)?.answered('kept', kept.value);
      const { value, bytes, serial } = kept;
      settings.reads.noteKept({ name, kind, target, value, bytes, serial });
      // Kept under a name that includes its schema.
      return kept.value as Value;
    }
  }
  const reading = observeRead(source, call, target, options);
  if (sharing !== null) settings.reads.noteAsked(name);
  try {
    if (call.deadline <= now()) throw toTimeout(sourceId, 'deadline');
    const flight = sharing === null ? start() : share();
    reading?.follow(flight);
    const value = await patience.wait(flight);
    reading?.answered(null, value);
    return value;
  } catch (error) {
    const old = sharing?.answers.find(scope.key + name, sharing.staleMs) ?? null;
    if (old !== null && mayBeStale(error)) {
      settings.onStale(old.ageMs, error);
      reading?.answered('stale', old.value);
      return old.value as Value;
    }
    reading?.failed(error);
    throw error instanceof UpstreamError ? withRequest(error, toRequestName(target)) : error;
  }

  function share(): Flight<Value> {
    // One that began before may bring what is wanted no more.
    const known = anew ? undefined : (scope.flights.get(name) as Flight<Value> | undefined);
    if (known !== undefined && !known.isStopped()) {
      known.join(call);
      return known;
    }
    const flight = start();
    // Without requests left it fails at once, and for this call alone.
    if (call.budget.remaining() > 0) scope.flights.set(name, flight);
    return flight;
  }

  function land(flight: Flight<Value>): void {
    source.flights.delete(flight);
    if (scope.flights.get(name) === flight) scope.flights.delete(name);
  }

  function start(): Flight<Value> {
    const request: HttpRequest = {
      method: 'GET',
      path: target,
      headers: toHeaders(call, options.headers),
      body: null,
    };
    const flight = startFlight(call, reading?.target ?? null, (crew) => read(crew, request), land);
    source.flights.add(flight);
    return flight;
  }

  async function read(crew: Crew, request: HttpRequest): Promise<Value> {
    const sharedName = toSharedName(source, scope, target, options);
    const names = { key: scope.key + name, sharedName };
    const { lookupTime } = settings;
    const mayLookUp = sharing !== null && sharedName !== null && !anew && !lookupTime.isSpent();
    const found = mayLookUp ? await lookupTime.during(() => findShared(sharing, names, options)) : null;
    if (found === null) return send(settings, request, crew, options, names);
    crew.log.isFromReplica = true;
    return found.value;
  }
}

async function send<Value>(
  { source, call, scope, onFailure }: GetSettings,
  request: HttpRequest,
  crew: Crew,
  options: GetOptions<Value>,
  { key, sharedName }: ReadNames,
): Promise<Value> {
  const { sharing } = source;
  const forMs = sharing?.keepMs(options.kind ?? 'sessions') ?? 0;
  const askedAt = sharing?.answers.now() ?? 0;
  const { forwarded, observer } = call;
  const attempts = { ...source, ...scope, forwarded, observer, crew, explain: options.explain ?? null };
  const waits = { ...source, ...scope, ...crew };
  const result = await retry(waits, () => attempt(attempts, request));
  if (result.kind === 'failure') {
    onFailure(result.error);
    if (sharing !== null && forMs > 0 && !mayBeStale(result.error)) {
      sharing.answers.forget(key, askedAt);
      if (sharedName !== null) sharing.replicas?.forget(sharedName, sharing.answers.now() - askedAt);
    }
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
  if (sharing !== null && forMs > 0) {
    const { text } = result.reply;
    sharing.answers.keep(key, { value: json.value, bytes: text.length, forMs, askedAt });
    if (sharedName !== null) {
      sharing.replicas?.keep(sharedName, { text, forMs, ageMs: sharing.answers.now() - askedAt });
    }
  }
  return json.value;
}

/** Whether it is the platform that failed. What it refuses now it must not be asked for by way of memory. */
function mayBeStale(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && (error.retryable || error.code === 'UPSTREAM_BAD_RESPONSE');
}

const schemaNames = new WeakMap<object, string>();

/** What is read, and as what: the same answer read with two schemas is two values. */
function toReadName(target: string, { schema, headers }: GetOptions<unknown>): string {
  const known = schemaNames.get(schema) ?? `#${++schemaCount}`;
  schemaNames.set(schema, known);
  return headers === undefined ? `${target}${known}` : `${target}${known}${JSON.stringify(headers)}`;
}

let schemaCount = 0;
