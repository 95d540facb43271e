import type { Plugin } from 'graphql-yoga';
import { codesOf } from '../error-codes.ts';
import type { Journals } from '../journals.ts';
import type { Tracing } from '../tracing.ts';

/** Ends the span of each operation with its answer. See use-journals.ts for where it begins. */
export function useTracing(tracing: Tracing, journals: Journals): Plugin {
  return {
    onResultProcess({ request, result }) {
      tracing.fail(journals.of(request), codesOf(result));
    },
    onResponse({ request, response }) {
      tracing.end(journals.of(request), response.status);
    },
  };
}
