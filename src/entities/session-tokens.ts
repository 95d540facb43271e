import type { OperationContext } from '../context.ts';
import type { SessionRecord } from '../domain/records.ts';
import { registry } from '../providers/registry.ts';
import { completeSession } from './completion.ts';
import { isSessionCopy } from './session-copy.ts';

/** The tokens that a session counts. The row of a list may not say it; then the session itself is read. */
export function sessionTokens(
  session: SessionRecord,
  context: OperationContext,
): number | null | Promise<number | null> {
  if (isSessionCopy(session)) return session.row.totalTokens;
  if (session.complete) return tokensOf(session);
  return completeSession(session, context).then(tokensOf);
}

function tokensOf(session: SessionRecord): number | null {
  return registry.find(({ name }) => name === session.provider)?.totalTokensOf(session) ?? null;
}
