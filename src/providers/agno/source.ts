import type { AgentRecord, SessionKind, TeamMemberRecord, TeamRecord } from '../../domain/records.ts';
import { answerEach, answerNone, once } from '../batch.ts';
import { createCollection } from '../collection.ts';
import { decodeKey, isSendable } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import type { AgnoClient, AgnoDialect } from './client.ts';
import { agnoFeeds } from './feeds.ts';
import type { AgnoSettings } from './index.ts';
import {
  type AgnoSessionRecord,
  type AgnoWorkflowRecord,
  fromType,
  kindOfShape,
  membersOf,
  toAgent,
  toSingleSession,
  toTeam,
  toType,
  toWorkflow,
} from './mapping.ts';

const capabilities: Capabilities = {
  filters: {
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'native',
    workflowKeys: 'native',
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
  total: true,
};

export interface AgnoSourceOptions {
  /** Whose sessions every request is confined to, if anyone's. */
  readonly user: string | null;
  readonly readDialect: () => Promise<AgnoDialect>;
}

export function createAgnoSource(
  { id: sourceId, name, settings }: SourceConfig<AgnoSettings>,
  client: AgnoClient,
  options: AgnoSourceOptions,
): Source {
  const sessions = new Map<string, Promise<AgnoSessionRecord | null>>();
  const details = new Map<string, Promise<AgnoSessionRecord | null>>();
  const listedKeys = new Set<string>();
  const workflowDetails = new Map<string, Promise<AgnoWorkflowRecord | null>>();
  const workflows = createCollection({ readAll: readWorkflows, readOne: readOneWorkflow });
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
    return list.filter(isOfDatabase);
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
    return list.filter(isOfDatabase);
  }

  /**
   * Every server lists the agents, teams and workflows of all its databases. Those of another one belong to the source of that
   * database; here they are only found by sessions that name them.
   */
  function isOfDatabase({ row }: { readonly row: { readonly dbId: string | null } }): boolean {
    return settings.dbId === null || row.dbId === null || row.dbId === settings.dbId;
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
    listedKeys.add(session.key);
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
    if (session?.key !== key) return null;
    const isSure = componentOf(session) !== null || listedKeys.has(key);
    return isSure || (await isOfKind(sessionId, kind)) ? session : null;
  }

  /**
   * Any session is answered in the shape of whatever type it is asked for, without the component it is of. Ids come from
   * clients, and a session of one kind must not have an id as another.
   */
  async function isOfKind(sessionId: string, kind: SessionKind): Promise<boolean> {
    if ((await readDialect()) === '2.9') {
      const row = await client.getSession(null, sessionId);
      return row !== null && kindOfShape(row) === kind;
    }
    const others = (['AGENT', 'TEAM', 'WORKFLOW'] as const).filter((other) => other !== kind);
    const rows = await Promise.all(
      others.map(async (other) => {
        const row = await client.getSession(toType(other), sessionId);
        return row === null ? null : componentOf(toSingleSession(row, other, sourceId));
      }),
    );
    return rows.every((component) => component === null);
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

  async function readWorkflows(): Promise<readonly AgnoWorkflowRecord[]> {
    const rows = await client.listWorkflows();
    return rows.map((row) => toWorkflow(row, sourceId));
  }

  /** The list tells of those that must not be asked for by their id. */
  async function readOneWorkflow(key: string): Promise<AgnoWorkflowRecord | null> {
    const [workflowId] = decodeKey(key, 1) ?? [];
    if (workflowId === undefined || isSendable(workflowId)) return findWorkflowDetail(key);
    return (await workflows.list()).find((workflow) => workflow.key === key) ?? null;
  }

  function findWorkflowDetail(key: string): Promise<AgnoWorkflowRecord | null> {
    return once(workflowDetails, key, readWorkflow);
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
    listWorkflows: async () => (await workflows.list()).filter(isOfDatabase),
    workflows: (keys) => workflows.findEach(keys),
    workflowDetails: (keys) => answerEach(keys, findWorkflowDetail),
    agentVersions: answerNone,
    versionsOfAgents: answerNone,
  };
}

function componentOf({ agentKey, teamKey, workflowKey }: AgnoSessionRecord): string | null {
  return agentKey ?? teamKey ?? workflowKey;
}
