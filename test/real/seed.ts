import { type AgnoComponent, type AgnoSession, type AgnoStore, seedAgno } from '../../src/sandbox/agno-data.ts';
import { runsOf } from '../../src/sandbox/agno-runs.ts';
import { secret } from '../contract.ts';
import type { RunningPlatform } from '../sandbox-controls/platform.ts';
import { startPlatform } from '../sandbox-controls/platform.ts';
import type { Release } from './releases.ts';

/** A row as the server's program stores it. */
export type SeedSession = object;

export interface Seed {
  readonly sessions: readonly SeedSession[];
  readonly [part: string]: readonly object[];
}

/** The same rows twice: in a sandbox that runs, and as what a real server is to be filled with. */
export interface Twin {
  readonly sandbox: RunningPlatform;
  readonly seed: Seed;
}

export const users = ['alice', 'bob', 'carol'] as const;
const agents = 6;

export async function createTwin(release: Release, sessions: number): Promise<Twin> {
  return release.platform === 'agno' ? createAgnoTwin(release, sessions) : createAgentScopeTwin(release, sessions);
}

async function createAgnoTwin({ dialect }: Release, sessions: number): Promise<Twin> {
  const options = { dialect, seed: 1, sessions, agents, users, credential: secret };
  const sandbox = await startPlatform({ platform: 'agno', ...options });
  const rows = seedAgno({ ...options, timezoneOffsetMinutes: 0, stateBytes: 0 });
  // SQLite stores refuse rows without a time of creation; the sandbox has them, as stores without a schema may.
  for (const { id, createdAt } of rows.sessions) if (createdAt === null) sandbox.deleteSession(id);
  const stored = rows.sessions.filter(({ createdAt }) => createdAt !== null);
  const sessionRows = stored.map((session) => toAgnoRow(session, rows));
  return { sandbox, seed: { sessions: sessionRows, components: rows.components.map(toComponent) } };
}

function toAgnoRow(session: AgnoSession, store: AgnoStore): SeedSession {
  const { run: _, ...row } = session;
  return { ...row, runs: runsOf(session, store) };
}

/** Within a workflow the sandbox has one agent that never was given an id. */
function toComponent(component: AgnoComponent): object {
  const parts = component.parts.map((part) => ({
    ...toComponent(part),
    ...(component.kind === 'workflow' && part.id === 'fact-checker' ? { id: null } : {}),
  }));
  const { kind, id, name, description, role, instructions, mode } = component;
  return { kind, id, name, description, role, instructions, mode, parts };
}

interface TeamRow {
  readonly id: string;
  readonly data: { readonly member_ids: readonly string[]; readonly members?: unknown };
}

interface TeamView {
  readonly team: TeamRow;
  readonly leader_agent: IdRow | null;
  readonly members: readonly { readonly agent: IdRow }[];
}

interface IdRow {
  readonly id: string;
}

interface View {
  readonly session: IdRow;
  readonly team: TeamView | null;
}

/** 2.0.0 answers bare records, later versions views around them. */
type Row = IdRow | View;

/** AgentScope stores what it answers, so what the sandbox answers is stored. */
async function createAgentScopeTwin(release: Release, sessions: number): Promise<Twin> {
  const { dialect, timezoneOffsetMinutes } = release;
  const sandbox = await startPlatform({
    platform: 'agentscope',
    dialect,
    sessions,
    agents,
    users,
    timezoneOffsetMinutes,
  });
  const agentRows = new Map<string, IdRow>();
  const teamRows = new Map<string, TeamRow>();
  const sessionRows: IdRow[] = [];
  for (const user of users) {
    const read = async (path: string): Promise<unknown> => {
      const response = await fetch(sandbox.url + path, { headers: { 'X-User-ID': user } });
      return response.json();
    };
    const listed = (await read('/agent/')) as { readonly agents: readonly IdRow[] };
    for (const agent of listed.agents) agentRows.set(agent.id, agent);
    for (const agentId of sandbox.agentIds(user)) {
      const answer = (await read(`/sessions/?agent_id=${agentId}`)) as { readonly sessions: readonly Row[] };
      for (const row of answer.sessions) {
        const { session, team } = 'session' in row ? row : { session: row, team: null };
        sessionRows.push(session);
        if (team === null) continue;
        teamRows.set(team.team.id, team.team);
        for (const agent of [team.leader_agent, ...team.members.map((member) => member.agent)]) {
          if (agent !== null) agentRows.set(agent.id, agent);
        }
      }
    }
  }
  return {
    sandbox,
    seed: { sessions: sessionRows, agents: [...agentRows.values()], teams: [...teamRows.values()].map(withoutRoles) },
  };
}

/** As teams were stored before 2.0.4, which leaves it to later versions to migrate them; and with a member that is gone. */
function withoutRoles({ data, ...team }: TeamRow): object {
  const { members: _, ...old } = data;
  const ids = old.member_ids.includes('ghost') ? old.member_ids : [...old.member_ids, 'ghost'];
  return { ...team, data: { ...old, member_ids: ids } };
}
