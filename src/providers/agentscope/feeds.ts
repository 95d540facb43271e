import { momentOf } from '../../domain/moment.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeListFeed } from '../../pagination/dialects/complete-list.ts';
import type { Feed } from '../../pagination/feed.ts';
import type { OrderField } from '../source.ts';

/** The sessions of one agent, and the agents seen on them that no other list has. */
export interface AgentListing {
  readonly sessions: readonly SessionRecord[];
  /** How many the platform says there are; null when it does not say. */
  readonly total: number | null;
  readonly agentIds: readonly string[];
}

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
    completeListFeed({
      id: agentId,
      sourceId,
      keyOf: (session) => session.key,
      momentOf: (session) => momentOf(session, orderBy),
      load: async () => (await listSessions(agentId)).sessions,
      count: async () => (await listSessions(agentId)).total,
    }),
  );
}

/**
 * The agents, and the workers of the teams on their sessions, and of the teams on theirs. What cannot be listed is no reason
 * to leave out the rest: its feed will tell.
 */
export async function withWorkers(
  agentIds: readonly string[],
  listSessions: (agentId: string) => Promise<AgentListing>,
): Promise<readonly string[]> {
  const known = new Set(agentIds);
  let wave = [...known];
  while (wave.length > 0) {
    const listings = await Promise.allSettled(wave.map(listSessions));
    const seen = listings.flatMap((listing) => (listing.status === 'fulfilled' ? listing.value.agentIds : []));
    wave = [...new Set(seen)].filter((agentId) => !known.has(agentId));
    for (const agentId of wave) known.add(agentId);
  }
  return [...known];
}
