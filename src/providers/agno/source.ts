import type { AgentRecord, TeamMemberRecord, TeamRecord } from '../../domain/records.ts';
import { answerEach, answerNone, once } from '../batch.ts';
import { decodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import type { AgnoClient, AgnoDialect } from './client.ts';
import { agnoFeeds } from './feeds.ts';
import type { AgnoSettings } from './index.ts';
import {
  type AgnoSessionRecord,
  type AgnoWorkflowRecord,
  fromType,
  membersOf,
  toAgent,
  toSingleSession,
  toTeam,
  toWorkflow,
} from './mapping.ts';

const capabilities: Capabilities = {
  filters: {
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'native',
    userIds: 'native',
    statuses: 'local',
    // The platform's own search looks at other texts than the one it shows.
    search: 'local',
    tags: 'never',
    createdAt: 'local',
    updatedAt: 'local',
  },
  kinds: ['AGENT', 'TEAM', 'WORKFLOW'],
  statuses: ['UNKNOWN'],
  orders: ['createdAt', 'updatedAt'],
  backward: true,
  total: true,
};

export interface AgnoSourceOptions {
  /** Whose sessions every request is confined to, if anyone's. */
  readonly user: string | null;
  readonly readDialect: () => Promise<AgnoDialect>;
}

export function createAgnoSource(
  { id: sourceId, name }: SourceConfig<AgnoSettings>,
  client: AgnoClient,
  options: AgnoSourceOptions,
): Source {
  const sessions = new Map<string, Promise<AgnoSessionRecord | null>>();
  const details = new Map<string, Promise<AgnoSessionRecord | null>>();
  const workflows = new Map<string, Promise<AgnoWorkflowRecord | null>>();
  // What is listed, and what is embedded in it.
  const agents = new Map<string, AgentRecord>();
  const teams = new Map<string, TeamRecord>();
  let agentList: Promise<readonly AgentRecord[]> | null = null;
  let teamList: Promise<readonly TeamRecord[]> | null = null;
  let dialect: Promise<AgnoDialect> | null = null;

  function readDialect(): Promise<AgnoDialect> {
    dialect ??= options.readDialect();
    return dialect;
  }

  function listAgents(): Promise<readonly AgentRecord[]> {
    agentList ??= readAgents();
    return agentList;
  }

  async function readAgents(): Promise<readonly AgentRecord[]> {
    const rows = await client.listAgents();
    const list = rows.map((row) => toAgent(row, sourceId)).filter((agent) => agent !== null);
    for (const agent of list) agents.set(agent.key, agent);
    return list;
  }

  function listTeams(): Promise<readonly TeamRecord[]> {
    teamList ??= readTeams();
    return teamList;
  }

  async function readTeams(): Promise<readonly TeamRecord[]> {
    const rows = await client.listTeams();
    const list = rows.map((row) => toTeam(row, sourceId)).filter((team) => team !== null);
    for (const team of list) teams.set(team.key, team);
    rememberEmbedded(list.flatMap((team) => team.members));
    return list;
  }

  function rememberEmbedded(members: readonly TeamMemberRecord[]): void {
    for (const { agent, team } of members) {
      if (agent !== null && !agents.has(agent.key)) agents.set(agent.key, agent);
      if (team === null) continue;
      if (!teams.has(team.key)) teams.set(team.key, team);
      rememberEmbedded(team.members);
    }
  }

  function rememberSession(session: AgnoSessionRecord): void {
    if (session.complete && !sessions.has(session.key)) sessions.set(session.key, Promise.resolve(session));
  }

  function findDetail(key: string): Promise<AgnoSessionRecord | null> {
    return once(details, key, readSession);
  }

  async function readSession(key: string): Promise<AgnoSessionRecord | null> {
    const [type, sessionId] = decodeKey(key, 2) ?? [];
    const kind = type === undefined ? null : fromType(type);
    if (type === undefined || sessionId === undefined || kind === null) return null;
    const row = await client.getSession(type, sessionId);
    const session = row === null ? null : toSingleSession(row, kind, sourceId);
    return session?.key === key ? session : null;
  }

  async function findAgent(key: string): Promise<AgentRecord | null> {
    if (decodeKey(key, 1) === null) return null;
    if (!agents.has(key)) await listAgents();
    // Members of teams may be nowhere else.
    if (!agents.has(key)) await listTeams();
    return agents.get(key) ?? null;
  }

  async function findTeam(key: string): Promise<TeamRecord | null> {
    if (decodeKey(key, 1) === null) return null;
    if (!teams.has(key)) await listTeams();
    return teams.get(key) ?? null;
  }

  async function readWorkflow(key: string): Promise<AgnoWorkflowRecord | null> {
    const [workflowId] = decodeKey(key, 1) ?? [];
    const row = workflowId === undefined ? null : await client.getWorkflow(workflowId);
    if (row === null) return null;
    rememberEmbedded(membersOf(row.steps, sourceId));
    const workflow = toWorkflow(row, sourceId);
    return workflow.key === key ? workflow : null;
  }

  return {
    id: sourceId,
    name,
    provider: 'agno',
    capabilities,
    sessionFeeds: (query) =>
      agnoFeeds({ sourceId, client, user: options.user, query, readDialect, remember: rememberSession }),
    sessions: (keys) => answerEach(keys, (key) => once(sessions, key, findDetail)),
    sessionDetails: (keys) => answerEach(keys, findDetail),
    listAgents,
    agents: (keys) => answerEach(keys, findAgent),
    listTeams,
    teams: (keys) => answerEach(keys, findTeam),
    workflows: (keys) => answerEach(keys, (key) => once(workflows, key, readWorkflow)),
    agentVersions: answerNone,
    versionsOfAgents: answerNone,
  };
}
