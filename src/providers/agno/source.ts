import { lazily } from '../../domain/lazily.ts';
import { withoutAgentVersions } from '../absent.ts';
import { answerEach, once } from '../batch.ts';
import { createCollection } from '../collection.ts';
import { decodeKey, isSendable } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import type { AgnoClient } from './client.ts';
import type { AgnoDialect } from './dialect.ts';
import { createDirectory } from './directory.ts';
import { agnoFeeds } from './feeds.ts';
import { createSessionFinder } from './find-session.ts';
import type { AgnoSettings } from './settings.ts';
import { type AgnoWorkflowRecord, membersOf, toWorkflow } from './workflow.ts';

const capabilities: Capabilities = {
  filters: {
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'native',
    workflowKeys: 'native',
    userIds: 'native',
    statuses: 'local',
    // The platform searches other texts than the title that it shows.
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
  /** The user to whom every request is confined, if any. */
  readonly user: string | null;
  readonly readDialect: () => Promise<AgnoDialect>;
}

export function createAgnoSource(
  { id: sourceId, name, settings }: SourceConfig<AgnoSettings>,
  client: AgnoClient,
  options: AgnoSourceOptions,
): Source {
  const readDialect = lazily(options.readDialect);
  const workflowDetails = new Map<string, Promise<AgnoWorkflowRecord | null>>();
  const workflows = createCollection({ readAll: readWorkflows, readOne: readOneWorkflow });
  const directory = createDirectory(sourceId, client);
  const sessions = createSessionFinder(sourceId, client, readDialect);
  const { remember } = sessions;

  /**
   * Every server lists the agents, teams and workflows of all its databases. Those of another database belong to the source
   * of that database; here only a session that names them leads to them.
   */
  function isOfDatabase({ row }: { readonly row: { readonly db_id: string | null } }): boolean {
    return settings.dbId === null || row.db_id === null || row.db_id === settings.dbId;
  }

  async function readWorkflows(): Promise<readonly AgnoWorkflowRecord[]> {
    const rows = await client.listWorkflows();
    return rows.map((row) => toWorkflow(row, sourceId));
  }

  /** A workflow whose id must not be sent is looked for in the list. */
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
    directory.rememberEmbedded(membersOf(row.steps, sourceId));
    return row.id === workflowId ? toWorkflow(row, sourceId) : null;
  }

  return {
    id: sourceId,
    name,
    provider: 'agno',
    capabilities,
    sessionFeeds: (query) => agnoFeeds({ sourceId, client, user: options.user, query, readDialect, remember }),
    sessions: (keys) => answerEach(keys, sessions.find),
    sessionDetails: (keys) => answerEach(keys, sessions.findDetail),
    listAgents: async () => (await directory.listAgents()).filter(isOfDatabase),
    agents: (keys) => answerEach(keys, directory.findAgent),
    listTeams: async () => (await directory.listTeams()).filter(isOfDatabase),
    teams: (keys) => answerEach(keys, directory.findTeam),
    listWorkflows: async () => (await workflows.list()).filter(isOfDatabase),
    workflows: (keys) => workflows.findEach(keys),
    workflowDetails: (keys) => answerEach(keys, findWorkflowDetail),
    ...withoutAgentVersions,
  };
}
