import type { OperationContext } from '../../context.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { completeSession } from '../../entities/completion.ts';
import { type Reference, toUser } from '../../entities/reference.ts';

export async function sessionUser(session: SessionRecord, context: OperationContext): Promise<Reference | null> {
  const userId = session.userId ?? (await completeSession(session, context)).userId;
  return toUser(userId);
}
