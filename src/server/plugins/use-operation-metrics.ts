import type { Plugin } from 'graphql-yoga';
import type { Metrics, OperationResult } from '../../metrics/metrics.ts';
import type { Journals } from '../journals.ts';
import { toOperationResult } from '../operation-result.ts';

/** Two plugins, because a request begins before all others look at it, and its result is read after all others have changed it. */
export interface OperationMetricsPlugins {
  readonly first: Plugin;
  readonly last: Plugin;
}

/** Counts what comes to the endpoint and may be an operation: not GraphiQL, health checks, preflights and other paths. */
export function useOperationMetrics(metrics: Metrics, journals: Journals): OperationMetricsPlugins {
  const startTimes = new WeakMap<Request, number>();
  const results = new WeakMap<Request, OperationResult>();
  return {
    first: {
      onRequestParse({ request }) {
        startTimes.set(request, performance.now());
      },
      onResponse({ request, response }) {
        const startedAt = startTimes.get(request);
        if (startedAt === undefined) return;
        const { documentId, pages } = journals.of(request);
        const milliseconds = performance.now() - startedAt;
        // What the sources say of themselves when the caller hangs up is no fault of theirs.
        if (request.signal.aborted) return metrics.operation({ documentId, result: 'abandoned', milliseconds });
        const result = results.get(request) ?? (response.status >= 500 ? 'failed' : 'refused');
        metrics.operation({ documentId, result, milliseconds });
        for (const page of pages) metrics.page(page);
      },
    },
    last: {
      onResultProcess({ request, result }) {
        if (Array.isArray(result)) return;
        // A subscription counts when it begins.
        results.set(request, Symbol.asyncIterator in result ? 'ok' : toOperationResult(result));
      },
    },
  };
}
