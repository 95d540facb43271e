import { lazily } from '../../domain/lazily.ts';
import type { AgentRecord, TeamMemberRecord, TeamRecord } from '../../domain/records.ts';
import { decodeKey } from '../key.ts';
import { perAnswer } from '../per-answer.ts';
import { type AgnoAgentRecord, toAgent } from './agent.ts';
import type { AgnoClient } from './client.ts';
import { type AgnoTeamRecord, toTeam } from './team.ts';

const agentsOf = perAnswer<object, readonly AgnoAgentRecord[]>();
const teamsOf = perAnswer<object, readonly AgnoTeamRecord[]>();

/** The agents and teams of a server: those it lists, and those embedded in teams and workflows, which it lists nowhere. */
export function createDirectory(sourceId: string, client: AgnoClient) {
  const agents = new Map<string, AgentRecord>();
  const teams = new Map<string, TeamRecord>();

  const listAgents = lazily(async () => {
    const rows = await client.listAgents();
    const list = agentsOf(rows, () => rows.map((row) => toAgent(row, sourceId)).filter((agent) => agent !== null));
    for (const agent of list) agents.set(agent.key, agent);
    return list;
  });

  const listTeams = lazily(async () => {
    const rows = await client.listTeams();
    const list = teamsOf(rows, () => rows.map((row) => toTeam(row, sourceId)).filter((team) => team !== null));
    for (const team of list) teams.set(team.key, team);
    rememberEmbedded(list.flatMap((team) => team.members));
    return list;
  });

  function rememberEmbedded(members: readonly TeamMemberRecord[]): void {
    for (const { agent, team } of members) {
      if (agent !== null && !agents.has(agent.key)) agents.set(agent.key, agent);
      if (team === null) continue;
      if (!teams.has(team.key)) teams.set(team.key, team);
      rememberEmbedded(team.members);
    }
  }

  return {
    listAgents,
    listTeams,
    async findAgent(key: string) {
      if (decodeKey(key, 1) === null) return null;
      if (!agents.has(key)) await listAgents();
      // Members of teams may be listed nowhere else.
      if (!agents.has(key)) await listTeams();
      return agents.get(key) ?? null;
    },
    async findTeam(key: string) {
      if (decodeKey(key, 1) === null) return null;
      if (!teams.has(key)) await listTeams();
      return teams.get(key) ?? null;
    },
    rememberEmbedded,
  };
}
