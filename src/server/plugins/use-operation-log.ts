import { getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Log } from '../log.ts';
import { requestIdOf } from '../request-id.ts';

const maxNameLength = 100;

export function useOperationLog(log: Log): Plugin<YogaInitialContext> {
  const begun = new WeakMap<Request, number>();
  const names = new WeakMap<Request, string>();
  return {
    onParams({ request }) {
      begun.set(request, performance.now());
    },
    onExecute({ context, args }) {
      const name = getOperationAST(args.document, args.operationName)?.name?.value;
      if (name !== undefined) names.set(context.request, name.slice(0, maxNameLength));
    },
    onResultProcess({ request, result }) {
      const now = performance.now();
      const errors = 'errors' in result ? (result.errors ?? []) : [];
      log.operation({
        requestId: requestIdOf(request),
        name: names.get(request) ?? null,
        milliseconds: Math.round(now - (begun.get(request) ?? now)),
        errorCodes: [...new Set(errors.map(({ extensions }) => String(extensions.code ?? 'UNKNOWN')))],
      });
    },
  };
}
