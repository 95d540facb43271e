import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeSession } from '../../entities/completion.ts';
import { type Reference, toUser } from '../../entities/reference.ts';
import { isSessionCopy, keptField } from '../../entities/session-copy.ts';

export async function sessionUser(session: SessionRecord, context: OperationContext): Promise<Reference | null> {
  const userId = await keptField(session, 'userId', context);
  if (userId !== null || isSessionCopy(session)) return toUser(userId);
  return toUser((await completeSession(session, context)).userId);
}
