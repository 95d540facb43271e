import { RequestError } from '../domain/errors.ts';
import { cursorOfAnotherVersion, fromCursorText, toCursorText, unreadableCursor } from '../pagination/cursor-text.ts';
import type { Place } from './conversation.ts';

const version = 'm1';

/** A cursor in a conversation; `fingerprint` stands for its session and its filter. */
export function encodePlace({ id, position, anchor }: Place, fingerprint: string): string {
  return toCursorText(JSON.stringify([version, fingerprint, id, position, anchor]));
}

export function decodePlace(text: string, fingerprint: string): Place {
  const [madeBy, of, id, position, anchor] = parse(fromCursorText(text));
  if (madeBy !== version) throw cursorOfAnotherVersion();
  if (of !== fingerprint) {
    throw new RequestError('BAD_CURSOR', 'The cursor belongs to another session, or to a list with another filter.');
  }
  if (!isIdOrNull(id) || !isIdOrNull(anchor) || !isPositionOrNull(position)) throw unreadableCursor();
  return { id, position, anchor };
}

function parse(plain: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(plain);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // It is not one of this graph.
  }
  throw unreadableCursor();
}

function isIdOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isPositionOrNull(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
}
