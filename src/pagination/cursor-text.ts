import { crc32 } from 'node:zlib';
import { RequestError } from '../domain/errors.ts';

/** What every cursor is to a client: one opaque text, refused when it was cut short or edited by hand. Whoever wants to can make one. */

const checksumLength = 4;

export function toCursorText(plain: string): string {
  return Buffer.from(checksumOf(plain) + plain).toString('base64url');
}

export function fromCursorText(text: string): string {
  const plain = readCursorText(text);
  if (plain === null) throw unreadableCursor();
  return plain;
}

/** Null when it was not made here. */
export function readCursorText(text: string): string | null {
  const decoded = Buffer.from(text, 'base64url').toString();
  const plain = decoded.slice(checksumLength);
  const isWhole = checksumOf(plain) === decoded.slice(0, checksumLength);
  return isWhole && Buffer.from(decoded).toString('base64url') === text ? plain : null;
}

/** A cursor of parts, good only for the list that `fingerprint` stands for. */
export function toCursorOfParts(version: string, fingerprint: string, parts: readonly unknown[]): string {
  return toCursorText(JSON.stringify([version, fingerprint, ...parts]));
}

/** `refusal` is what whoever gives the cursor of another list is told. */
export function fromCursorOfParts(
  text: string,
  {
    version,
    fingerprint,
    refusal,
  }: { readonly version: string; readonly fingerprint: string; readonly refusal: string },
): readonly unknown[] {
  const [madeBy, of, ...parts] = parse(fromCursorText(text));
  if (madeBy !== version) throw cursorOfAnotherVersion();
  if (of !== fingerprint) throw new RequestError('BAD_CURSOR', refusal);
  return parts;
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
