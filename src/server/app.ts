import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { createAllowance } from '../catalog/allowance.ts';
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import { systemClock } from '../catalog/clock.ts';
import { type CatalogReader, createCatalogReader } from '../catalog/reader.ts';
import type { CatalogStore } from '../catalog/store.ts';
import type { Config } from '../config/config.ts';
import { readVersion } from '../config/version.ts';
import type { OperationContext } from '../context.ts';
import { type Contexts, createContexts, type Trial } from '../create-context.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createJournal, type Follower, type Journal, type JournalSettings } from '../observation/journal.ts';
import type { RequestRecord } from '../observation/observer.ts';
import { createSchema } from '../schema/schema.ts';
import { createAdmission } from './admission.ts';
import { openCatalogStore } from './catalog-store.ts';
import { createAuthenticator } from './create-authenticator.ts';
import { createPlugins } from './create-plugins.ts';
import { createDocumentCache } from './document-cache.ts';
import { toEndpointUrl } from './endpoint-url.ts';
import { createExplain } from './explained.ts';
import { createGraphiql } from './graphiql.ts';
import { createHttpServer, type TakeUpgrade } from './http-server.ts';
import { createJournals } from './journals.ts';
import { createLog, type Log } from './log.ts';
import { createNodeListener } from './node-listener.ts';
import { createStreamSender } from './node-stream.ts';
import { createOperationContexts } from './operation-contexts.ts';
import { createOperationLog } from './operation-log.ts';
import { stopping, toReadiness } from './readiness.ts';
import { requestIdOf } from './request-id.ts';
import { createRunning } from './running.ts';
import { secretsOf, withoutSecrets } from './secrets.ts';
import { createStreams } from './streams.ts';
import { createSubscribe } from './subscriptions.ts';
import { createTracing, type Tracing } from './tracing.ts';
import { checkTrustedDocuments } from './trusted-documents.ts';
import { createViewers } from './viewers.ts';
import { loadSockets } from './websocket/load-sockets.ts';

export interface App {
  /** The whole server as a function, for tests and other hosts. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same, for a server of Node. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The same for connections that are to become WebSockets. Null unless `server.webSocket` is set. */
  readonly upgrade: TakeUpgrade | null;
  /** Answers the URL of the endpoint, once it is served where the configuration says. Begins to follow what the catalog has. */
  listen(): Promise<string>;
  /** Begins to follow what the catalog has, unless the app is closed. */
  follow(): void;
  /** Resolves once nothing is followed any more. */
  unfollow(): Promise<void>;
  /** Asks each source once, before anybody does. */
  tryOut(): readonly Promise<Trial>[];
  /**
   * Lets what `handler` is answering end, then lets go of everything. A server that gives `handler` its requests says by `served`
   * when it has no more of them.
   */
  close(served?: Promise<void>): Promise<void>;
}

export interface AppOptions {
  readonly log?: Log;
  readonly contexts?: Contexts;
  readonly schema?: GraphQLSchema;
  /** Of the process, not of this app: they go on when another follows it. Null when nobody reads them. */
  readonly metrics?: Metrics | null;
  /** Of the process too. Default: one in memory, for as long as the app is open. */
  readonly catalogStore?: CatalogStore | null;
}

export function createApp(config: Config, options: AppOptions = {}): App {
  const { server } = config;
  const secrets = secretsOf(config);
  const clean = (path: string) => withoutSecrets(path, secrets);
  const log = options.log ?? createLog({ level: server.log.level, secrets });
  const schema = options.schema ?? createSchema();
  if (server.trustedDocuments !== null) {
    checkTrustedDocuments(server.trustedDocuments, schema, server.limits.query);
  }
  const createSockets = loadSockets(config);
  const metrics = options.metrics ?? null;
  const ownStore = options.catalogStore === undefined ? (openCatalogStore(config, log)?.store ?? null) : null;
  const reader = toReader(config, options.catalogStore ?? ownStore);
  const contexts =
    options.contexts ??
    createContexts(config, { ...log, breakerOpened: (sourceId) => metrics?.breakerOpened(sourceId) }, reader);
  const streams = createStreams(server.limits.subscriptions);
  const viewers = createViewers();
  const tracing = createTracing(config.sources, readVersion(), clean);
  const observing = {
    followers: followersOf(log, tracing, metrics),
    readers: metrics === null ? [] : [metrics.read],
  };
  const journals = createJournals(observing);
  const catalog = reader === null ? null : openCatalog(config, reader, contexts, observing, log);
  const running = createRunning();
  let isClosing = false;

  function report(request: Request, error: unknown): void {
    if (error instanceof UpstreamError) log.upstream(requestIdOf(request), error);
    else log.failure(requestIdOf(request), error);
  }

  const admit = createAdmission({ authenticate: createAuthenticator(server.auth), viewers, log });
  const { suggestions } = server;
  const contextOf = createOperationContexts({ contexts, viewers, report });
  const writeOperation = createOperationLog({ log, journals, viewers });
  const explain = server.explain ? createExplain(clean) : null;
  const subscribe = createSubscribe({
    ...{ contextOf, journals, tracing, metrics, explain, suggestions, report, streams, viewers },
    ended: writeOperation,
  });
  const graphiql = createGraphiql(
    config.sources.map(({ id }) => id),
    server,
  );
  const yoga = createYoga<object, OperationContext>({
    schema,
    plugins: createPlugins(server, {
      admit,
      metrics,
      contextOf,
      subscribe,
      viewers,
      journals,
      tracing,
      report,
      explain,
      writeOperation,
      readGraphiql: graphiql,
      readReadiness: () => (isClosing ? stopping : toReadiness(contexts.health())),
    }),
    graphqlEndpoint: server.path,
    // See use-graphiql.ts.
    graphiql: false,
    cors: server.cors.origins.length > 0 && ((request) => corsFor(server.cors.origins, request)),
    // See read-body.ts.
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    extraParamNames: ['documentId'],
    batching: false,
    multipart: false,
    landingPage: false,
    // Errors become answers in one place only: see use-client-errors.ts.
    maskedErrors: false,
    logging: false,
    // No URL ends like this: Yoga's own health check would answer for every path that ends in /health.
    healthCheckEndpoint: ' ',
  });

  const onlyLoopback = server.auth.mode === 'none' && !server.allowAnonymous;
  const answer = async (request: Request) => yoga.fetch(request);
  const sockets = createSockets?.({ onlyLoopback, admit, viewers, answer, log }) ?? null;
  const unwatch = metrics?.watch(() => ({
    sources: contexts.readings(),
    keptBytes: contexts.keptBytes(),
    subscriptions: streams.size(),
    webSockets: sockets?.size() ?? 0,
  }));
  const sender = createStreamSender();
  const listener = createNodeListener({
    answer: async (request, response) => yoga.handleNodeRequestAndResponse(request, response, {}),
    onlyLoopback,
    log,
    streams: sender,
  });
  const handler: App['handler'] = (request, response) => running.add(listener(request, response));
  const http = createHttpServer((request, response) => void handler(request, response));

  return {
    fetch: answer,
    handler,
    upgrade: sockets?.upgrade ?? null,
    async listen() {
      http.onUpgrade(sockets?.upgrade ?? null);
      const port = await http.listen(server);
      catalog?.start();
      return toEndpointUrl(server, port);
    },
    follow: () => catalog?.start(),
    unfollow: async () => catalog?.close(),
    tryOut: () =>
      contexts.tryOut().map(async (trying) => {
        const trial = await trying;
        if (trial.result.kind === 'fails') log.upstream('start', trial.result.error);
        return trial;
      }),
    async close(served = http.close()) {
      isClosing = true;
      streams.end();
      sender.close();
      await Promise.all([catalog?.close(), served, sockets?.close()]);
      await running.ended();
      await contexts.close();
      await ownStore?.close();
      unwatch?.();
    },
  };
}

function toReader({ server, sources }: Config, store: CatalogStore | null): CatalogReader | null {
  const followed = sources.filter(({ catalog }) => catalog).map(({ id }) => id);
  return store === null ? null : createCatalogReader({ store, kept: new Set(server.catalog.keep), followed });
}

function openCatalog(
  { server }: Config,
  { store, kept }: CatalogReader,
  contexts: Contexts,
  observing: Omit<JournalSettings, 'requestId'>,
  log: Log,
): Catalog {
  const { requestsPerMinute, sweepMinutes } = server.catalog;
  const clock = systemClock;
  const requestId = 'catalog';
  const report = (error: unknown) =>
    error instanceof UpstreamError ? log.upstream(requestId, error) : log.failure(requestId, error);
  const sources = contexts.followed({
    requestId,
    createAllowance: () => createAllowance(requestsPerMinute, clock),
    observe: () => createJournal({ requestId, ...observing }).observer,
    report,
  });
  return createCatalog({ store, sources, kept, requestsPerMinute, sweepMinutes, clock, report });
}

/** Who follows each request to a platform. */
function followersOf(
  { request: write }: Log,
  tracing: Tracing | null,
  metrics: Metrics | null,
): JournalSettings['followers'] {
  const forLog = write === null ? [] : [({ requestId }: Journal) => toFollower((request) => write(requestId, request))];
  const forMetrics = metrics === null ? [] : [() => toFollower(metrics.request)];
  const forTraces =
    tracing === null ? [] : [(journal: Journal) => (request: RequestRecord) => tracing.follow(journal, request)];
  return [...forLog, ...forMetrics, ...forTraces];
}

function toFollower(write: (request: RequestRecord) => void): Follower {
  return (request) => ({ headers: {}, ended: () => write(request) });
}

/** Yoga's lists of origins answer others with `null`, which is also the origin of every sandboxed frame. */
function corsFor(origins: readonly string[], request: Request) {
  const origin = request.headers.get('origin');
  if (origin === null || !origins.includes(origin)) return false;
  return { origin: [origin], credentials: true, methods: ['GET', 'POST'], exposedHeaders: ['x-request-id'] };
}
