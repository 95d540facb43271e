import type { Config, SourceEntry } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import type { OperationContext, Reading } from './context.ts';
import { UpstreamError } from './domain/errors.ts';
import type { SourceHealth } from './domain/source-health.ts';
import type { SourceReading } from './domain/source-reading.ts';
import { createHttpSource, type HttpSource } from './http/client.ts';
import { createKeptAnswers } from './http/kept-answers.ts';
import type { OpenUpstream } from './http/open-upstream.ts';
import { loadRedis } from './http/redis.ts';
import { createReplicas, type RedisReport, type Replicas } from './http/replicas.ts';
import { createRequestBudget, defaultRequestLimit } from './http/request-budget.ts';
import { toSourceSharing } from './http/sharing.ts';
import { createLoaders } from './loaders/create-loaders.ts';
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
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  readonly header: (name: string) => string | null;
  /** Null when nobody wants to know what is asked. */
  readonly observer: Observer | null;
  readonly report: (error: Error) => void;
}

/** Makes the context of each operation. What outlives an operation is kept here. */
export interface Contexts {
  create(operation: Operation): OperationContext;
  /** The health of each source, in the order of the configuration. */
  health(): readonly SourceHealth[];
  /** What is to be seen of each source now, in the same order. */
  readings(): readonly SourceReading[];
  /** The size of the answers that are kept, of all sources. */
  keptBytes(): number;
  /** Sends one request to each source, to see at the start whether it answers. */
  tryOut(): readonly Promise<Trial>[];
  /** Aborts the requests in flight: once no operation runs, nobody waits for them. */
  close(): Promise<void>;
}

/** The result of the first request to a source. `untried`: it needs what only a caller has. `abandoned`: the process stops. */
export interface Trial {
  readonly sourceId: string;
  readonly result:
    | { readonly kind: 'answers' }
    | { readonly kind: 'fails'; readonly error: UpstreamError }
    | { readonly kind: 'untried'; readonly needs: 'viewer' | 'credential' }
    | { readonly kind: 'abandoned' };
}

interface LiveSource {
  readonly entry: SourceEntry;
  readonly http: HttpSource;
  readonly configured: ConfiguredSource;
}

/** Plain `npm install ioredis` does nothing here where development packages are left out, because it is one of them too. */
const installRedis = 'npm install --omit=dev --no-save --save-prod ioredis@6.0.0';
const silent: ContextsReport = { redisLost: () => {}, redisBack: () => {}, breakerOpened: () => {} };

/** What happens beside the operations. */
export interface ContextsReport extends RedisReport {
  breakerOpened(sourceId: string): void;
}

export function createContexts({ server, sources }: Config, report: ContextsReport = silent): Contexts {
  const answers = createKeptAnswers(server.sharing.maxBytes);
  const replicas = server.sharing.redis === undefined ? null : openReplicas(server.sharing.redis, report);
  const live = sources.map((entry): LiveSource => {
    const { id, name, url, auth, limits, provider, settings } = entry;
    return {
      entry,
      http: createHttpSource({
        sourceId: id,
        url,
        auth,
        limits,
        sharing: toSourceSharing(entry.sharing, answers, replicas),
        onBreakerOpen: () => report.breakerOpened(id),
      }),
      configured: provider.configure({ id, name, url, settings }),
    };
  });
  const closing = new AbortController();
  const byId = new Map(live.map((source) => [source.entry.id, source]));

  function healthOf(sourceId: string): SourceHealth {
    const source = byId.get(sourceId);
    if (source === undefined) throw new Error(`There is no source ${sourceId}.`);
    return source.http.health();
  }

  return {
    create(operation) {
      const start: Start = {
        operation,
        startedAt: performance.now(),
        requestLimit: server.limits.upstreamRequests,
        fresh: wantsFresh(operation),
      };
      const connected = new Map(live.map((source) => [source.entry.id, connect(source, start)]));
      function connectionTo(sourceId: string): Connected {
        const found = connected.get(sourceId);
        if (found === undefined) throw new Error(`There is no source ${sourceId}.`);
        return found;
      }
      const sources = new Map([...connected].map(([id, { source }]) => [id, source]));
      return {
        viewerId: operation.viewerId,
        sources,
        loaders: createLoaders(sources),
        paging: server.limits.paging,
        readingOf: (sourceId) => readingOf(connectionTo(sourceId).entry, operation),
        listTimeOf: (sourceId) => connectionTo(sourceId).upstream.listTime(),
        staleAgeOf: (sourceId) => connectionTo(sourceId).upstream.staleAgeMs(),
        healthOf,
        observer: operation.observer,
        report: operation.report,
      };
    },
    health: () => live.map(({ http }) => http.health()),
    readings: () => live.map(({ http }) => http.read()),
    keptBytes: () => answers.bytes(),
    tryOut: () => live.map((source) => tryOut(source, closing.signal)),
    async close() {
      closing.abort();
      await Promise.all(live.map(({ http }) => http.close()));
      replicas?.close();
      answers.close();
    },
  };
}

function openReplicas(url: string, report: RedisReport): Replicas {
  const connect = loadRedis();
  if (connect !== null) return createReplicas({ url, connect, report });
  throw new ConfigError([`server.sharing.redis  needs a package that is not installed: ${installRedis}`]);
}

/** An operation that begins. */
interface Start {
  readonly operation: Operation;
  readonly startedAt: number;
  readonly requestLimit: number;
  readonly fresh: boolean;
}

/** A source and its upstream, for one operation. */
interface Connected {
  readonly entry: SourceEntry;
  readonly source: Source;
  readonly upstream: OpenUpstream;
}

function connect(live: LiveSource, start: Start): Connected {
  const { entry, configured } = live;
  const { operation } = start;
  const { session, agent } = entry.provider.types;
  const selectsOfSessions = (field: string) => operation.selects(session.name, field);
  const selected: Selected = {
    ofSessions: selectsOfSessions,
    agents: () => selectsOfSessions('agent') && operation.selectsBeyondKey(agent.name),
  };
  const upstream =
    entry.user.kind === 'viewer' && operation.viewerId === null ? refusingUpstream(entry) : open(live, start);
  return { entry, upstream, source: configured.connect(upstream, selected) };
}

async function tryOut(source: LiveSource, signal: AbortSignal): Promise<Trial> {
  const { entry, configured } = source;
  const sourceId = entry.id;
  if (entry.user.kind === 'viewer') return { sourceId, result: { kind: 'untried', needs: 'viewer' } };
  if (entry.auth.kind === 'forward') return { sourceId, result: { kind: 'untried', needs: 'credential' } };
  const nobody: Operation = {
    viewerId: null,
    requestId: 'start',
    selects: () => false,
    selectsBeyondKey: () => false,
    signal,
    header: () => null,
    observer: null,
    report: () => undefined,
  };
  const startedAt = performance.now();
  // Fresh: whether it answers is not to be seen from what another process was answered.
  const upstream = open(source, { operation: nobody, startedAt, requestLimit: defaultRequestLimit, fresh: true });
  try {
    await configured.tryOut(upstream);
    return { sourceId, result: { kind: 'answers' } };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { sourceId, result: signal.aborted ? { kind: 'abandoned' } : { kind: 'fails', error } };
  }
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

function readingOf(entry: SourceEntry, operation: Operation): Reading {
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

function open({ entry, http }: LiveSource, { operation, startedAt, requestLimit, fresh }: Start): OpenUpstream {
  return http.open({
    ...asUser(entry.provider, userOf(entry, operation), entry.settings),
    forwarded: forwardedHeaders(entry, operation),
    requestId: operation.requestId,
    signal: operation.signal,
    deadline: startedAt + entry.limits.deadlineMs,
    budget: createRequestBudget(requestLimit),
    fresh,
    observer: operation.observer,
  });
}

/** As a browser says it whose page is loaded anew: nothing that was read before is wanted. */
function wantsFresh({ header }: Operation): boolean {
  return /(^|[,\s])no-cache($|[,\s=])/i.test(header('cache-control') ?? '');
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
  };
}
