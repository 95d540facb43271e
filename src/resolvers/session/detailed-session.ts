import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';

/** The session as it is when it is read alone; the row of the list when it is gone meanwhile. */
export async function detailedSession(session: SessionRecord, context: OperationContext): Promise<SessionRecord> {
  return (await context.loaders.sessionDetail.load(session)) ?? session;
}
