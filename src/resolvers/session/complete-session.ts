import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';

/** Some lists do not say whose and with whom a session is; only then, and only when it is asked, the session itself is read. */
export async function completeSession(session: SessionRecord, context: OperationContext): Promise<SessionRecord> {
  if (session.complete) return session;
  return (await context.loaders.session.load(session)) ?? session;
}
