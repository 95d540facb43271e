import { getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { summarize } from '../../observation/source-summary.ts';
import { codesOf } from '../error-codes.ts';
import type { Journals } from '../journals.ts';
import type { Log } from '../log.ts';
import { viewerHash } from '../viewer-hash.ts';
import type { Viewers } from '../viewers.ts';

const maxNameLength = 100;

export interface OperationLogSettings {
  readonly log: Log;
  readonly journals: Journals;
  readonly viewers: Viewers;
}

export function useOperationLog({ log, journals, viewers }: OperationLogSettings): Plugin<YogaInitialContext> {
  return {
    onParams({ request }) {
      journals.of(request);
    },
    onExecute({ context, args }) {
      const name = getOperationAST(args.document, args.operationName)?.name?.value;
      if (name !== undefined) journals.of(context.request).operationName = name.slice(0, maxNameLength);
    },
    onResultProcess({ request, result }) {
      const journal = journals.of(request);
      const milliseconds = Math.round(performance.now() - journal.startedAt);
      log.operation(() => {
        const viewerId = viewers.find(request)?.id ?? null;
        return {
          requestId: journal.requestId,
          name: journal.operationName,
          milliseconds,
          cost: journal.cost,
          viewer: viewerId === null ? null : viewerHash(viewerId),
          errorCodes: codesOf(result),
          sources: summarize(journal),
        };
      });
    },
  };
}
