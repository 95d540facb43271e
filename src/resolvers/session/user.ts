import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeSession } from './complete-session.ts';

export async function sessionUser(
  session: SessionRecord,
  context: OperationContext,
): Promise<{ readonly id: string } | null> {
  const { userId } = await completeSession(session, context);
  return userId === null ? null : { id: userId };
}
