import type { SourceEntry } from './config/config.ts';
import type { Reading } from './context.ts';
import { UpstreamError } from './domain/errors.ts';
import type { HttpSource } from './http/client.ts';
import type { OpenUpstream } from './http/open-upstream.ts';
import { createRequestBudget, type RequestBudget } from './http/request-budget.ts';
import type { Observer } from './observation/observer.ts';
import { asUser, type ConfiguredSource, type Selected } from './providers/provider.ts';
import type { Source } from './providers/source.ts';

/** One operation, as a client sent it. */
export interface Operation {
  readonly viewerId: string | null;
  readonly requestId: string;
  /** Whether it selects a field of an object type. */
  readonly selects: (typeName: string, fieldName: string) => boolean;
  /** Whether it selects a field of an object type that the key of the object does not answer. */
  readonly selectsBeyondKey: (typeName: string) => boolean;
  /** The same for two operations only if they select the same, with the same variables. */
  readonly selection: () => string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  readonly header: (name: string) => string | null;
  /** Null when nobody wants to know what is asked. */
  readonly observer: Observer | null;
  readonly report: (error: Error) => void;
}

/** A configured source, for as long as its configuration is used. */
export interface LiveSource {
  readonly entry: SourceEntry;
  readonly http: HttpSource;
  readonly configured: ConfiguredSource;
}

/** An operation that begins. */
export interface Start {
  readonly operation: Operation;
  readonly startedAt: number;
  readonly fresh: boolean;
}

/** A source and its upstream, for one operation. */
export interface Connected {
  readonly entry: SourceEntry;
  readonly source: Source;
  readonly upstream: OpenUpstream;
}

export function connect(live: LiveSource, start: Start, requestLimit: number): Connected {
  const { entry, configured } = live;
  const { operation } = start;
  const { session, agent } = entry.provider.types;
  const selectsOfSessions = (field: string) => operation.selects(session.name, field);
  const selected: Selected = {
    ofSessions: selectsOfSessions,
    agents: () => selectsOfSessions('agent') && operation.selectsBeyondKey(agent.name),
  };
  const upstream =
    entry.user.kind === 'viewer' && operation.viewerId === null
      ? refusingUpstream(entry)
      : open(live, { ...start, budget: createRequestBudget(requestLimit) });
  return { entry, upstream, source: configured.connect(upstream, selected) };
}

/**
 * Whose sessions the source reads in this operation; null for all that its credential can read. `identify` of the provider says
 * how each request names that user.
 */
function userOf({ user }: SourceEntry, operation: Operation): string | null {
  switch (user.kind) {
    case 'none':
      return null;
    case 'viewer':
      return operation.viewerId;
    case 'constant':
      return user.id;
  }
}

export function readingOf(entry: SourceEntry, operation: Operation): Reading {
  const userId = userOf(entry, operation);
  switch (entry.user.kind) {
    case 'none':
      return { as: entry.auth.kind === 'forward' ? 'caller' : 'server', userId };
    case 'viewer':
      return { as: 'viewer', userId };
    case 'constant':
      return { as: 'user', userId };
  }
}

export function open(
  { entry, http }: LiveSource,
  { operation, startedAt, budget, fresh }: Start & { readonly budget: RequestBudget },
): OpenUpstream {
  return http.open({
    ...asUser(entry.provider, userOf(entry, operation), entry.settings),
    forwarded: forwardedHeaders(entry, operation),
    requestId: operation.requestId,
    signal: operation.signal,
    deadline: startedAt + entry.limits.deadlineMs,
    budget,
    fresh,
    observer: operation.observer,
  });
}

/** Only the header that this source forwards. */
function forwardedHeaders({ auth }: SourceEntry, { header }: Operation): Readonly<Record<string, string>> {
  if (auth.kind !== 'forward') return {};
  const value = header(auth.header);
  return value === null ? {} : { [auth.header]: value };
}

/** For a source that is read as the viewer when there is no viewer: it never sends a request. */
function refusingUpstream({ id, limits }: SourceEntry): OpenUpstream {
  const refuse = async (): Promise<never> => {
    const sentence = 'is read as the viewer, and the caller is not signed in';
    throw new UpstreamError(id, 'UPSTREAM_UNAUTHENTICATED', { sentence });
  };
  return {
    user: null,
    get: refuse,
    find: refuse,
    listTime: () => ({ ms: limits.listShareMs, ranOut: () => {} }),
    staleAgeMs: () => null,
    staleBecause: () => null,
    scopeKey: () => '',
    mayGive: () => false,
    wouldGive: () => false,
    noteGiven: () => undefined,
    allKept: () => null,
  };
}

/** What is read, and as whom. Without the credential: a new one for the same account is usual, and what it does not show goes with the next sweep. */
export function identityOf({ provider, url, user, settings }: SourceEntry): string {
  return JSON.stringify([provider.name, url, user, settings]);
}
