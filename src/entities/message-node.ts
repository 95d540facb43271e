import type { OperationContext } from '../context.ts';
import type { Place } from '../conversation/conversation.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { MessageOfSession } from '../domain/message.ts';
import type { EntityRef } from '../domain/records.ts';
import { decodeKey, encodeKey } from '../providers/key.ts';
import { conversationOf } from './conversation-of.ts';
import { toEntityRef, toNodeId } from './node-id.ts';
import { referencedId } from './reference.ts';

/** The id of a message holds the key of its session, so that it can be found by its id alone. */
export function messageNodeId({ session, message }: MessageOfSession): string {
  const { sourceId, key } = session;
  return toNodeId('message', { sourceId, key: `${key}/${encodeKey(message.id)}` });
}

/** Null when the session or the message is no longer there, or the session is not visible to the caller. */
export async function loadMessage(
  { sourceId, key }: EntityRef,
  context: OperationContext,
): Promise<MessageOfSession | null> {
  const end = key.lastIndexOf('/');
  const [id] = decodeKey(key.slice(end + 1), 1) ?? [];
  if (id === undefined || end < 1) return null;
  const session = await context.loaders.session.load({ sourceId, key: key.slice(0, end) });
  const conversation = session === null ? 'has no such session' : conversationOf(session, context);
  if (session === null || typeof conversation === 'string') return null;
  // From the end back: what is asked for again is usually new.
  let place: Place | null = null;
  let rows = context.paging.scanRows;
  for (;;) {
    const stretch = await conversation.before(place, { messages: Number.MAX_SAFE_INTEGER, rows });
    const found = stretch.items.find(({ message }) => message.id === id);
    if (found !== undefined) return { session, message: found.message };
    if (stretch.isStart && !stretch.isCut) return null;
    rows -= stretch.scanned;
    place = stretch.unfinished ?? stretch.items[0]?.place ?? null;
    if (rows <= 0 || place === null || stretch.isCut) {
      const sentence = 'has more messages in this session than are searched for one of them';
      throw new UpstreamError(sourceId, 'UPSTREAM_BUDGET_EXCEEDED', { sentence });
    }
  }
}

export function referencedMessage(
  reference: { readonly id: string },
  context: OperationContext,
): Promise<MessageOfSession | null> {
  return loadMessage(toEntityRef(referencedId(reference), 'message'), context);
}
