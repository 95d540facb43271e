import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Config, ServerConfig } from '../config/config.ts';
import { readVersion } from '../config/version.ts';
import type { OperationContext } from '../context.ts';
import { type Contexts, createContexts, type Trial } from '../create-context.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Follower, Journal, JournalSettings } from '../observation/journal.ts';
import type { RequestRecord } from '../observation/observer.ts';
import { createSchema } from '../schema/schema.ts';
import { createAuthenticator } from './create-authenticator.ts';
import { createDocumentCache } from './document-cache.ts';
import { toEndpointUrl } from './endpoint-url.ts';
import { createGraphiql, type GraphiqlPage } from './graphiql.ts';
import { createHttpServer } from './http-server.ts';
import { createJournals, type Journals } from './journals.ts';
import { createLog, type Log } from './log.ts';
import { createNodeListener } from './node-listener.ts';
import { useAuthentication } from './plugins/use-authentication.ts';
import { useClientErrors } from './plugins/use-client-errors.ts';
import { useCostLimit } from './plugins/use-cost-limit.ts';
import { useExecutor } from './plugins/use-executor.ts';
import { useExplain } from './plugins/use-explain.ts';
import { useExtentLimit } from './plugins/use-extent-limit.ts';
import { useGraphiql } from './plugins/use-graphiql.ts';
import { useHealth } from './plugins/use-health.ts';
import { useHiddenSchema } from './plugins/use-hidden-schema.ts';
import { useJournals } from './plugins/use-journals.ts';
import { useNoStore } from './plugins/use-no-store.ts';
import { useOperationContext } from './plugins/use-operation-context.ts';
import { useOperationLog } from './plugins/use-operation-log.ts';
import { useOperationMetrics } from './plugins/use-operation-metrics.ts';
import { usePartialStatus } from './plugins/use-partial-status.ts';
import { useRateLimit } from './plugins/use-rate-limit.ts';
import { useRequestForm } from './plugins/use-request-form.ts';
import { useRequestId } from './plugins/use-request-id.ts';
import { useTokenLimit } from './plugins/use-token-limit.ts';
import { useTracing } from './plugins/use-tracing.ts';
import { useTrustedDocuments } from './plugins/use-trusted-documents.ts';
import { useVaryByOrigin } from './plugins/use-vary-by-origin.ts';
import { type Readiness, stopping, toReadiness } from './readiness.ts';
import { requestIdOf } from './request-id.ts';
import { createRunning } from './running.ts';
import { secretsOf, withoutSecrets } from './secrets.ts';
import { createTracing, type Tracing } from './tracing.ts';
import { checkTrustedDocuments } from './trusted-documents.ts';
import { createViewers, type Viewers } from './viewers.ts';

export interface App {
  /** The whole server as a function, for tests and other hosts. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same, for a server of Node. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Answers the URL of the endpoint, once it is served where the configuration says. */
  listen(): Promise<string>;
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
  const metrics = options.metrics ?? null;
  const contexts =
    options.contexts ??
    createContexts(config, { ...log, breakerOpened: (sourceId) => metrics?.breakerOpened(sourceId) });
  const unwatch = metrics?.watch(() => ({ sources: contexts.readings(), keptBytes: contexts.keptBytes() }));
  const viewers = createViewers();
  const tracing = createTracing(config.sources, readVersion(), clean);
  const journals = createJournals({
    followers: followersOf(log, tracing, metrics),
    readers: metrics === null ? [] : [metrics.read],
  });
  const running = createRunning();
  let isClosing = false;

  function report(request: Request, error: unknown): void {
    if (error instanceof UpstreamError) log.upstream(requestIdOf(request), error);
    else log.failure(requestIdOf(request), error);
  }

  const graphiql = createGraphiql(
    config.sources.map(({ id }) => id),
    server,
  );
  const yoga = createYoga<object, OperationContext>({
    schema,
    plugins: plugins(server, {
      log,
      metrics,
      contexts,
      viewers,
      journals,
      tracing,
      report,
      clean,
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

  const listener = createNodeListener({
    answer: async (request, response) => yoga.handleNodeRequestAndResponse(request, response, {}),
    onlyLoopback: server.auth.mode === 'none' && !server.allowAnonymous,
    log,
  });
  const handler: App['handler'] = (request, response) => running.add(listener(request, response));
  const http = createHttpServer((request, response) => void handler(request, response));

  return {
    fetch: async (request) => yoga.fetch(request),
    handler,
    async listen() {
      const port = await http.listen(server);
      return toEndpointUrl(server, port);
    },
    tryOut: () =>
      contexts.tryOut().map(async (trying) => {
        const trial = await trying;
        if (trial.result.kind === 'fails') log.upstream('start', trial.result.error);
        return trial;
      }),
    async close(served = http.close()) {
      isClosing = true;
      await served;
      await running.ended();
      await contexts.close();
      unwatch?.();
    },
  };
}

interface PluginSettings {
  readonly log: Log;
  readonly metrics: Metrics | null;
  readonly contexts: Contexts;
  readonly viewers: Viewers;
  readonly journals: Journals;
  readonly tracing: Tracing | null;
  readonly report: (request: Request, error: unknown) => void;
  /** Takes secrets out of a path. */
  readonly clean: (path: string) => string;
  readonly readGraphiql: () => Promise<GraphiqlPage>;
  readonly readReadiness: () => Readiness;
}

/** In the order in which a request passes them. */
function plugins(
  server: ServerConfig,
  { log, metrics, contexts, viewers, journals, tracing, report, clean, readGraphiql, readReadiness }: PluginSettings,
): Plugin[] {
  const { query } = server.limits;
  const { trustedDocuments } = server;
  const measured = metrics === null ? null : useOperationMetrics(metrics, journals);
  return [
    useRequestId(),
    useNoStore(),
    ...(server.cors.origins.length === 0 ? [] : [useVaryByOrigin()]),
    useHealth(readReadiness),
    ...(server.graphiql ? [useGraphiql(readGraphiql, server.path)] : []),
    ...(measured === null ? [] : [measured.first]),
    useRequestForm(query.bodyBytes),
    useAuthentication({ authenticate: createAuthenticator(server.auth), viewers, log }),
    useRateLimit(query.requestsPerMinute, viewers),
    useJournals(journals, tracing),
    ...(trustedDocuments === null ? [] : [useTrustedDocuments(trustedDocuments, journals)]),
    useTokenLimit(query.tokens),
    useExtentLimit(query),
    ...(server.introspection ? [] : [useHiddenSchema()]),
    useCostLimit(query.cost, journals),
    useExecutor(),
    useOperationContext({ contexts, viewers, journals, report }),
    ...(server.explain ? [useExplain(journals, clean)] : []),
    useClientErrors({ suggestions: server.suggestions, report }),
    useOperationLog({ log, journals, viewers }),
    ...(tracing === null ? [] : [useTracing(tracing, journals)]),
    ...(server.partialStatus ? [usePartialStatus()] : []),
    ...(measured === null ? [] : [measured.last]),
  ];
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
