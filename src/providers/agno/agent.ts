import type { AgentRecord } from '../../domain/records.ts';
import { flag, json, type ObjectShape } from '../shape.ts';
import { type MemberRow, memberFields, nonDefault, toMemberRecord } from './member.ts';

export type AgnoAgentRecord = AgentRecord<MemberRow>;

export function toAgent(row: MemberRow, sourceId: string): AgnoAgentRecord | null {
  const record = toMemberRecord(row, sourceId);
  return record === null ? null : { ...record, model: row.model?.model ?? null };
}

export const agentShape: ObjectShape<AgnoAgentRecord> = {
  name: 'AgnoAgent',
  description: 'An agent of an Agno AgentOS, or one that is only embedded in a team or workflow.',
  fields: {
    ...memberFields,
    extraMessages: json(`Settings for messages added to each run. ${nonDefault}`, ({ row }) => row.extra_messages),
    filesystem: flag('Whether it has its own file system. Null before version 3.1.', ({ row }) => row.filesystem),
  },
};
