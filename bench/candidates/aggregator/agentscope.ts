import type { CreateSource, Get, List } from './platform.ts';
import { type Agent, type Row, type Status, toMoment, toTitle } from './row.ts';

interface View {
  readonly session: { readonly id: string; readonly created_at: string; readonly config: { readonly name: string } };
  readonly status: string;
}

interface AgentRow {
  readonly id: string;
  readonly data: { readonly name: string };
}

export const createAgentScope: CreateSource = (source, get, user) => {
  const headers = { 'x-user-id': user };
  let agents: Promise<ReadonlyMap<string, Agent>> | null = null;
  const listAgents = (): Promise<ReadonlyMap<string, Agent>> => {
    agents ??= readAgents(get, headers);
    return agents;
  };
  return {
    id: source,
    statuses: ['RUNNING', 'WAITING', 'IDLE', 'UNKNOWN'],
    lists: async () => [...(await listAgents()).keys()].map((agentId) => sessionList(agentId, source, get, headers)),
    prepareAgents: () => {},
    agent: async (agentId) => (await listAgents()).get(agentId) ?? null,
  };
};

async function readAgents(get: Get, headers: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Agent>> {
  const { agents } = (await get('/agent/', headers)) as { readonly agents: readonly AgentRow[] };
  return new Map(agents.map(({ id, data }) => [id, { id, name: data.name }]));
}

/** The platform knows no pages here. */
function sessionList(agentId: string, source: string, get: Get, headers: Readonly<Record<string, string>>): List {
  return {
    id: `${source}/${agentId}`,
    async read() {
      const answer = await get(`/sessions/?agent_id=${agentId}`, headers);
      const { sessions } = answer as { readonly sessions: readonly View[] };
      return {
        rows: sessions.map((view) => toRow(view, source, agentId)),
        positionAfter: () => null,
        hasMore: false,
      };
    },
  };
}

function toRow({ session: { id, created_at, config }, status }: View, source: string, agentId: string): Row {
  return {
    source,
    key: `${agentId}/${id}`,
    createdAt: `${created_at}Z`,
    moment: toMoment(created_at),
    status: toStatus(status),
    title: toTitle(config.name),
    agentId,
  };
}

function toStatus(status: string): Status {
  switch (status) {
    case 'running':
      return 'RUNNING';
    case 'idle':
      return 'IDLE';
    default:
      return status.startsWith('awaiting_') ? 'WAITING' : 'UNKNOWN';
  }
}
