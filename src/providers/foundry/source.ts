import type { EntityRecord } from '../../domain/records.ts';
import { answerNone, withoutTeams, withoutWorkflows } from '../absent.ts';
import { answerEach, once } from '../batch.ts';
import { type Collection, createCollection } from '../collection.ts';
import { decodeKey, encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { Capabilities, Source } from '../source.ts';
import { type FoundryAgentRecord, toAgent } from './agent.ts';
import { type FoundryAgentVersionRecord, toAgentVersion } from './agent-version.ts';
import { type FoundryClient, maxPageSize, type PageWindow } from './client.ts';
import { foundryFeeds } from './feeds.ts';
import { hasMore, type Page } from './page.ts';
import { type FoundrySessionRecord, toSession } from './session.ts';
import type { FoundrySettings } from './settings.ts';

const filters: Capabilities['filters'] = {
  kinds: 'native',
  agentKeys: 'native',
  teamKeys: 'never',
  workflowKeys: 'never',
  userIds: 'native',
  statuses: 'local',
  search: 'never',
  tags: 'never',
  createdAt: 'local',
  updatedAt: 'local',
};

const capabilities: Omit<Capabilities, 'filters'> = {
  kinds: ['AGENT'],
  statuses: ['STARTING', 'RUNNING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'],
  orders: ['createdAt'],
  total: false,
};

export function createFoundrySource(
  config: SourceConfig<FoundrySettings>,
  client: FoundryClient,
  user: string | null,
): Source {
  const listing = { sourceId: config.id, user };
  const sessions = new Map<string, Promise<FoundrySessionRecord | null>>();
  const agents = foundryAgents(config.id, client);
  const agentVersions = new Map<string, Promise<FoundryAgentVersionRecord | null>>();
  const versionLists = new Map<string, Promise<readonly FoundryAgentVersionRecord[] | null>>();

  async function readSession(key: string): Promise<FoundrySessionRecord | null> {
    const [agentName, sessionId] = decodeKey(key, 2) ?? [];
    if (agentName === undefined || sessionId === undefined) return null;
    const row = await client.getSession(agentName, sessionId);
    const session = row === null ? null : toSession(row, agentName, listing);
    return session?.key === key ? session : null;
  }

  async function readAgentVersion(key: string): Promise<FoundryAgentVersionRecord | null> {
    const [agentName, version] = decodeKey(key, 2) ?? [];
    if (agentName === undefined || version === undefined) return null;
    // Knowing the agent only saves a request: when it cannot be read, the version may still be.
    const agent = await agents.known(encodeKey(agentName))?.catch(() => null);
    const latest = agent?.row.versions?.latest ?? null;
    const row = latest?.version === version ? latest : await client.getAgentVersion(agentName, version);
    const agentVersion = row === null ? null : toAgentVersion(row, agentName, config);
    return agentVersion?.key === key ? agentVersion : null;
  }

  async function readAgentVersions(agentKey: string): Promise<readonly FoundryAgentVersionRecord[] | null> {
    const [agentName] = decodeKey(agentKey, 1) ?? [];
    if (agentName === undefined) return null;
    const versions = await readPages(
      (window) => client.listAgentVersions(agentName, window),
      (row) => toAgentVersion(row, agentName, config),
    );
    for (const version of versions ?? []) agentVersions.set(version.key, Promise.resolve(version));
    return versions;
  }

  return {
    id: config.id,
    name: config.name,
    provider: 'foundry',
    // The user of the sessions is known only when the platform is asked as one user.
    capabilities: { ...capabilities, filters: user === null ? { ...filters, userIds: 'never' } : filters },
    async sessionFeeds({ filter }) {
      if (filter.kinds?.includes('AGENT') === false) return [];
      if (filter.userIds !== null && user !== null && !filter.userIds.includes(user)) return [];
      const agentKeys = filter.agentKeys ?? (await agents.list()).map((agent) => agent.key);
      return foundryFeeds({
        listing,
        client,
        agentNames: new Set(agentKeys.flatMap((key) => decodeKey(key, 1) ?? [])),
        remember: (session) => sessions.set(session.key, Promise.resolve(session)),
      });
    },
    sessions: (keys) => answerEach(keys, (key) => once(sessions, key, readSession)),
    sessionDetails: answerNone,
    listAgents: agents.list,
    agents: agents.findEach,
    ...withoutTeams,
    ...withoutWorkflows,
    agentVersions(keys) {
      const list = agents.listFor(new Set(keys.filter((key) => !agentVersions.has(key))).size);
      return answerEach(keys, async (key) => {
        await list?.catch(() => null);
        return once(agentVersions, key, readAgentVersion);
      });
    },
    versionsOfAgents: (keys) => answerEach(keys, (key) => once(versionLists, key, readAgentVersions)),
  };
}

function foundryAgents(sourceId: string, client: FoundryClient): Collection<FoundryAgentRecord> {
  return createCollection({
    readAll: async () => (await readPages(client.listAgents, (row) => toAgent(row, sourceId))) ?? [],
    async readOne(key) {
      const [agentName] = decodeKey(key, 1) ?? [];
      if (agentName === undefined) return null;
      const row = await client.getAgent(agentName);
      const agent = row === null ? null : toAgent(row, sourceId);
      return agent?.key === key ? agent : null;
    },
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
