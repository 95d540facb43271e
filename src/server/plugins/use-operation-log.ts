import type { Plugin } from 'graphql-yoga';
import { summarize } from '../../observation/source-summary.ts';
import { codesOf } from '../error-codes.ts';
import type { Journals } from '../journals.ts';
import type { Log } from '../log.ts';
import { viewerHash } from '../viewer-hash.ts';
import type { Viewers } from '../viewers.ts';

export interface OperationLogSettings {
  readonly log: Log;
  readonly journals: Journals;
  readonly viewers: Viewers;
}

export function useOperationLog({ log, journals, viewers }: OperationLogSettings): Plugin {
  return {
    onResultProcess({ request, result }) {
      const journal = journals.of(request);
      log.operation(() => {
        const now = performance.now();
        const viewerId = viewers.find(request)?.id ?? null;
        return {
          requestId: journal.requestId,
          name: journal.operationName,
          milliseconds: Math.round(now - journal.startedAt),
          cost: journal.cost,
          viewer: viewerId === null ? null : viewerHash(viewerId),
          errorCodes: codesOf(result),
          sources: summarize(journal, now),
        };
      });
    },
  };
}
