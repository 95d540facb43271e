import { getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { codesOf } from '../error-codes.ts';
import type { Journals } from '../journals.ts';
import type { Tracing } from '../tracing.ts';

/** A span for each operation, from its arrival to its answer. */
export function useTracing(tracing: Tracing, journals: Journals): Plugin<YogaInitialContext> {
  const begun = new WeakSet<Request>();
  return {
    onParams({ request }) {
      begun.add(request);
      tracing.begin(journals.of(request), request);
    },
    onExecute({ context, args }) {
      const type = getOperationAST(args.document, args.operationName)?.operation;
      if (type !== undefined) tracing.describe(journals.of(context.request), type);
    },
    onResultProcess({ request, result }) {
      if (begun.has(request)) tracing.fail(journals.of(request), codesOf(result));
    },
    onResponse({ request, response }) {
      if (begun.has(request)) tracing.end(journals.of(request), response.status);
    },
  };
}
