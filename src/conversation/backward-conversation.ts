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

export interface BackwardReads {
  /** At least the last `limit` messages before one, or of all for null. A message that the platform does not know has none before it. */
  read(before: string | null, limit: number): Promise<BackwardPage>;
  readonly maxLimit: number;
}

export interface BackwardPage {
  /** Oldest first. */
  readonly messages: readonly MessageRecord[];
  readonly hasMore: boolean;
}

/**
 * For platforms that page from the end back. Reading forward means to walk back until the place is found; what was passed on the
 * way is what comes after it. So that the next page need not walk as far, each place has an anchor: the message from which one
 * read back leads to it and to as much after it as one read can hold.
 *
 *     one read back from the anchor:   [ place  a  b  c ] anchor
 */
export function backwardConversation({ read, maxLimit }: BackwardReads): Conversation {
  /** Places of messages that come right before `next`, the message of that id or the end. */
  function toPlaced(messages: readonly MessageRecord[], next: string | null, isStart: boolean): readonly Placed[] {
    return messages.map((message, index) => {
      const anchor = messages[index + maxLimit]?.id ?? next;
      return { message, place: { id: message.id, position: isStart ? index : null, anchor } };
    });
  }

  async function walkBack(place: Place | null, from: string | null, rows: number): Promise<Stretch | null> {
    const id = place?.id ?? null;
    let passed: readonly MessageRecord[] = [];
    let before = from;
    for (;;) {
      const page = await read(before, maxLimit);
      const index = id === null ? -1 : page.messages.findIndex((message) => message.id === id);
      const scanned = passed.length + page.messages.length;
      const isFound = id === null ? !page.hasMore : index >= 0;
      if (isFound) {
        const isStart = id === null;
        const items = toPlaced([...page.messages.slice(index + 1), ...passed], from, isStart);
        return { items, scanned, isStart, isEnd: from === null, unfinished: null, isCut: false };
      }
      const [first] = page.messages;
      if (!page.hasMore || first === undefined) return null;
      if (scanned >= rows) {
        // Not from the first message: if the place is right before it, nothing would be between them to go on with.
        const anchor = (page.messages[1] ?? first).id;
        return unfinishedAt({ id, position: null, anchor }, scanned);
      }
      passed = [...page.messages, ...passed];
      before = first.id;
    }
  }

  return {
    async after(place, { rows }: Wanted) {
      const anchor = place?.anchor ?? null;
      const near = anchor === null ? null : await walkBack(place, anchor, rows);
      // Nothing between the place and its anchor, or one of them is gone: the way leads from the end.
      if (near !== null && (near.items.length > 0 || near.unfinished !== null)) return near;
      const far = await walkBack(place, null, rows - (near?.scanned ?? 0));
      if (far === null) throw placeGone();
      return far;
    },
    async before(place, { messages }: Wanted) {
      if (place?.position === 0) {
        return { items: [], scanned: 0, isStart: true, isEnd: false, unfinished: null, isCut: false };
      }
      const next = place?.id ?? null;
      const page = await read(next, Math.min(messages, maxLimit));
      // Only the first message has none before it, and its place says that it is the first.
      if (next !== null && page.messages.length === 0) throw placeGone();
      const isStart = !page.hasMore;
      return {
        items: toPlaced(page.messages, next, isStart),
        scanned: page.messages.length,
        isStart,
        isEnd: next === null,
        unfinished: null,
        isCut: false,
      };
    },
    count: async () => null,
  };
}
