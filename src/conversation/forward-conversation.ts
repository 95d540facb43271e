import type { MessageRecord } from '../domain/message.ts';
import {
  type Conversation,
  type Place,
  type Placed,
  placeGone,
  type Stretch,
  unfinishedAt,
  type Wanted,
} from './conversation.ts';

export interface ForwardReads {
  /** At most `limit` messages from the one at `offset` on, oldest first. */
  read(offset: number, limit: number): Promise<readonly MessageRecord[]>;
  readonly maxLimit: number;
}

/**
 * For platforms that page by an offset from the beginning, and do not count. The end is found by reading up to it. The message
 * of a place is read again with its neighbours: where another one is at its position, the conversation is searched for it.
 */
export function forwardConversation({ read, maxLimit }: ForwardReads): Conversation {
  function toPlaced(messages: readonly MessageRecord[], offset: number): readonly Placed[] {
    return messages.map((message, index) => {
      return { message, place: { id: message.id, position: offset + index, anchor: null } };
    });
  }

  /** Everything from an offset to the end. */
  async function readToEnd(offset: number, rows: number): Promise<Stretch> {
    const messages: MessageRecord[] = [];
    for (;;) {
      const page = await read(offset + messages.length, maxLimit);
      messages.push(...page);
      if (page.length < maxLimit) {
        const items = toPlaced(messages, offset);
        return { items, scanned: messages.length, isStart: offset === 0, isEnd: true, unfinished: null, isCut: false };
      }
      if (messages.length >= rows) {
        return unfinishedAt({ id: null, position: offset + messages.length, anchor: null }, messages.length);
      }
    }
  }

  /** For a place that is not at its position, or has none. */
  async function search(id: string | null): Promise<number> {
    for (let offset = 0; ; offset += maxLimit) {
      const page = await read(offset, maxLimit);
      const index = page.findIndex((message) => message.id === id);
      if (index >= 0) return offset + index;
      if (page.length < maxLimit) throw placeGone();
    }
  }

  async function afterPosition(from: number, id: string | null, messages: number): Promise<Stretch | null> {
    // The message itself comes with those after it, and one more shows whether there are more.
    const own = id === null ? 0 : 1;
    const limit = Math.min(messages + own + 1, maxLimit);
    const page = await read(from, limit);
    if (id !== null && page[0]?.id !== id) return null;
    const items = toPlaced(page, from).slice(own);
    const isEnd = page.length < limit;
    return { items, scanned: page.length, isStart: from + own === 0, isEnd, unfinished: null, isCut: false };
  }

  async function beforePosition(until: number, id: string | null, messages: number): Promise<Stretch | null> {
    const own = id === null ? 0 : 1;
    const from = Math.max(0, until - Math.min(messages, maxLimit - own));
    const page = await read(from, until - from + own);
    if (id !== null && page[until - from]?.id !== id) return null;
    const items = toPlaced(page, from).slice(0, until - from);
    return { items, scanned: page.length, isStart: from === 0, isEnd: false, unfinished: null, isCut: false };
  }

  async function around(
    place: Place,
    stretchAt: (position: number, id: string | null) => Promise<Stretch | null>,
  ): Promise<Stretch> {
    const known = place.position === null ? null : await stretchAt(place.position, place.id);
    const found = known ?? (await stretchAt(await search(place.id), place.id));
    if (found === null) throw placeGone();
    return found;
  }

  return {
    async after(place, { messages }: Wanted) {
      const stretchAt = (position: number, id: string | null) => afterPosition(position, id, messages);
      return around(place ?? { id: null, position: 0, anchor: null }, stretchAt);
    },
    async before(place, { messages, rows }: Wanted) {
      if (place !== null && place.id !== null) {
        return around(place, (position, id) => beforePosition(position, id, messages));
      }
      const position = place?.position ?? 0;
      const tail = await readToEnd(position, rows);
      if (tail.items.length > 0 || tail.unfinished !== null || position === 0) return tail;
      const last = await beforePosition(position, null, messages);
      return { ...(last ?? tail), isEnd: true };
    },
    count: async () => null,
  };
}
