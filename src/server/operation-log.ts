import { summarize } from '../observation/source-summary.ts';
import type { Journals } from './journals.ts';
import type { Log, OperationEntry } from './log.ts';
import { viewerHash } from './viewer-hash.ts';
import type { Viewers } from './viewers.ts';

export interface OperationLogSettings {
  readonly log: Log;
  readonly journals: Journals;
  readonly viewers: Viewers;
}

/** Writes the operation of a request to the log, once it has ended so. */
export type WriteOperation = (request: Request, end: Pick<OperationEntry, 'errorCodes' | 'events'>) => void;

export function createOperationLog({ log, journals, viewers }: OperationLogSettings): WriteOperation {
  return (request, end) => {
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
        ...end,
        sources: summarize(journal, now),
      };
    });
  };
}
