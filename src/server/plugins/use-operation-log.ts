import type { Plugin } from 'graphql-yoga';
import type { Log } from '../log.ts';
import { requestIdOf } from '../request-id.ts';

export function useOperationLog(log: Log): Plugin {
  const started = new WeakMap<Request, { readonly at: number; readonly name: string | null }>();
  return {
    onParams({ request, params }) {
      started.set(request, { at: performance.now(), name: loggable(params?.operationName) });
    },
    onResultProcess({ request, result }) {
      const { at, name } = started.get(request) ?? { at: performance.now(), name: null };
      const errors = 'errors' in result ? (result.errors ?? []) : [];
      log.operation({
        requestId: requestIdOf(request),
        name,
        milliseconds: Math.round(performance.now() - at),
        errorCodes: [...new Set(errors.map(({ extensions }) => String(extensions.code ?? 'UNKNOWN')))],
      });
    },
  };
}

/** Clients can send anything as a name. */
function loggable(name: unknown): string | null {
  return typeof name === 'string' && /^\w{1,100}$/.test(name) ? name : null;
}
