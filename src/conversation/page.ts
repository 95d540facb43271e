import { RequestError } from '../domain/errors.ts';
import type { MessageRecord } from '../domain/message.ts';
import type { Conversation, Place, Placed } from './conversation.ts';

export interface MessagePageRequest {
  readonly walk: 'forward' | 'backward';
  readonly size: number;
  readonly after: Place | null;
  readonly before: Place | null;
  /** Null for all messages. */
  readonly accepts: ((message: MessageRecord) => boolean) | null;
  /** Maximum number of messages read for the page. */
  readonly rows: number;
}

export interface MessagePage {
  /** Oldest first. */
  readonly items: readonly Placed[];
  /** Where the next page of the walk begins; null for the end at which this one began. */
  readonly end: Place | null;
  /** Whether more may follow in the direction of the walk. */
  readonly more: boolean;
  readonly scanned: number;
  readonly outOfRows: boolean;
  readonly isCut: boolean;
  /** The number of accepted messages, where the page read from one end to the other. */
  readonly total: number | null;
}

/** A page of a conversation, whichever ways its platform can be read. */
export async function readMessagePage(conversation: Conversation, request: MessagePageRequest): Promise<MessagePage> {
  const { walk, size, accepts, rows } = request;
  const isForward = walk === 'forward';
  const begin = isForward ? request.after : request.before;
  const until = isForward ? request.before : request.after;
  const bound = until?.id ?? null;
  const items: Placed[] = [];
  let place = begin;
  let scanned = 0;
  let accepted = 0;
  let isCut = false;
  if (isPast(begin, until, isForward)) {
    return { items, end: begin, more: false, scanned, outOfRows: false, isCut, total: null };
  }
  for (;;) {
    const messages = accepts === null ? Math.max(1, size - items.length) : Number.MAX_SAFE_INTEGER;
    const stretch = await conversation[isForward ? 'after' : 'before'](place, { messages, rows: rows - scanned });
    scanned += stretch.scanned;
    isCut ||= stretch.isCut;
    const isLast = isForward ? stretch.isEnd : stretch.isStart;
    const ahead = isForward ? stretch.items : stretch.items.toReversed();
    const boundAt = bound === null ? -1 : ahead.findIndex((item) => item.message.id === bound);
    const inside = boundAt === -1 ? ahead : ahead.slice(0, boundAt);
    if (bound !== null && boundAt === -1 && isLast) throw placeMissed();
    const wanted = accepts === null ? inside : inside.filter(({ message }) => accepts(message));
    accepted += wanted.length;
    items.push(...wanted.slice(0, size - items.length));
    const isOver = isLast || boundAt >= 0;
    const isFull = items.length >= size;
    const outOfRows = stretch.unfinished !== null || (!isOver && !isFull && scanned >= rows);
    if (isOver || isFull || outOfRows) {
      const reached = outOfRows ? (stretch.unfinished ?? ahead.at(-1)?.place) : items.at(-1)?.place;
      return {
        items: isForward ? items : items.toReversed(),
        end: reached ?? begin,
        more: accepted > items.length || !isOver,
        scanned,
        outOfRows,
        isCut,
        total: begin === null && isLast && boundAt === -1 && !isCut ? accepted : null,
      };
    }
    const [next] = ahead.slice(-1);
    if (next === undefined) throw new Error('A conversation gave nothing and did not say that it ends.');
    place = next.place;
  }
}

/** Whether the walk begins where it is to end, or behind it, as far as that is known before it. */
function isPast(begin: Place | null, until: Place | null, isForward: boolean): boolean {
  if (begin === null || until === null || begin.id === null || until.id === null) return false;
  if (begin.id === until.id) return true;
  if (begin.position === null || until.position === null) return false;
  return isForward ? begin.position > until.position : begin.position < until.position;
}

function placeMissed(): RequestError {
  const sentence = 'There is no message of the cursor `before` after that of the cursor `after`';
  return new RequestError('BAD_CURSOR', `${sentence}; start again without them.`);
}
