import type { OperationContext } from '../../context.ts';
import type { SessionRecord, WorkflowRecord } from '../../domain/records.ts';
import { completeSession } from '../../entities/completion.ts';
import { relatedEntity } from '../../entities/related-entity.ts';

export async function sessionWorkflow(
  session: SessionRecord,
  selected: () => ReadonlySet<string>,
  context: OperationContext,
): Promise<WorkflowRecord | null> {
  const { sourceId, provider } = session;
  const key = session.workflowKey ?? (await completeSession(session, context)).workflowKey;
  return key === null ? null : relatedEntity('workflow', { ref: { sourceId, key }, provider, selected }, context);
}
