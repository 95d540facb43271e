import type { OperationContext } from '../../context.ts';
import type { AgentRecord, SessionRecord } from '../../domain/records.ts';
import { completeSession } from '../../entities/completion.ts';
import { relatedEntity } from '../../entities/related-entity.ts';

export async function sessionAgent(
  session: SessionRecord,
  selected: () => ReadonlySet<string>,
  context: OperationContext,
): Promise<AgentRecord | null> {
  const { sourceId, provider } = session;
  const key = session.agentKey ?? (await completeSession(session, context)).agentKey;
  return key === null ? null : relatedEntity('agent', { ref: { sourceId, key }, provider, selected }, context);
}
