import type { Conversation } from '../../conversation/conversation.ts';
import { wholeConversation } from '../../conversation/whole-conversation.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { sessionGone } from '../message-parts.ts';
import type { AgnoClient } from './client.ts';
import { countMessages } from './run.ts';
import { toType } from './session.ts';
import { toMessages } from './turn.ts';

/** The platform sends all runs of a session in one answer, oldest first, each with its messages. */
export function agnoConversation({ kind, nativeId, sourceId }: SessionRecord, client: AgnoClient): Conversation {
  return wholeConversation(async () => {
    const runs = await client.listRuns(toType(kind), nativeId);
    if (runs === null) throw sessionGone(sourceId);
    return { messages: toMessages(runs), scanned: countMessages(runs), isCut: false };
  });
}
