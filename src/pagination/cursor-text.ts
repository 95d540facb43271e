import { crc32 } from 'node:zlib';
import { RequestError } from '../domain/errors.ts';

/** What every cursor is to a client: one opaque text, refused when it was cut short or edited by hand. Whoever wants to can make one. */

const checksumLength = 4;

export function toCursorText(plain: string): string {
  return Buffer.from(checksumOf(plain) + plain).toString('base64url');
}

export function fromCursorText(text: string): string {
  const decoded = Buffer.from(text, 'base64url').toString();
  const plain = decoded.slice(checksumLength);
  const isWhole = checksumOf(plain) === decoded.slice(0, checksumLength);
  if (!isWhole || Buffer.from(decoded).toString('base64url') !== text) throw unreadableCursor();
  return plain;
}

export function unreadableCursor(): RequestError {
  return new RequestError('BAD_CURSOR', 'The cursor was not made by this graph, or is incomplete.');
}

export function cursorOfAnotherVersion(): RequestError {
  return new RequestError(
    'BAD_CURSOR',
    'The cursor was made by another version of this graph; start again without it.',
  );
}

function checksumOf(plain: string): string {
  return crc32(plain).toString(36).padStart(checksumLength, '0').slice(-checksumLength);
}
