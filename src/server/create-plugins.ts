import type { Plugin } from 'graphql-yoga';
import type { ServerConfig } from '../config/config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Admit } from './admission.ts';
import type { Explain } from './explained.ts';
import type { GraphiqlPage } from './graphiql.ts';
import type { Journals } from './journals.ts';
import type { OperationContexts } from './operation-contexts.ts';
import type { WriteOperation } from './operation-log.ts';
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
import { useSubscriptions } from './plugins/use-subscriptions.ts';
import { useTokenLimit } from './plugins/use-token-limit.ts';
import { useTracing } from './plugins/use-tracing.ts';
import { useTrustedDocuments } from './plugins/use-trusted-documents.ts';
import { useVaryByOrigin } from './plugins/use-vary-by-origin.ts';
import type { Readiness } from './readiness.ts';
import type { Subscribe } from './subscriptions.ts';
import type { Tracing } from './tracing.ts';
import type { Viewers } from './viewers.ts';

export interface PluginSettings {
  readonly admit: Admit;
  readonly metrics: Metrics | null;
  readonly contextOf: OperationContexts;
  readonly subscribe: Subscribe;
  readonly viewers: Viewers;
  readonly journals: Journals;
  readonly tracing: Tracing | null;
  readonly report: (request: Request, error: unknown) => void;
  /** Null where nobody may ask for it. */
  readonly explain: Explain | null;
  readonly writeOperation: WriteOperation;
  readonly readGraphiql: () => Promise<GraphiqlPage>;
  readonly readReadiness: () => Readiness;
}

/** In the order in which a request passes them. */
export function createPlugins(server: ServerConfig, settings: PluginSettings): Plugin[] {
  const { metrics, contextOf, subscribe, viewers, journals, tracing, report, explain } = settings;
  const { query } = server.limits;
  const { trustedDocuments } = server;
  const measured = metrics === null ? null : useOperationMetrics(metrics, journals);
  return [
    useRequestId(),
    useNoStore(),
    ...(server.cors.origins.length === 0 ? [] : [useVaryByOrigin()]),
    useHealth(settings.readReadiness),
    ...(server.graphiql ? [useGraphiql(settings.readGraphiql, server.path)] : []),
    ...(measured === null ? [] : [measured.first]),
    useRequestForm(query.bodyBytes),
    useAuthentication(settings.admit),
    useRateLimit(query.requestsPerMinute, viewers),
    useJournals(journals, tracing),
    ...(trustedDocuments === null ? [] : [useTrustedDocuments(trustedDocuments, journals)]),
    useTokenLimit(query.tokens),
    useExtentLimit(query),
    ...(server.introspection ? [] : [useHiddenSchema()]),
    useCostLimit(query.cost, journals),
    useExecutor(),
    useOperationContext(contextOf, journals),
    useSubscriptions(subscribe),
    ...(explain === null ? [] : [useExplain(explain, journals)]),
    useClientErrors({ suggestions: server.suggestions, report }),
    useOperationLog(settings.writeOperation),
    ...(tracing === null ? [] : [useTracing(tracing, journals)]),
    ...(server.partialStatus ? [usePartialStatus()] : []),
    ...(measured === null ? [] : [measured.last]),
  ];
}
