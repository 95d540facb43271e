import { UpstreamError } from '../../domain/errors.ts';
import { lazily } from '../../domain/lazily.ts';
import { once } from '../batch.ts';
import { perAnswer } from '../per-answer.ts';
import type { SourceConfig } from '../provider.ts';
import { type AgentScopeAgentRecord, toAgent } from './agent.ts';
import type { AgentScopeClient } from './client.ts';
import { type AgentScopeSessionRecord, type SessionList, toSession } from './session.ts';
import type { AgentScopeSettings } from './settings.ts';
import { type AgentScopeTeamRecord, agentsOf, toTeam, toTeamKey } from './team.ts';

/** The sessions of one agent, and the agents seen on them that no other list has. */
export interface AgentListing {
  readonly sessions: readonly AgentScopeSessionRecord[];
  /** How many the platform says there are; null when it does not say. */
  readonly total: number | null;
  readonly agentIds: readonly string[];
  readonly teams: readonly SeenTeam[];
}

/** A team as a session showed it, with its agents. */
interface SeenTeam {
  readonly team: AgentScopeTeamRecord;
  readonly agents: readonly { readonly agent: AgentScopeAgentRecord; readonly isGuest: boolean }[];
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
): AgentScopeListings {
  const listings = new Map<string, Promise<AgentListing>>();
  const listed = new Set<string>();
  const sessions = new Map<string, AgentScopeSessionRecord>();
  const agents = new Map<string, AgentScopeAgentRecord>();
  const guests = new Map<string, AgentScopeAgentRecord>();
  const teams = new Map<string, AgentScopeTeamRecord>();

  async function readAgents(): Promise<readonly AgentScopeAgentRecord[]> {
    const answer = await client.listAgents();
    const list = agentsIn(answer, () => answer.agents.map((row) => toAgent(row, config)));
    for (const agent of list) {
      agents.set(agent.key, agent);
      listed.add(agent.nativeId);
    }
    return list;
  }

  async function readSessions(agentId: string): Promise<AgentListing> {
    const answer = await client.listSessions(agentId);
    if (answer === null) {
      // An agent that is gone has taken its sessions with it; one that is there has a list.
      if (listed.has(agentId) && (await isListedNow(agentId))) throw new UpstreamError(config.id, 'UPSTREAM_NOT_FOUND');
      return { sessions: [], total: null, agentIds: [], teams: [] };
    }
    const listing = listingIn(answer, () => toListing(answer, agentId, config));
    for (const session of listing.sessions) sessions.set(session.key, session);
    for (const seen of listing.teams) keepTeam(seen);
    return listing;
  }

  const readAgentsAgain = lazily(() => client.listAgents(true));

  async function isListedNow(agentId: string): Promise<boolean> {
    return (await readAgentsAgain()).agents.some(({ id }) => id === agentId);
  }

  function keepTeam(seen: SeenTeam): void {
    if (teams.has(seen.team.key)) return;
    teams.set(seen.team.key, seen.team);
    for (const { agent, isGuest } of seen.agents) {
      const known = isGuest ? guests : agents;
      if (!known.has(agent.key)) known.set(agent.key, agent);
    }
  }

  return {
    listAgents: lazily(readAgents),
    listSessions: (agentId) => once(listings, agentId, readSessions),
    sessions,
    agents,
    guests,
    teams,
  };
}

const agentsIn = perAnswer<object, readonly AgentScopeAgentRecord[]>();
const listingIn = perAnswer<SessionList, AgentListing>();

function toListing(answer: SessionList, agentId: string, config: SourceConfig<AgentScopeSettings>): AgentListing {
  const sessions: AgentScopeSessionRecord[] = [];
  const teams = new Map<string, SeenTeam>();
  const seen = new Set<string>();
  for (const view of answer.sessions) {
    const owner = view.session.agent_id ?? agentId;
    const session = toSession(view, owner, config);
    sessions.push(session);
    if (view.team === null) continue;
    const rows = agentsOf(view.team);
    for (const { id } of rows) seen.add(id);
    // Every session of a team repeats it, with all its agents and their long prompts: one is kept.
    const key = toTeamKey(view.team, owner);
    if (teams.has(key)) continue;
    const agents = rows.map((row) => ({ agent: toAgent(row, config), isGuest: row.user_id !== session.userId }));
    teams.set(key, { team: toTeam(view.team, owner, config), agents });
  }
  return { sessions, total: answer.total, agentIds: [...seen], teams: [...teams.values()] };
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
