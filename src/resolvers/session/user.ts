import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeSession } from '../../entities/completion.ts';

export async function sessionUser(
  session: SessionRecord,
  context: OperationContext,
): Promise<{ readonly id: string } | null> {
  const userId = session.userId ?? (await completeSession(session, context)).userId;
  return userId === null ? null : { id: userId };
}
