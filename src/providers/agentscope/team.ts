import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type { EntityRef, TeamRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import type { SourceConfig } from '../provider.ts';
import * as sent from '../sent.ts';
import { entity, type ObjectShape, text, time, user } from '../shape.ts';
import * as wire from '../wire.ts';
import { type Agent, agent, toAgent } from './agent.ts';
import type { AgentScopeSettings } from './settings.ts';

const membership = sent.part('AgentScopeMembership', 'How an agent belongs to a team.', {
  owner_id: sent.text('The id of the user who owns the agent.'),
  agent_id: sent.text('The id of the agent.'),
  session_id: sent.text('The id of the session in which the agent works for the team.'),
  role: sent.text('`created` if the team created the agent, `invited` if the team invited it.'),
});

const data = {
  name: wire.text,
  description: wire.text,
  member_ids: sent.texts(
    'The ids of the agents that the platform counts as members. Those that are gone are not in `members`.',
  ),
  members: sent.named(
    'memberships',
    sent.objects(membership, 'How each agent belongs to the team; from version 2.0.4, empty before.'),
  ),
};

const columns = {
  id: wire.id,
  user_id: wire.text,
  user: sent.below,
  created_at: wire.text,
  updated_at: wire.text,
  leader_agent_id: wire.text,
  session_id: sent.named(
    'leaderSessionId',
    sent.reference('The id of the session that leads the team, even if that session is gone.'),
  ),
  leaderSession: sent.below,
  data: wire.section(sent.schemaOf(data).shape),
};

const team = sent.schemaOf(columns);

/** A team as its sessions show it: the platform has no list of teams. */
export const teamView = z.object({
  team,
  leader_agent: wire.nullable(agent),
  members: wire.list(z.object({ agent: wire.nullable(agent), session_id: wire.reference })),
});

export type TeamView = z.infer<typeof teamView>;

interface TeamRow extends z.infer<typeof team> {
  readonly timezone: string;
}

export type AgentScopeTeamRecord = TeamRecord<TeamRow>;

/** `seenAt` is the agent on whose session the team was seen. */
export function toTeam(view: TeamView, seenAt: string, config: SourceConfig<AgentScopeSettings>): AgentScopeTeamRecord {
  const { team: row, leader_agent: leader, members } = view;
  const { id: sourceId, settings } = config;
  return {
    sourceId,
    provider: 'agentscope',
    key: toTeamKey(view, seenAt),
    nativeId: row.id,
    name: row.data.name,
    description: row.data.description,
    createdAt: parseInstant(row.created_at, settings.timezone),
    leader: leader === null ? null : toAgent(leader, config),
    members: members.map(({ agent: member, session_id: sessionId }) => ({
      agent: member === null ? null : toAgent(member, config),
      team: null,
      session: member === null ? null : toSessionRef(member.id, sessionId, sourceId),
    })),
    row: { ...row, timezone: settings.timezone },
  };
}

/**
 * A team is only seen on the sessions of its agents, so its key says whose to look at: the leader's, else those of the member
 * that every view of the team would choose.
 */
export function toTeamKey({ team: { id }, leader_agent: leader, members }: TeamView, seenAt: string): string {
  const memberIds = members.flatMap(({ agent: member }) => (member === null ? [] : [member.id])).sort();
  return encodeKey(leader?.id ?? memberIds[0] ?? seenAt, id);
}

/** The agents that a team shows: the platform lists its workers nowhere else. */
export function agentsOf({ leader_agent: leader, members }: TeamView): readonly Agent[] {
  return [leader, ...members.map(({ agent: member }) => member)].filter((each) => each !== null);
}

function toSessionRef(agentId: string, sessionId: string | null, sourceId: string): EntityRef | null {
  return sessionId === null ? null : { sourceId, key: encodeKey(agentId, sessionId) };
}

export const teamShape: ObjectShape<AgentScopeTeamRecord> = {
  name: 'AgentScopeTeam',
  description: "A team, created in a session of its leader. The platform shows it only on its agents' sessions.",
  fields: {
    ...sent.fieldsOf(columns, ({ row }: AgentScopeTeamRecord) => row, {
      user: user('The user who owns the team.', ({ row }) => row.user_id),
      createdAt: time('When the team was created.', ({ createdAt }) => createdAt),
      updatedAt: time('When the team was last changed.', ({ row }) => parseInstant(row.updated_at, row.timezone)),
      leaderAgentId: text('The id of the agent that leads the team, if the platform sends it.', ({ leader, row }) => {
        return leader?.nativeId ?? row.leader_agent_id;
      }),
      leaderSession: entity('session', 'The session that leads the team.', ({ leader, row, sourceId }) => {
        return leader === null ? null : toSessionRef(leader.nativeId, row.session_id, sourceId);
      }),
    }),
    ...sent.fieldsOf(data, ({ row }: AgentScopeTeamRecord) => row.data),
  },
};
