import type { Plugin } from 'graphql-yoga';
import type { Metrics, OperationResult } from '../../metrics/metrics.ts';
import type { Journals } from '../journals.ts';
import { toOperationResult } from '../operation-result.ts';

interface Measured {
  readonly startedAt: number;
  /** Null when it ended before it was an operation. */
  result: OperationResult | null;
}

/** Counts what comes to the endpoint and may be an operation: not GraphiQL, health checks, preflights and other paths. */
export function useOperationMetrics(metrics: Metrics, journals: Journals): Plugin {
  const measured = new WeakMap<Request, Measured>();
  return {
    onRequestParse({ request }) {
      measured.set(request, { startedAt: performance.now(), result: null });
    },
    onResultProcess({ request, result }) {
      const measure = measured.get(request);
      if (measure !== undefined && !Array.isArray(result) && !(Symbol.asyncIterator in result)) {
        measure.result = toOperationResult(result);
      }
    },
    onResponse({ request, response }) {
      const measure = measured.get(request);
      if (measure === undefined) return;
      const { documentId, pages } = journals.of(request);
      const unread = response.status >= 500 ? 'failed' : 'refused';
      const result = request.signal.aborted ? 'abandoned' : (measure.result ?? unread);
      metrics.operation({ documentId, result, milliseconds: performance.now() - measure.startedAt });
      for (const page of pages) metrics.page(page);
    },
  };
}
