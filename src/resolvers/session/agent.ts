import type { OperationContext } from '../../context.ts';
import type { AgentRecord, SessionRecord } from '../../domain/records.ts';
import { neighbour } from '../entity.ts';
import { completeSession } from './complete-session.ts';

export async function sessionAgent(
  session: SessionRecord,
  selected: () => ReadonlySet<string>,
  context: OperationContext,
): Promise<AgentRecord | null> {
  const { sourceId, provider } = session;
  const key = session.agentKey ?? (await completeSession(session, context)).agentKey;
  return key === null ? null : neighbour('agent', { ref: { sourceId, key }, provider, selected }, context);
}
