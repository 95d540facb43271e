import type { AgentRecord } from '../../domain/records.ts';
import type { Upstream } from '../../http/upstream.ts';
import { answerNone, withoutAgentVersions, withoutWorkflows } from '../absent.ts';
import { answerEach } from '../batch.ts';
import { filteredHere, mayHaveAny } from '../filters.ts';
import { decodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import type { AgentScopeAgentRecord } from './agent.ts';
import { createAgentScopeClient } from './client.ts';
import { agentScopeConversation, type MessagePaging } from './conversation.ts';
import { agentScopeFeeds } from './feeds.ts';
import { type AgentScopeListings, allAgentIds, createAgentScopeListings } from './listings.ts';
import type { AgentScopeSessionRecord } from './session.ts';
import type { AgentScopeSettings } from './settings.ts';
import type { AgentScopeTeamRecord } from './team.ts';

const capabilities: Capabilities = {
  filters: {
    ...filteredHere,
    nativeIds: 'native',
    kinds: 'native',
    agentKeys: 'native',
    workflowKeys: 'never',
    userIds: 'native',
    tags: 'never',
  },
  kinds: ['AGENT'],
  statuses: ['RUNNING', 'WAITING', 'IDLE', 'UNKNOWN'],
  orders: ['createdAt', 'updatedAt'],
  listsWhole: true,
  listsDeleted: false,
  total: true,
};

export interface AgentScopeSourceOptions {
  /** False to let go of the states of sessions, which can be megabytes. */
  readonly keepState: boolean;
  readonly paging: MessagePaging;
}

/** The platform answers nothing but lists: of the agents, and of the sessions of one agent. Everything is found in them. */
export function createAgentScopeSource(
  config: SourceConfig<AgentScopeSettings>,
  upstream: Upstream,
  options: AgentScopeSourceOptions,
): Source {
  const client = createAgentScopeClient(upstream, options);
  const listings = createAgentScopeListings(config, client);
  return {
    id: config.id,
    name: config.name,
    provider: 'agentscope',
    capabilities,
    async sessionFeeds(query) {
      const { filter } = query;
      if (!mayHaveAny(filter, { kinds: capabilities.kinds, user: upstream.user })) return [];
      const asked = filter.agentKeys?.flatMap((key) => decodeKey(key, 1) ?? []);
      const agentIds = asked === undefined ? await allAgentIds(listings) : [...new Set(asked)];
      return agentScopeFeeds({ sourceId: config.id, agentIds, query, listSessions: listings.listSessions });
    },
    sessions: (keys) => answerEach(keys, (key) => findSession(key, listings)),
    conversations: {
      of: (session) => agentScopeConversation(session, config, client, options.paging),
      unsupported: null,
    },
    sessionDetails: answerNone,
    listAgents: listings.listAgents,
    agents: (keys) => answerEach(keys, (key) => findAgent(key, listings)),
    async listTeams() {
      await listAllSessions(listings);
      return Promise.all([...listings.teams.values()].map((team) => withListedGuests(team, listings)));
    },
    teams: (keys) => answerEach(keys, (key) => findTeam(key, listings)),
    ...withoutWorkflows,
    ...withoutAgentVersions,
  };
}

async function findSession(key: string, listings: AgentScopeListings): Promise<AgentScopeSessionRecord | null> {
  const [agentId] = decodeKey(key, 2) ?? [];
  if (agentId === undefined) return null;
  await listings.listSessions(agentId);
  return listings.sessions.get(key) ?? null;
}

async function findAgent(key: string, listings: AgentScopeListings): Promise<AgentScopeAgentRecord | null> {
  const { agents, guests, listAgents, listSessions } = listings;
  const [agentId] = decodeKey(key, 1) ?? [];
  if (agentId === undefined) return null;
  if (!agents.has(key)) await listAgents();
  const isKnown = () => agents.has(key) || guests.has(key);
  // The workers of teams are not in the list of agents, but on their own sessions.
  if (!isKnown()) await listSessions(agentId);
  if (!isKnown() && mayHaveIdleWorkers(await listAgents())) await listAllSessions(listings);
  return agents.get(key) ?? guests.get(key) ?? null;
}

/** Up to 2.0.3, which does not say who may edit an agent, a team may show a worker that has no session. */
function mayHaveIdleWorkers(agents: readonly AgentScopeAgentRecord[]): boolean {
  return agents.some(({ row }) => row.source !== null && row.editable === null);
}

async function findTeam(key: string, listings: AgentScopeListings): Promise<AgentScopeTeamRecord | null> {
  const [agentId] = decodeKey(key, 2) ?? [];
  if (agentId === undefined) return null;
  if (!listings.teams.has(key)) await listings.listSessions(agentId);
  const team = listings.teams.get(key);
  return team === undefined ? null : withListedGuests(team, listings);
}

/** The list of agents knows more of a guest than a team does, and one id must not say two things. */
async function withListedGuests(
  team: AgentScopeTeamRecord,
  { agents, guests, listAgents }: AgentScopeListings,
): Promise<AgentScopeTeamRecord> {
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

async function listAllSessions(listings: AgentScopeListings): Promise<void> {
  await Promise.all((await allAgentIds(listings)).map(listings.listSessions));
}
