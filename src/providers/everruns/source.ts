import { decodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import type { BatchResult, Capabilities, Source } from '../source.ts';
import { type EverrunsClient, maxPageSize } from './client.ts';
import { everrunsFeeds } from './feeds.ts';
import type { EverrunsSettings } from './index.ts';
import { type EverrunsAgentRecord, type EverrunsSessionRecord, toAgent, toSession } from './mapping.ts';

const capabilities: Capabilities = {
  filters: {
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'never',
    userIds: 'never',
    statuses: 'local',
    search: 'local',
    tags: 'local',
    createdAt: 'local',
    updatedAt: 'local',
  },
  kinds: ['AGENT'],
  statuses: ['STARTING', 'RUNNING', 'WAITING', 'IDLE', 'UNKNOWN'],
  orders: ['createdAt'],
  backward: true,
  total: true,
};

/** So many agents are asked for one by one; for more, the list costs less. */
const maxSingleAgents = 4;

export function createEverrunsSource(config: SourceConfig<EverrunsSettings>, client: EverrunsClient): Source {
  const sessions = new Map<string, Promise<EverrunsSessionRecord | null>>();
  const agents = new Map<string, Promise<EverrunsAgentRecord | null>>();
  let agentList: Promise<readonly EverrunsAgentRecord[]> | null = null;

  async function readSession(key: string): Promise<EverrunsSessionRecord | null> {
    const [sessionId] = decodeKey(key, 1) ?? [];
    if (sessionId === undefined) return null;
    const row = await client.getSession(sessionId);
    const session = row === null ? null : toSession(row, config.id);
    return session?.key === key ? session : null;
  }

  function listAgents(): Promise<readonly EverrunsAgentRecord[]> {
    agentList ??= readAgents();
    return agentList;
  }

  async function readAgents(): Promise<readonly EverrunsAgentRecord[]> {
    const all = new Map<string, EverrunsAgentRecord>();
    for (let offset = 0, more = true; more; ) {
      const page = await client.listAgents({ offset, limit: maxPageSize });
      for (const row of page.data) {
        const agent = toAgent(row, config.id);
        all.set(agent.key, agent);
      }
      offset += page.data.length;
      more = page.data.length > 0 && page.total !== null && offset < page.total;
    }
    for (const [key, agent] of all) agents.set(key, Promise.resolve(agent));
    return [...all.values()];
  }

  async function readAgent(key: string): Promise<EverrunsAgentRecord | null> {
    const [agentId] = decodeKey(key, 1) ?? [];
    if (agentId === undefined) return null;
    const row = await client.getAgent(agentId);
    const agent = row === null ? null : toAgent(row, config.id);
    // Newer versions of the platform also answer to names.
    return agent?.key === key ? agent : null;
  }

  /** The list, where it has been asked for already or answers at once what would be many requests. */
  function usefulAgentList(unknownKeys: ReadonlySet<string>): Promise<readonly EverrunsAgentRecord[]> | null {
    return unknownKeys.size > maxSingleAgents ? listAgents() : agentList;
  }

  return {
    id: config.id,
    name: config.name,
    provider: 'everruns',
    capabilities,
    async sessionFeeds({ filter }) {
      if (filter.kinds?.includes('AGENT') === false) return [];
      const agentIds = filter.agentKeys?.flatMap((key) => decodeKey(key, 1) ?? []);
      return everrunsFeeds({
        sourceId: config.id,
        client,
        agentIds: agentIds === undefined ? null : new Set(agentIds),
        isAgent: async (key) => (await once(agents, key, readAgent)) !== null,
        remember: (session) => sessions.set(session.key, Promise.resolve(session)),
      });
    },
    sessions: (keys) => answerEach(keys, (key) => once(sessions, key, readSession)),
    listAgents,
    agents(keys) {
      const list = usefulAgentList(new Set(keys.filter((key) => !agents.has(key))));
      return answerEach(keys, async (key) => {
        if (!agents.has(key)) await list;
        // Archived agents are not in the list but answer to their id.
        return once(agents, key, readAgent);
      });
    },
    listTeams: async () => [],
    teams: async (keys) => keys.map(() => null),
    workflows: async (keys) => keys.map(() => null),
    agentVersions: async (keys) => keys.map(() => null),
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
