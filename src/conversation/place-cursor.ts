import { crc32 } from 'node:zlib';
import { RequestError } from '../domain/errors.ts';
import type { Place } from './conversation.ts';

const version = 'm1';

/** A cursor in a conversation; `fingerprint` stands for its session and its filter. */
export function encodePlace({ id, position, anchor }: Place, fingerprint: string): string {
  const plain = JSON.stringify([version, fingerprint, id, position, anchor]);
  return Buffer.from(checksumOf(plain) + plain).toString('base64url');
}

export function decodePlace(text: string, fingerprint: string): Place {
  const decoded = Buffer.from(text, 'base64url').toString();
  const plain = decoded.slice(8);
  const isWhole = plain !== '' && checksumOf(plain) === decoded.slice(0, 8);
  if (!isWhole || Buffer.from(decoded).toString('base64url') !== text) throw unreadable();
  const [madeBy, of, id, position, anchor] = parse(plain);
  if (madeBy !== version) {
    throw new RequestError(
      'BAD_CURSOR',
      'The cursor was made by another version of this graph; start again without it.',
    );
  }
  if (of !== fingerprint) {
    throw new RequestError('BAD_CURSOR', 'The cursor belongs to another session, or to a list with another filter.');
  }
  if (!isIdOrNull(id) || !isIdOrNull(anchor) || !isPositionOrNull(position)) throw unreadable();
  return { id, position, anchor };
}

function parse(plain: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(plain);
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // It is not one of this graph.
  }
  throw unreadable();
}

function isIdOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isPositionOrNull(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
}

function unreadable(): RequestError {
  return new RequestError('BAD_CURSOR', 'The cursor is not one of this graph, or is incomplete.');
}

/** Against cursors that were cut short or edited by hand; whoever wants to can make one. */
function checksumOf(plain: string): string {
  return crc32(plain).toString(16).padStart(8, '0');
}
