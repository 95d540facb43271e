import { fromCursorOfParts, toCursorOfParts, unreadableCursor } from '../pagination/cursor-text.ts';
import type { Place } from './conversation.ts';

const version = 'm1';
const refusal = 'The cursor belongs to another session, or to a list with another filter.';

/** A cursor in a conversation; `fingerprint` stands for its session and its filter. */
export function encodePlace({ id, position, anchor }: Place, fingerprint: string): string {
  return toCursorOfParts(version, fingerprint, [id, position, anchor]);
}

export function decodePlace(text: string, fingerprint: string): Place {
  const [id, position, anchor] = fromCursorOfParts(text, { version, fingerprint, refusal });
  if (!isIdOrNull(id) || !isIdOrNull(anchor) || !isPositionOrNull(position)) throw unreadableCursor();
  return { id, position, anchor };
}

function isIdOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isPositionOrNull(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
}
