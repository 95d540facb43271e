import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';

/** The session with what lists or lookups leave out; the session as it is at hand when it has gone meanwhile. */
export async function detailedSession(session: SessionRecord, context: OperationContext): Promise<SessionRecord> {
  return (await context.loaders.sessionDetail.load(session)) ?? session;
}
