import type { Conversation } from '../../conversation/conversation.ts';
import { wholeConversation } from '../../conversation/whole-conversation.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { sessionGone } from '../message-parts.ts';
import type { EverrunsClient } from './client.ts';
import { toMessages } from './message.ts';

/** The platform sends a conversation in one answer, oldest first. */
export function everrunsConversation(session: SessionRecord, client: EverrunsClient): Conversation {
  return wholeConversation(async () => {
    const list = await client.listMessages(session.nativeId);
    if (list === null) throw sessionGone(session.sourceId);
    return {
      messages: toMessages(list.data, session.status),
      scanned: list.data.length,
      isCut: false,
    };
  });
}
