import { momentsBy } from '../../domain/moment.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeListFeed } from '../../pagination/dialects/complete-list.ts';
import type { Feed } from '../../pagination/feed.ts';
import type { OrderField } from '../source.ts';
import type { AgentListing } from './listings.ts';

export interface AgentScopeFeedsOptions {
  readonly sourceId: string;
  readonly agentIds: readonly string[];
  readonly orderBy: OrderField;
  /** Asks for an agent's sessions, once however often it is called. */
  readonly listSessions: (agentId: string) => Promise<AgentListing>;
}

/** One list for each agent: the platform has none over all agents. */
export function agentScopeFeeds({
  sourceId,
  agentIds,
  orderBy,
  listSessions,
}: AgentScopeFeedsOptions): readonly Feed<SessionRecord>[] {
  return agentIds.map((agentId) =>
    completeListFeed<SessionRecord>({
      id: agentId,
      sourceId,
      keyOf: (session) => session.key,
      momentOf: momentsBy[orderBy],
      load: async () => (await listSessions(agentId)).sessions,
      count: async () => (await listSessions(agentId)).total,
    }),
  );
}
