import type { CreateSource, Get, List } from './platform.ts';
import { type Row, type Status, toMoment } from './row.ts';

interface Page<Item> {
  readonly data: readonly Item[];
  readonly last_id?: string;
  readonly has_more: boolean;
}

interface Session {
  readonly agent_session_id: string;
  readonly status: string;
  readonly created_at: number;
}

const headers = { 'Foundry-Features': 'AgentEndpoints=V1Preview' };

export const createFoundry: CreateSource = (source, get) => {
  let agents: Promise<readonly string[]> | null = null;
  const agentNames = (): Promise<readonly string[]> => {
    agents ??= readAgentNames(get);
    return agents;
  };
  return {
    id: source,
    statuses: ['STARTING', 'RUNNING', 'IDLE', 'FAILED', 'ENDED', 'UNKNOWN'],
    lists: async () => (await agentNames()).map((name) => sessionList(name, source, get)),
    prepareAgents: () => {},
    agent: async (name) => ((await agentNames()).includes(name) ? { id: name, name } : null),
  };
};

async function readAgentNames(get: Get): Promise<readonly string[]> {
  const names: string[] = [];
  for (let after = ''; ; ) {
    const query = `api-version=v1&kind=hosted&order=desc&limit=100${after}`;
    const page = (await get(`/agents?${query}`, headers)) as Page<{ readonly name: string }>;
    names.push(...page.data.map(({ name }) => name));
    if (!page.has_more || page.last_id === undefined) return names;
    after = `&after=${encodeURIComponent(page.last_id)}`;
  }
}

function sessionList(agentName: string, source: string, get: Get): List {
  return {
    id: `${source}/${agentName}`,
    async read(position, wanted) {
      const limit = Math.min(wanted, 100);
      const after = position === null ? '' : `&after=${encodeURIComponent(position)}`;
      const address = `/agents/${agentName}/endpoint/sessions?api-version=v1&order=desc&limit=${limit}${after}`;
      const { data, has_more } = (await get(address, headers)) as Page<Session>;
      return {
        rows: data.map((session) => toRow(session, source, agentName)),
        positionAfter: (count) => data[count - 1]?.agent_session_id ?? position,
        hasMore: has_more,
      };
    },
  };
}

function toRow({ agent_session_id, status, created_at }: Session, source: string, agentName: string): Row {
  const createdAt = `${new Date(created_at * 1000).toISOString().slice(0, 19)}Z`;
  return {
    source,
    key: `${agentName}/${agent_session_id}`,
    createdAt,
    moment: toMoment(createdAt),
    status: statuses[status.toLowerCase()] ?? 'UNKNOWN',
    title: null,
    agentId: agentName,
  };
}

const statuses: Readonly<Record<string, Status>> = {
  creating: 'STARTING',
  active: 'RUNNING',
  updating: 'RUNNING',
  idle: 'IDLE',
  failed: 'FAILED',
  deleting: 'ENDED',
  deleted: 'ENDED',
  expired: 'ENDED',
};
