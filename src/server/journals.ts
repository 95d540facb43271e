import { createJournal, type Journal, type JournalSettings } from '../observation/journal.ts';
import { requestIdOf } from './request-id.ts';

/** The journal of each request's operation. */
export interface Journals {
  /** It begins when it is first asked for. */
  of(request: Request): Journal;
}

export function createJournals(settings: Omit<JournalSettings, 'requestId'>): Journals {
  const journals = new WeakMap<Request, Journal>();
  return {
    of(request) {
      const journal = journals.get(request) ?? createJournal({ ...settings, requestId: requestIdOf(request) });
      journals.set(request, journal);
      return journal;
    },
  };
}
