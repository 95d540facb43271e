import { createJournal, type Journal, type JournalSettings } from '../observation/journal.ts';
import { requestIdOf } from './request-id.ts';

/** The journal of each request's operation. */
export interface Journals {
  /** It begins when it is first asked for. */
  of(request: Request): Journal;
  /** One of its own for the next event of a subscription. */
  ofEvent(request: Request): Journal;
}

export function createJournals(settings: Omit<JournalSettings, 'requestId'>): Journals {
  const journals = new WeakMap<Request, Journal>();

  function of(request: Request): Journal {
    const journal = journals.get(request) ?? createJournal({ ...settings, requestId: requestIdOf(request) });
    journals.set(request, journal);
    return journal;
  }

  return {
    of,
    ofEvent(request) {
      const { operationType, operationName, documentId, cost } = of(request);
      const journal = createJournal({ ...settings, requestId: requestIdOf(request) });
      return Object.assign(journal, { operationType, operationName, documentId, cost });
    },
  };
}
