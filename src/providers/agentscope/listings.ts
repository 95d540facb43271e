import type { SessionRecord } from '../../domain/records.ts';
import { once } from '../batch.ts';
import type { SourceConfig } from '../provider.ts';
import { type AgentScopeAgentRecord, toAgent } from './agent.ts';
import type { AgentScopeClient } from './client.ts';
import { type AgentScopeSessionRecord, type SessionView, toSession } from './session.ts';
import type { AgentScopeSettings } from './settings.ts';
import { type AgentScopeTeamRecord, agentsOf, type TeamView, toTeam, toTeamKey } from './team.ts';

/** The sessions of one agent, and the agents seen on them that no other list has. */
export interface AgentListing {
  readonly sessions: readonly SessionRecord[];
  /** How many the platform says there are; null when it does not say. */
  readonly total: number | null;
  readonly agentIds: readonly string[];
}

/** The lists of the platform, each asked for once at the most, and by key what those that were read have shown. */
export interface AgentScopeListings {
  listAgents(): Promise<readonly AgentScopeAgentRecord[]>;
  listSessions(agentId: string): Promise<AgentListing>;
  readonly sessions: ReadonlyMap<string, AgentScopeSessionRecord>;
  readonly agents: ReadonlyMap<string, AgentScopeAgentRecord>;
  /** Agents of other users, as teams show them: read-only, whatever the list of agents says. */
  readonly guests: ReadonlyMap<string, AgentScopeAgentRecord>;
  readonly teams: ReadonlyMap<string, AgentScopeTeamRecord>;
}

export function createAgentScopeListings(
  config: SourceConfig<AgentScopeSettings>,
  client: AgentScopeClient,
  { keepState }: { readonly keepState: boolean },
): AgentScopeListings {
  const listings = new Map<string, Promise<AgentListing>>();
  const sessions = new Map<string, AgentScopeSessionRecord>();
  const agents = new Map<string, AgentScopeAgentRecord>();
  const guests = new Map<string, AgentScopeAgentRecord>();
  const teams = new Map<string, AgentScopeTeamRecord>();
  let agentList: Promise<readonly AgentScopeAgentRecord[]> | null = null;

  async function readAgents(): Promise<readonly AgentScopeAgentRecord[]> {
    const answer = await client.listAgents();
    const list = answer.agents.map((row) => toAgent(row, config));
    for (const agent of list) agents.set(agent.key, agent);
    return list;
  }

  async function readSessions(agentId: string): Promise<AgentListing> {
    const answer = await client.listSessions(agentId);
    // An agent that is gone has taken its sessions with it.
    const views = answer?.sessions ?? [];
    const list: SessionRecord[] = [];
    const seen = new Set<string>();
    for (const view of views) {
      const owner = view.session.agent_id ?? agentId;
      const session = toSession(keepState ? view : withoutState(view), owner, config);
      sessions.set(session.key, session);
      list.push(session);
      if (view.team === null) continue;
      for (const { id } of agentsOf(view.team)) seen.add(id);
      keepTeam(view.team, owner, session.userId);
    }
    return { sessions: list, total: answer?.total ?? null, agentIds: [...seen] };
  }

  function keepTeam(view: TeamView, seenAt: string, userId: string | null): void {
    const key = toTeamKey(view, seenAt);
    // Every session of a team repeats it, with all its agents and their long prompts: one is kept.
    if (teams.has(key)) return;
    teams.set(key, toTeam(view, seenAt, config));
    for (const row of agentsOf(view)) {
      const agent = toAgent(row, config);
      const known = row.user_id === userId ? agents : guests;
      if (!known.has(agent.key)) known.set(agent.key, agent);
    }
  }

  return {
    listAgents() {
      agentList ??= readAgents();
      return agentList;
    },
    listSessions: (agentId) => once(listings, agentId, readSessions),
    sessions,
    agents,
    guests,
    teams,
  };
}

function withoutState(view: SessionView): SessionView {
  return { ...view, session: { ...view.session, state: null } };
}

/**
 * The ids of the listed agents, of the workers of the teams on their sessions, of those on the workers' sessions, and so on.
 * A list that cannot be read does not stop this: its feed reports the error.
 */
export async function allAgentIds({ listAgents, listSessions }: AgentScopeListings): Promise<readonly string[]> {
  const known = new Set((await listAgents()).map((agent) => agent.nativeId));
  let wave = [...known];
  while (wave.length > 0) {
    const settled = await Promise.allSettled(wave.map(listSessions));
    const seen = settled.flatMap((listing) => (listing.status === 'fulfilled' ? listing.value.agentIds : []));
    wave = [...new Set(seen)].filter((agentId) => !known.has(agentId));
    for (const agentId of wave) known.add(agentId);
  }
  return [...known];
}
