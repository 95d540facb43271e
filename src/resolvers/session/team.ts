import type { OperationContext } from '../../context.ts';
import type { SessionRecord, TeamRecord } from '../../domain/records.ts';
import { completeSession } from '../../entities/completion.ts';
import { relatedEntity } from '../../entities/related-entity.ts';

export async function sessionTeam(
  session: SessionRecord,
  selected: () => ReadonlySet<string>,
  context: OperationContext,
): Promise<TeamRecord | null> {
  const { sourceId, provider } = session;
  const key = session.teamKey ?? (await completeSession(session, context)).teamKey;
  return key === null ? null : relatedEntity('team', { ref: { sourceId, key }, provider, selected }, context);
}
