import type { CreateSource, Get, List } from './platform.ts';
import { type Agent, type Row, type Status, toMoment, toTitle } from './row.ts';

interface Session {
  readonly id: string;
  readonly agent_id?: string | null;
  readonly title?: string | null;
  readonly status: string;
  readonly created_at: string;
}

export const createEverruns: CreateSource = (source, get) => {
  let listed: Promise<ReadonlyMap<string, Agent>> | null = null;
  const archived = new Map<string, Promise<Agent>>();
  const listAgents = (): Promise<ReadonlyMap<string, Agent>> => {
    listed ??= readAgents(get);
    return listed;
  };
  return {
    id: source,
    statuses: ['RUNNING', 'WAITING', 'IDLE', 'UNKNOWN'],
    lists: async () => [sessionList(source, get)],
    prepareAgents: () => void listAgents().catch(() => {}),
    async agent(agentId) {
      const found = (await listAgents()).get(agentId);
      if (found !== undefined) return found;
      // The list leaves archived agents out.
      const asked = archived.get(agentId) ?? (get(`/v1/agents/${agentId}`, {}) as Promise<Agent>);
      archived.set(agentId, asked);
      return asked;
    },
  };
};

async function readAgents(get: Get): Promise<ReadonlyMap<string, Agent>> {
  const { data } = (await get('/v1/agents?offset=0&limit=100', {})) as { readonly data: readonly Agent[] };
  return new Map(data.map((agent) => [agent.id, agent]));
}

function sessionList(source: string, get: Get): List {
  return {
    id: source,
    async read(position, wanted) {
      const offset = typeof position === 'number' ? position : 0;
      const limit = Math.min(wanted, 100);
      const answer = await get(`/v1/sessions?offset=${offset}&limit=${limit}`, {});
      const { data, total } = answer as { readonly data: readonly Session[]; readonly total: number };
      return {
        rows: data.map((session) => toRow(session, source)),
        positionAfter: (count) => offset + count,
        hasMore: offset + data.length < total,
      };
    },
  };
}

function toRow({ id, agent_id, title, status, created_at }: Session, source: string): Row {
  return {
    source,
    key: id,
    createdAt: created_at,
    moment: toMoment(created_at),
    status: statuses[status] ?? 'UNKNOWN',
    title: toTitle(title),
    agentId: agent_id ?? null,
  };
}

const statuses: Readonly<Record<string, Status>> = {
  active: 'RUNNING',
  waitingfortoolresults: 'WAITING',
  waiting_for_tool_results: 'WAITING',
  started: 'IDLE',
  idle: 'IDLE',
  paused: 'IDLE',
};
