import type { OperationContext } from '../context.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { SessionRecord } from '../domain/records.ts';
import { sourceOf } from './source-of.ts';

type Known = Map<string, Conversation>;

const knownOfOperations = new WeakMap<OperationContext, Known>();

/** The conversation of a session, one for the whole operation, which keeps what it has read; or why there is none. */
export function conversationOf(session: SessionRecord, context: OperationContext): Conversation | string {
  const { of, unsupported } = sourceOf(session, context).conversations;
  if (of === null) return unsupported;
  const known: Known = knownOfOperations.get(context) ?? new Map();
  knownOfOperations.set(context, known);
  const name = `${session.sourceId}/${session.key}`;
  const conversation = known.get(name) ?? of(session);
  known.set(name, conversation);
  return conversation;
}
