import type { AgentRecord } from '../../domain/records.ts';
import { encodeKey } from '../key.ts';
import { flag, json, type ObjectShape } from '../shape.ts';
import { type MemberRow, memberFields, memberIdOf, nonDefault } from './member.ts';

export type AgnoAgentRecord = AgentRecord<MemberRow>;

/** Null without an id and a name: nothing can refer to it. */
export function toAgent(row: MemberRow, sourceId: string): AgnoAgentRecord | null {
  const nativeId = memberIdOf(row);
  if (nativeId === null) return null;
  return {
    sourceId,
    provider: 'agno',
    key: encodeKey(nativeId),
    nativeId,
    name: row.name,
    description: row.description,
    model: row.model?.model ?? null,
    createdAt: null,
    row,
  };
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
