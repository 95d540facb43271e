import type { EntityRecord } from '../../domain/records.ts';
import type { Upstream } from '../../http/upstream.ts';
import { answerNone, withoutTeams, withoutWorkflows } from '../absent.ts';
import { answerEach } from '../batch.ts';
import { type Collection, createCollection } from '../collection.ts';
import { filteredHere, mayHaveAny } from '../filters.ts';
import { decodeKey, encodeKey } from '../key.ts';
import { createLookup, readerOf } from '../lookup.ts';
import { lookupFeed } from '../lookup-feed.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import { type FoundryAgentRecord, toAgent } from './agent.ts';
import { type AgentVersionRow, type FoundryAgentVersionRecord, toAgentVersion } from './agent-version.ts';
import { createFoundryClient, type FoundryClient, maxPageSize, type PageWindow } from './client.ts';
import { foundryConversations } from './conversation.ts';
import { foundryFeeds } from './feeds.ts';
import { hasMore, type Page } from './page.ts';
import { toSession } from './session.ts';
import type { FoundrySettings } from './settings.ts';

const filters: Capabilities['filters'] = {
  ...filteredHere,
  nativeIds: 'native',
  kinds: 'native',
  agentKeys: 'native',
  teamKeys: 'never',
  workflowKeys: 'never',
  userIds: 'native',
  search: 'never',
  tags: 'never',
};

const capabilities: Omit<Capabilities, 'filters'> = {
  kinds: ['AGENT'],
  statuses: ['STARTING', 'RUNNING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'],
  orders: ['createdAt'],
  listsWhole: false,
  listsDeleted: true,
  total: false,
};

export function createFoundrySource(config: SourceConfig<FoundrySettings>, upstream: Upstream): Source {
  const client = createFoundryClient(upstream, config.settings);
  const { user } = upstream;
  const listing = { sourceId: config.id, user };
  const sessions = createLookup(readerOf(2, client.getSession, (row, agentName) => toSession(row, agentName, listing)));
  const agents = foundryAgents(config.id, client);
  const agentVersions = createLookup(
    readerOf(2, readAgentVersion, (row, agentName) => toAgentVersion(row, agentName, config)),
  );
  const versionLists = createLookup(readAgentVersions);

  async function readAgentVersion(agentName: string, version: string): Promise<AgentVersionRow | null> {
    // Knowing the agent only saves a request: when it cannot be read, the version may still be.
    const agent = await agents.known(encodeKey(agentName))?.catch(() => null);
    const latest = agent?.row.versions?.latest ?? null;
    return latest?.version === version ? latest : client.getAgentVersion(agentName, version);
  }

  async function readAgentVersions(agentKey: string): Promise<readonly FoundryAgentVersionRecord[] | null> {
    const [agentName] = decodeKey(agentKey, 1) ?? [];
    if (agentName === undefined) return null;
    const versions = await readPages(
      (window) => client.listAgentVersions(agentName, window),
      (row) => toAgentVersion(row, agentName, config),
    );
    for (const version of versions ?? []) agentVersions.remember(version.key, version);
    return versions;
  }

  return {
    id: config.id,
    name: config.name,
    provider: 'foundry',
    // The user of the sessions is known only when the platform is asked as one user.
    capabilities: { ...capabilities, filters: user === null ? { ...filters, userIds: 'never' } : filters },
    async sessionFeeds(query) {
      const { filter } = query;
      if (!mayHaveAny(filter, { kinds: capabilities.kinds, user })) return [];
      const agentKeys = filter.agentKeys ?? (await agents.list()).map((agent) => agent.key);
      const agentNames = new Set(agentKeys.flatMap((key) => decodeKey(key, 1) ?? []));
      if (filter.nativeIds !== null) {
        // The platform finds a session only below its agent, so each agent is asked.
        const keys = filter.nativeIds.flatMap((id) => [...agentNames].map((name) => encodeKey(name, id)));
        return keys.map((key) => lookupFeed({ sourceId: config.id, id: key, query, find: () => sessions.find(key) }));
      }
      return foundryFeeds({
        listing,
        client,
        agentNames,
        areListed: filter.agentKeys === null,
        remember: (session) => sessions.remember(session.key, session),
      });
    },
    sessions: sessions.findEach,
    conversations: foundryConversations(config, client),
    sessionDetails: answerNone,
    listAgents: agents.list,
    agents: agents.findEach,
    ...withoutTeams,
    ...withoutWorkflows,
    agentVersions(keys) {
      const list = agents.listFor(new Set(keys.filter((key) => agentVersions.known(key) === undefined)).size);
      return answerEach(keys, async (key) => {
        await list?.catch(() => null);
        return agentVersions.find(key);
      });
    },
    versionsOfAgents: versionLists.findEach,
  };
}

function foundryAgents(sourceId: string, client: FoundryClient): Collection<FoundryAgentRecord> {
  return createCollection({
    readAll: async () => (await readPages(client.listAgents, (row) => toAgent(row, sourceId))) ?? [],
    readOne: readerOf(
      1,
      (name) => client.getAgent(name),
      (row) => toAgent(row, sourceId),
    ),
  });
}

/** A whole list, newest first; null when there is nothing to list. */
async function readPages<Row, Record extends EntityRecord>(
  read: (window: PageWindow) => Promise<Page<Row> | null>,
  toRecord: (row: Row) => Record,
): Promise<readonly Record[] | null> {
  // By key, because a list that grows meanwhile may repeat a row.
  const all = new Map<string, Record>();
  for (let after: string | null = null, more = true; more; ) {
    const page: Page<Row> | null = await read({ order: 'desc', after, limit: maxPageSize });
    if (page === null) return null;
    for (const record of page.data.map(toRecord)) all.set(record.key, record);
    more = hasMore(page, after);
    after = page.last_id;
  }
  return [...all.values()];
}
