import type { AgentRecord } from '../../domain/records.ts';
import { answerEach, answerNone } from '../batch.ts';
import { decodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import type { AgentScopeClient } from './client.ts';
import { type AgentListing, agentScopeFeeds, withWorkers } from './feeds.ts';
import type { AgentScopeSettings } from './index.ts';
import {
  type AgentScopeAgentRecord,
  type AgentScopeSessionRecord,
  type AgentScopeTeamRecord,
  agentsOf,
  type Reading,
  toAgent,
  toSession,
  toTeam,
  toTeamKey,
} from './mapping.ts';

const capabilities: Capabilities = {
  filters: {
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'local',
    workflowKeys: 'never',
    userIds: 'native',
    statuses: 'local',
    search: 'local',
    tags: 'never',
    createdAt: 'local',
    updatedAt: 'local',
  },
  kinds: ['AGENT'],
  statuses: ['RUNNING', 'WAITING', 'IDLE', 'UNKNOWN'],
  orders: ['createdAt', 'updatedAt'],
  total: true,
};

export interface AgentScopeSourceOptions {
  /** Whose sessions the platform lists; it lists no others. */
  readonly user: string | null;
  readonly keepState: boolean;
}

/**
 * The platform answers nothing but lists: of the agents, and of the sessions of one agent. Each is asked for once at the most,
 * and everything else is found in them.
 */
export function createAgentScopeSource(
  { id: sourceId, name, settings }: SourceConfig<AgentScopeSettings>,
  client: AgentScopeClient,
  { user, keepState }: AgentScopeSourceOptions,
): Source {
  const { timezone, stateTimezone = timezone } = settings;
  const reading: Reading = { sourceId, timezone, stateTimezone, keepState };
  const listings = new Map<string, Promise<AgentListing>>();
  const sessions = new Map<string, AgentScopeSessionRecord>();
  const agents = new Map<string, AgentScopeAgentRecord>();
  /** Agents of other users, as teams show them: read-only, whatever the list of agents says. */
  const guests = new Map<string, AgentScopeAgentRecord>();
  const teams = new Map<string, AgentScopeTeamRecord>();
  let agentList: Promise<readonly AgentScopeAgentRecord[]> | null = null;

  function listAgents(): Promise<readonly AgentScopeAgentRecord[]> {
    agentList ??= readAgents();
    return agentList;
  }

  async function readAgents(): Promise<readonly AgentScopeAgentRecord[]> {
    const answer = await client.listAgents();
    const list = answer.agents.map((row) => toAgent(row, reading));
    for (const agent of list) agents.set(agent.key, agent);
    return list;
  }

  function listSessions(agentId: string): Promise<AgentListing> {
    const known = listings.get(agentId);
    if (known !== undefined) return known;
    const listing = readSessions(agentId);
    listings.set(agentId, listing);
    return listing;
  }

  async function readSessions(agentId: string): Promise<AgentListing> {
    const answer = await client.listSessions(agentId);
    // An agent that is gone has taken its sessions with it.
    const views = answer?.sessions ?? [];
    const list = views.map((view) => toSession(view, agentId, reading));
    for (const session of list) sessions.set(session.key, session);
    const seen = new Set<string>();
    for (const { session, team: view } of views) {
      if (view === null) continue;
      for (const { id } of agentsOf(view)) seen.add(id);
      const seenAt = session.agent_id ?? agentId;
      const key = toTeamKey(view, seenAt);
      // Every session of a team repeats it, with all its agents and their long prompts: one is kept.
      if (teams.has(key)) continue;
      teams.set(key, toTeam(view, seenAt, reading));
      for (const row of agentsOf(view)) {
        const agent = toAgent(row, reading);
        const known = row.user_id === session.user_id ? agents : guests;
        if (!known.has(agent.key)) known.set(agent.key, agent);
      }
    }
    return { sessions: list, total: answer?.total ?? null, agentIds: [...seen] };
  }

  async function findSession(key: string): Promise<AgentScopeSessionRecord | null> {
    const [agentId] = decodeKey(key, 2) ?? [];
    if (agentId === undefined) return null;
    await listSessions(agentId);
    return sessions.get(key) ?? null;
  }

  async function findAgent(key: string): Promise<AgentScopeAgentRecord | null> {
    const [agentId] = decodeKey(key, 1) ?? [];
    if (agentId === undefined) return null;
    if (!agents.has(key)) await listAgents();
    const isKnown = () => agents.has(key) || guests.has(key);
    // The workers of teams are not in the list of agents, but on their own sessions.
    if (!isKnown()) await listSessions(agentId);
    if (!isKnown() && (await mayHaveIdleWorkers())) await listAllSessions();
    return agents.get(key) ?? guests.get(key) ?? null;
  }

  /** Up to 2.0.3, which does not say who may edit an agent, a team may show a worker that has no session. */
  async function mayHaveIdleWorkers(): Promise<boolean> {
    const list = await listAgents();
    return list.some(({ row }) => row.origin !== null && row.editable === null);
  }

  async function findTeam(key: string): Promise<AgentScopeTeamRecord | null> {
    const [agentId] = decodeKey(key, 2) ?? [];
    if (agentId === undefined) return null;
    if (!teams.has(key)) await listSessions(agentId);
    const team = teams.get(key);
    return team === undefined ? null : withListedGuests(team);
  }

  /** The list of agents knows more of a guest than a team does, and one id must not say two things. */
  async function withListedGuests(team: AgentScopeTeamRecord): Promise<AgentScopeTeamRecord> {
    const { leader, members } = team;
    const hasGuests = [leader, ...members.map(({ agent }) => agent)].some((agent) => guests.has(agent?.key ?? ''));
    if (!hasGuests) return team;
    await listAgents();
    const listed = (agent: AgentRecord | null) => (agent === null ? null : (agents.get(agent.key) ?? agent));
    return {
      ...team,
      leader: listed(leader),
      members: members.map((member) => ({ ...member, agent: listed(member.agent) })),
    };
  }

  async function listAllSessions(): Promise<void> {
    await Promise.all((await listedAgentIds()).map(listSessions));
  }

  async function listedAgentIds(): Promise<readonly string[]> {
    const list = await listAgents();
    return withWorkers(
      list.map((agent) => agent.nativeId),
      listSessions,
    );
  }

  return {
    id: sourceId,
    name,
    provider: 'agentscope',
    capabilities,
    async sessionFeeds({ filter, orderBy }) {
      if (filter.kinds?.includes('AGENT') === false) return [];
      if (user !== null && filter.userIds !== null && !filter.userIds.includes(user)) return [];
      const asked = filter.agentKeys?.flatMap((key) => decodeKey(key, 1) ?? []);
      const agentIds = asked === undefined ? await listedAgentIds() : [...new Set(asked)];
      return agentScopeFeeds({ sourceId, agentIds, orderBy, listSessions });
    },
    sessions: (keys) => answerEach(keys, findSession),
    sessionDetails: answerNone,
    listAgents,
    agents: (keys) => answerEach(keys, findAgent),
    async listTeams() {
      await listAllSessions();
      return Promise.all([...teams.values()].map(withListedGuests));
    },
    teams: (keys) => answerEach(keys, findTeam),
    listWorkflows: async () => [],
    workflows: answerNone,
    workflowDetails: answerNone,
    agentVersions: answerNone,
    versionsOfAgents: answerNone,
  };
}
