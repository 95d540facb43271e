import type { Allowance } from './catalog/allowance.ts';
import type { FollowedSource } from './catalog/followed-source.ts';
import { toPatientStore } from './catalog/patient-store.ts';
import type { CatalogReader } from './catalog/reader.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import type { OperationContext } from './context.ts';
import { UpstreamError } from './domain/errors.ts';
import type { SourceHealth } from './domain/source-health.ts';
import type { SourceReading } from './domain/source-reading.ts';
import { type FollowedSourceSettings, toFollowedSource } from './followed-source.ts';
import { createHttpSource } from './http/client.ts';
import { createKeptAnswers } from './http/kept-answers.ts';
import { createMaker } from './http/maker.ts';
import { createMakings } from './http/makings.ts';
import { loadRedis } from './http/redis.ts';
import { createReplicas, type RedisReport, type Replicas } from './http/replicas.ts';
import { createRequestBudget } from './http/request-budget.ts';
import { toSourceSharing } from './http/sharing.ts';
import {
  type Connected,
  connect,
  type LiveSource,
  type Operation,
  open,
  readingOf,
  type Start,
} from './live-source.ts';
import { createLoaders } from './loaders/create-loaders.ts';

/** Makes the context of each operation. What outlives an operation is kept here. */
export interface Contexts {
  create(operation: Operation): OperationContext;
  /** The health of each source, in the order of the configuration. */
  health(): readonly SourceHealth[];
  /** What is to be seen of each source now, in the same order. */
  readings(): readonly SourceReading[];
  /** The size of the answers that are kept, of all sources, and of what was made of them. */
  keptBytes(): number;
  /** Sends one request to each source, to see at the start whether it answers. */
  tryOut(): readonly Promise<Trial>[];
  /** The sources that are copied to the catalog. */
  followed(settings: FollowSettings): readonly FollowedSource[];
  /** Aborts the requests in flight: once no operation runs, nobody waits for them. */
  close(): Promise<void>;
}

export interface FollowSettings extends Pick<FollowedSourceSettings, 'requestId' | 'observe' | 'report'> {
  /** Each source has its own. */
  readonly createAllowance: () => Allowance;
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

/** Plain `npm install ioredis` does nothing here where development packages are left out, because it is one of them too. */
const installRedis = 'npm install --omit=dev --no-save --save-prod ioredis@6.0.0';
/** So much of the room for what is kept is for what was made of answers. */
const madeShare = 1 / 8;
const silent: ContextsReport = { redisLost: () => {}, redisBack: () => {}, breakerOpened: () => {} };

/** What happens beside the operations. */
export interface ContextsReport extends RedisReport {
  breakerOpened(sourceId: string): void;
}

export function createContexts(
  { server, sources }: Config,
  report: ContextsReport = silent,
  catalog: CatalogReader | null = null,
): Contexts {
  const madeBytes = Math.floor(server.sharing.maxBytes * madeShare);
  const answers = createKeptAnswers(server.sharing.maxBytes - madeBytes);
  const made = createKeptAnswers(madeBytes);
  const makings = createMakings();
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
        fresh: wantsFresh(operation),
      };
      const connected = new Map(
        live.map((source) => [source.entry.id, connect(source, start, server.limits.upstreamRequests)]),
      );
      function connectionTo(sourceId: string): Connected {
        const found = connected.get(sourceId);
        if (found === undefined) throw new Error(`There is no source ${sourceId}.`);
        return found;
      }
      const upstreamOf = (sourceId: string) => connectionTo(sourceId).upstream;
      const make = createMaker({ memory: made, makings, selection: operation.selection, upstreamOf });
      const deadline = start.startedAt + server.limits.http.deadlineMs;
      const sources = new Map([...connected].map(([id, { source }]) => [id, source]));
      return {
        viewerId: operation.viewerId,
        sources,
        loaders: createLoaders(sources, make),
        make,
        catalog: catalog && {
          ...catalog,
          store: toPatientStore(catalog.store, { signal: operation.signal, deadline }),
        },
        paging: server.limits.paging,
        readingOf: (sourceId) => readingOf(connectionTo(sourceId).entry, operation),
        listTimeOf: (sourceId) => upstreamOf(sourceId).listTime(),
        staleAgeOf: (sourceId) => upstreamOf(sourceId).staleAgeMs(),
        healthOf,
        signal: operation.signal,
        observer: operation.observer,
        report: operation.report,
      };
    },
    health: () => live.map(({ http }) => http.health()),
    readings: () => live.map(({ http }) => http.read()),
    keptBytes: () => answers.bytes() + made.bytes(),
    tryOut: () => live.map((source) => tryOut(source, closing.signal)),
    followed({ createAllowance, ...settings }) {
      const { paging, upstreamRequests: requestLimit } = server.limits;
      return live
        .filter(({ entry }) => entry.catalog)
        .map((source) => toFollowedSource(source, { ...settings, paging, requestLimit, allowance: createAllowance() }));
    },
    async close() {
      closing.abort();
      await Promise.all(live.map(({ http }) => http.close()));
      replicas?.close();
      answers.close();
      made.close();
    },
  };
}

function openReplicas(url: string, report: RedisReport): Replicas {
  const connect = loadRedis();
  if (connect !== null) return createReplicas({ url, connect, report });
  throw new ConfigError([`server.sharing.redis  needs a package that is not installed: ${installRedis}`]);
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
    selection: () => '',
    signal,
    header: () => null,
    observer: null,
    report: () => undefined,
  };
  const startedAt = performance.now();
  // Fresh: whether it answers is not to be seen from what another process was answered.
  const upstream = open(source, { operation: nobody, startedAt, budget: createRequestBudget(), fresh: true });
  try {
    await configured.tryOut(upstream);
    return { sourceId, result: { kind: 'answers' } };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { sourceId, result: signal.aborted ? { kind: 'abandoned' } : { kind: 'fails', error } };
  }
}

/** As a browser says it whose page is loaded anew: nothing that was read before is wanted. */
function wantsFresh({ header }: Operation): boolean {
  return /(^|[,\s])no-cache($|[,\s=])/i.test(header('cache-control') ?? '');
}
