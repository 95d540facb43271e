import { matchesFilter } from '../domain/filter.ts';
import { momentsBy } from '../domain/moment.ts';
import type { SessionRecord } from '../domain/records.ts';
import { completeListFeed } from '../pagination/dialects/complete-list.ts';
import type { Feed } from '../pagination/feed.ts';
import type { SessionQuery } from './source.ts';

export interface LookupFeed {
  readonly sourceId: string;
  /** Each look-up is a list of its own, so that one which fails hides nothing that the others find. */
  readonly id: string;
  readonly query: SessionQuery;
  readonly find: () => Promise<SessionRecord | null>;
}

/** A list of the session that a look-up finds, if it also passes the other filters: the platform was not asked about them. */
export function lookupFeed({ sourceId, id, query, find }: LookupFeed): Feed<SessionRecord> {
  return completeListFeed<SessionRecord>({
    id,
    sourceId,
    keyOf: (session) => session.key,
    momentOf: momentsBy[query.orderBy],
    async load() {
      const session = await find();
      return session !== null && matchesFilter(session, query.filter) ? [session] : [];
    },
  });
}
