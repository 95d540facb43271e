import { lazily } from '../../domain/lazily.ts';
import type { Upstream } from '../../http/upstream.ts';
import { withoutAgentVersions } from '../absent.ts';
import { ahead } from '../ahead.ts';
import { answerEach } from '../batch.ts';
import { createCollection } from '../collection.ts';
import { filteredHere, mayHaveAny } from '../filters.ts';
import { decodeKey, isSendable } from '../key.ts';
import { createLookup, readerOf } from '../lookup.ts';
import { lookupFeed } from '../lookup-feed.ts';
import type { Selected, SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import { type AgnoClient, createAgnoClient } from './client.ts';
import { agnoConversation } from './conversation.ts';
import type { AgnoDialect } from './dialect.ts';
import { createDirectory } from './directory.ts';
import { agnoFeeds } from './feeds.ts';
import { createSessionFinder } from './find-session.ts';
import type { AgnoSessionRecord } from './session.ts';
import type { AgnoSettings } from './settings.ts';
import { type AgnoWorkflowRecord, membersOf, toWorkflow, type WorkflowRow } from './workflow.ts';

const capabilities: Capabilities = {
  filters: {
    ...filteredHere,
    nativeIds: 'native',
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'native',
    workflowKeys: 'native',
    userIds: 'native',
    // The platform searches other texts than the title that it shows.
    search: 'local',
    tags: 'never',
  },
  kinds: ['AGENT', 'TEAM', 'WORKFLOW'],
  statuses: ['UNKNOWN'],
  orders: ['createdAt', 'updatedAt'],
  listsWhole: false,
  listsDeleted: false,
  total: true,
};

export interface AgnoSourceOptions {
  readonly dialectOf: (client: AgnoClient) => Promise<AgnoDialect>;
  readonly selected: Selected;
}

export function createAgnoSource(
  { id: sourceId, name, settings }: SourceConfig<AgnoSettings>,
  upstream: Upstream,
  { dialectOf, selected }: AgnoSourceOptions,
): Source {
  const { user } = upstream;
  const client = createAgnoClient(upstream, settings);
  const readDialect = lazily(() => dialectOf(client));
  const workflowDetails = createLookup(readerOf(1, client.getWorkflow, toWorkflowDetail));
  const workflows = createCollection({ readAll: readWorkflows, readOne: readOneWorkflow });
  const directory = createDirectory(sourceId, client);
  const { sessions, details, remember, findByNativeId } = createSessionFinder(sourceId, client, readDialect);

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
    if (workflowId === undefined || isSendable(workflowId)) return workflowDetails.find(key);
    return (await workflows.list()).find((workflow) => workflow.key === key) ?? null;
  }

  function toWorkflowDetail(row: WorkflowRow): AgnoWorkflowRecord {
    directory.rememberEmbedded(membersOf(row.steps, sourceId));
    return toWorkflow(row, sourceId);
  }

  function rememberWithAgent(session: AgnoSessionRecord): void {
    remember(session);
    if (session.agentKey !== null) ahead(directory.findAgent(session.agentKey));
  }

  return {
    id: sourceId,
    name,
    provider: 'agno',
    capabilities,
    async sessionFeeds(query) {
      if (query.filter.nativeIds !== null) {
        if (!mayHaveAny(query.filter, { kinds: capabilities.kinds, user })) return [];
        return query.filter.nativeIds.map((id) => lookupFeed({ sourceId, id, query, find: () => findByNativeId(id) }));
      }
      const readsAgents = selected.agents();
      if (readsAgents) ahead(directory.listAgents());
      return agnoFeeds({
        sourceId,
        client,
        user,
        query,
        readDialect,
        remember: readsAgents ? rememberWithAgent : remember,
      });
    },
    sessions: sessions.findEach,
    conversations: { of: (session) => agnoConversation(session, client), unsupported: null },
    sessionDetails: details.findEach,
    listAgents: async () => (await directory.listAgents()).filter(isOfDatabase),
    agents: (keys) => answerEach(keys, directory.findAgent),
    listTeams: async () => (await directory.listTeams()).filter(isOfDatabase),
    teams: (keys) => answerEach(keys, directory.findTeam),
    listWorkflows: async () => (await workflows.list()).filter(isOfDatabase),
    workflows: workflows.findEach,
    workflowDetails: workflowDetails.findEach,
    ...withoutAgentVersions,
  };
}
