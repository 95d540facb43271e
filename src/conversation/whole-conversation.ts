import { lazily } from '../domain/lazily.ts';
import type { MessageRecord } from '../domain/message.ts';
import { type Conversation, type Place, placeGone, type Stretch } from './conversation.ts';

export interface MessageList {
  readonly messages: readonly MessageRecord[];
  /** How many rows the platform sent for them. */
  readonly scanned: number;
  /** Whether the platform may have more that was not searched. */
  readonly isCut: boolean;
}

/** For platforms that send a conversation as a whole. */
export function wholeConversation(load: () => Promise<MessageList>): Conversation {
  const list = lazily(load);

  function toStretch({ messages, scanned, isCut }: MessageList, from: number, until: number): Stretch {
    const items = messages
      .slice(from, until)
      .map((message, index) => ({ message, place: { id: message.id, position: from + index, anchor: null } }));
    return { items, scanned, isStart: from === 0, isEnd: until === messages.length, unfinished: null, isCut };
  }

  return {
    async after(place, wanted) {
      const all = await list();
      const from = place === null ? 0 : indexOf(place, all) + 1;
      return toStretch(all, from, Math.min(from + wanted.messages, all.messages.length));
    },
    async before(place, wanted) {
      const all = await list();
      const until = place === null ? all.messages.length : indexOf(place, all);
      return toStretch(all, Math.max(0, until - wanted.messages), until);
    },
    async count(accepts) {
      const { messages, isCut } = await list();
      return isCut ? null : messages.filter(accepts).length;
    },
  };
}

function indexOf({ id, position }: Place, { messages }: MessageList): number {
  if (position !== null && messages[position]?.id === id) return position;
  const index = messages.findIndex((message) => message.id === id);
  if (index === -1) throw placeGone();
  return index;
}
