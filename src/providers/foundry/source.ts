import { decodeKey, encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { BatchResult, Capabilities, Source } from '../source.ts';
import { type FoundryClient, maxPageSize } from './client.ts';
import { foundryFeeds } from './feeds.ts';
import type { FoundrySettings } from './index.ts';
import {
  type FoundryAgentRecord,
  type FoundryAgentVersionRecord,
  type FoundryPage,
  type FoundrySessionRecord,
  toAgent,
  toAgentVersion,
  toPage,
  toSession,
} from './mapping.ts';

const capabilities: Capabilities = {
  filters: {
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'never',
    userIds: 'never',
    statuses: 'local',
    search: 'never',
    tags: 'never',
    createdAt: 'local',
    updatedAt: 'local',
  },
  kinds: ['AGENT'],
  statuses: ['STARTING', 'RUNNING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'],
  orders: ['createdAt'],
  backward: true,
  total: false,
};

/** So many agents are asked for one by one; for more, the list costs less. */
const maxSingleAgents = 4;

export function createFoundrySource(config: SourceConfig<FoundrySettings>, client: FoundryClient): Source {
  const sessions = new Map<string, Promise<FoundrySessionRecord | null>>();
  const agents = new Map<string, Promise<FoundryAgentRecord | null>>();
  const agentVersions = new Map<string, Promise<FoundryAgentVersionRecord | null>>();
  let agentList: Promise<readonly FoundryAgentRecord[]> | null = null;

  async function readSession(key: string): Promise<FoundrySessionRecord | null> {
    const [agentName, sessionId] = decodeKey(key, 2) ?? [];
    if (agentName === undefined || sessionId === undefined) return null;
    const row = await client.getSession(agentName, sessionId);
    const session = row === null ? null : toSession(row, agentName, config.id);
    return session?.key === key ? session : null;
  }

  function listAgents(): Promise<readonly FoundryAgentRecord[]> {
    agentList ??= readAgents();
    return agentList;
  }

  async function readAgents(): Promise<readonly FoundryAgentRecord[]> {
    const all = new Map<string, FoundryAgentRecord>();
    for (let after: string | null = null, more = true; more; ) {
      const answer = await client.listAgents({ order: 'desc', after, limit: maxPageSize });
      const page: FoundryPage<FoundryAgentRecord> = toPage(answer, after, (row) => toAgent(row, config.id));
      for (const agent of page.rows) all.set(agent.key, agent);
      more = page.more;
      after = page.lastId;
    }
    for (const [key, agent] of all) agents.set(key, Promise.resolve(agent));
    return [...all.values()];
  }

  async function readAgent(key: string): Promise<FoundryAgentRecord | null> {
    const [agentName] = decodeKey(key, 1) ?? [];
    if (agentName === undefined) return null;
    const row = await client.getAgent(agentName);
    const agent = row === null ? null : toAgent(row, config.id);
    return agent?.key === key ? agent : null;
  }

  /** The list, where it has been asked for already or answers at once what would be many requests. */
  function usefulAgentList(unknownKeys: ReadonlySet<string>): Promise<readonly FoundryAgentRecord[]> | null {
    return unknownKeys.size > maxSingleAgents ? listAgents() : agentList;
  }

  async function readAgentVersion(key: string): Promise<FoundryAgentVersionRecord | null> {
    const [agentName, version] = decodeKey(key, 2) ?? [];
    if (agentName === undefined || version === undefined) return null;
    // Knowing the agent only saves a request: when it cannot be read, the version may still be.
    const agent = await agents.get(encodeKey(agentName))?.catch(() => null);
    const latest = agent?.native.latestVersion ?? null;
    if (latest?.key === key) return latest;
    const row = await client.getAgentVersion(agentName, version);
    const agentVersion = row === null ? null : toAgentVersion(row, agentName, config.id);
    return agentVersion?.key === key ? agentVersion : null;
  }

  return {
    id: config.id,
    name: config.name,
    provider: 'foundry',
    capabilities,
    async sessionFeeds({ filter }) {
      if (filter.kinds?.includes('AGENT') === false) return [];
      const agentKeys = filter.agentKeys ?? (await listAgents()).map((agent) => agent.key);
      return foundryFeeds({
        sourceId: config.id,
        client,
        agentNames: new Set(agentKeys.flatMap((key) => decodeKey(key, 1) ?? [])),
        remember: (session) => sessions.set(session.key, Promise.resolve(session)),
      });
    },
    sessions: (keys) => answerEach(keys, (key) => once(sessions, key, readSession)),
    listAgents,
    agents(keys) {
      const list = usefulAgentList(new Set(keys.filter((key) => !agents.has(key))));
      return answerEach(keys, async (key) => {
        if (!agents.has(key)) await list;
        return once(agents, key, readAgent);
      });
    },
    listTeams: async () => [],
    teams: async (keys) => keys.map(() => null),
    workflows: async (keys) => keys.map(() => null),
    agentVersions(keys) {
      const list = usefulAgentList(new Set(keys.filter((key) => !agentVersions.has(key))));
      return answerEach(keys, async (key) => {
        await list?.catch(() => null);
        return once(agentVersions, key, readAgentVersion);
      });
    },
  };
}

function once<Record>(
  known: Map<string, Promise<Record | null>>,
  key: string,
  read: (key: string) => Promise<Record | null>,
): Promise<Record | null> {
  const answer = known.get(key) ?? read(key);
  known.set(key, answer);
  return answer;
}

async function answerEach<Record>(
  keys: readonly string[],
  answer: (key: string) => Promise<Record | null>,
): Promise<BatchResult<Record>> {
  const answers = await Promise.allSettled(keys.map(answer));
  return answers.map((settled) => (settled.status === 'fulfilled' ? settled.value : toError(settled.reason)));
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('A platform could not be asked.', { cause });
}
