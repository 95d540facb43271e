import type { CreateSource, Get, List } from './platform.ts';
import { type Agent, type Row, toMoment, toTitle } from './row.ts';

interface Session {
  readonly session_id: string;
  readonly session_type: string;
  readonly session_name?: string | null;
  readonly created_at?: string | null;
  readonly agent_id?: string | null;
}

export const createAgno: CreateSource = (source, get) => {
  let agents: Promise<ReadonlyMap<string, Agent>> | null = null;
  const listAgents = (): Promise<ReadonlyMap<string, Agent>> => {
    agents ??= readAgents(get);
    return agents;
  };
  return {
    id: source,
    statuses: ['UNKNOWN'],
    lists: async () => [sessionList(source, get)],
    prepareAgents: () => void listAgents().catch(() => {}),
    agent: async (agentId) => (await listAgents()).get(agentId) ?? null,
  };
};

async function readAgents(get: Get): Promise<ReadonlyMap<string, Agent>> {
  const agents = (await get('/agents', {})) as readonly Agent[];
  return new Map(agents.map((agent) => [agent.id, agent]));
}

/** The platform numbers its pages, so rows from the middle of one take two. */
function sessionList(source: string, get: Get): List {
  const readPage = async (page: number, size: number): Promise<readonly Session[]> => {
    const address = `/sessions?sort_by=created_at&sort_order=desc&limit=${size}&page=${page}`;
    return ((await get(address, {})) as { readonly data: readonly Session[] }).data;
  };
  return {
    id: source,
    async read(position, wanted) {
      const offset = typeof position === 'number' ? position : 0;
      const size = Math.min(wanted, 100);
      const first = Math.floor(offset / size) + 1;
      const skipped = offset % size;
      const pages = skipped === 0 ? [first] : [first, first + 1];
      const sessions = (await Promise.all(pages.map((page) => readPage(page, size)))).flat();
      const rest = sessions.slice(skipped);
      return {
        rows: rest.map((session) => toRow(session, source)),
        positionAfter: (count) => offset + count,
        hasMore: sessions.length === pages.length * size,
      };
    },
  };
}

function toRow({ session_id, session_type, session_name, created_at, agent_id }: Session, source: string): Row {
  return {
    source,
    key: `${session_type}/${session_id}`,
    createdAt: created_at ?? null,
    moment: toMoment(created_at ?? ''),
    status: 'UNKNOWN',
    title: toTitle(session_name),
    agentId: agent_id ?? null,
  };
}
