import { RequestError } from '../domain/errors.ts';
import type { MessageRecord } from '../domain/message.ts';

/** The messages of one session, oldest first in the order of the platform, as one operation reads them. */
export interface Conversation {
  /** Messages that come right after a place; from the beginning for null. */
  after(place: Place | null, wanted: Wanted): Promise<Stretch>;
  /** Messages that come right before a place; up to the end for null. */
  before(place: Place | null, wanted: Wanted): Promise<Stretch>;
  /** How many of its messages are accepted; null when the platform does not send them all at once. */
  count(accepts: (message: MessageRecord) => boolean): Promise<number | null>;
}

export interface Wanted {
  /** A stretch may have more than are wanted, or fewer where the platform sends fewer. */
  readonly messages: number;
  /** About how many messages may be read at the most to get there. */
  readonly rows: number;
}

/**
 * Where in a conversation a cursor is: at a message, or on the way to an end that the platform reaches only from the other one.
 * Only `id` decides what comes next; `position` and `anchor` say how to get there with few requests.
 */
export interface Place {
  /** Null on the way to an end. */
  readonly id: string | null;
  /** How many messages come before it; null when that is not known. */
  readonly position: number | null;
  /** A message further on from which the platform can read back; null for the end. */
  readonly anchor: string | null;
}

/** Messages that follow each other without a gap, oldest first. */
export interface Stretch {
  readonly items: readonly Placed[];
  /** How many messages the platform sent for it. */
  readonly scanned: number;
  /** Whether nothing comes before it. */
  readonly isStart: boolean;
  /** Whether nothing comes after it. */
  readonly isEnd: boolean;
  /** Where to go on when the rows were used up on the way; then there are no items. */
  readonly unfinished: Place | null;
  /** Whether the platform may have more that was not searched, and that belongs to it or next to it. */
  readonly isCut: boolean;
}

export interface Placed {
  readonly message: MessageRecord;
  readonly place: Place;
}

export function unfinishedAt(place: Place, scanned: number): Stretch {
  return { items: [], scanned, isStart: false, isEnd: false, unfinished: place, isCut: false };
}

export function placeGone(): RequestError {
  return new RequestError(
    'BAD_CURSOR',
    'The message of the cursor is no longer in the conversation; start again without it.',
  );
}
