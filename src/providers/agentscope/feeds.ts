import { matchesFilter } from '../../domain/filter.ts';
import { momentsBy } from '../../domain/moment.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeListFeed } from '../../pagination/dialects/complete-list.ts';
import type { Feed } from '../../pagination/feed.ts';
import type { SessionQuery } from '../source.ts';
import type { AgentListing } from './listings.ts';

export interface AgentScopeFeedsOptions {
  readonly sourceId: string;
  readonly agentIds: readonly string[];
  readonly query: SessionQuery;
  /** Asks for an agent's sessions, once however often it is called. */
  readonly listSessions: (agentId: string) => Promise<AgentListing>;
}

/** One list for each agent: the platform has none over all agents. */
export function agentScopeFeeds({
  sourceId,
  agentIds,
  query: { filter, orderBy },
  listSessions,
}: AgentScopeFeedsOptions): readonly Feed<SessionRecord>[] {
  return agentIds.map((agentId) =>
    completeListFeed<SessionRecord>({
      id: agentId,
      sourceId,
      keyOf: (session) => session.key,
      momentOf: momentsBy[orderBy],
      ...(filter.nativeIds === null ? wholeList(agentId) : foundIn(agentId)),
    }),
  );

  function wholeList(agentId: string) {
    return {
      load: async () => (await listSessions(agentId)).sessions,
      count: async () => (await listSessions(agentId)).total,
    };
  }

  /** The platform finds no session by its id. Its list is read at once, so however long that is, this looks through all of it. */
  function foundIn(agentId: string) {
    const isWanted = (session: SessionRecord) => matchesFilter(session, filter);
    return { load: async () => (await listSessions(agentId)).sessions.filter(isWanted) };
  }
}
