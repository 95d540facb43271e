import type { TeamMemberRecord, TeamRecord } from '../../domain/records.ts';
import { type ObjectShape, text } from '../shape.ts';
import { toAgent } from './agent.ts';
import { isTeam, type MemberRow, memberFields, toMemberRecord } from './member.ts';

export type AgnoTeamRecord = TeamRecord<MemberRow>;

export function toTeam(row: MemberRow, sourceId: string): AgnoTeamRecord | null {
  const record = toMemberRecord(row, sourceId);
  if (record === null) return null;
  const members = (row.members ?? []).map((member) => toMember(member, sourceId)).filter((member) => member !== null);
  // The team leads itself, with its own model and instructions.
  return { ...record, leader: null, members };
}

function toMember(row: MemberRow, sourceId: string): TeamMemberRecord | null {
  const agent = isTeam(row) ? null : toAgent(row, sourceId);
  const team = isTeam(row) ? toTeam(row, sourceId) : null;
  return agent === null && team === null ? null : { agent, team, session: null };
}

export const teamShape: ObjectShape<AgnoTeamRecord> = {
  name: 'AgnoTeam',
  description:
    'A team of an Agno AgentOS. No member leads it: the team has a model and instructions of its own. ' +
    'Members that are embedded in the team may exist nowhere else.',
  fields: {
    model: text('The id of the model that leads the team.', ({ row }) => row.model?.model ?? null),
    mode: text(
      'How the members work together: `coordinate`, `route`, `broadcast` or `tasks`. Null before version 2.5.',
      ({ row }) => row.mode,
    ),
    ...memberFields,
  },
};
