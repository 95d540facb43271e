import { createHash } from 'node:crypto';
import { RequestError } from '../domain/errors.ts';
import type { Moment } from './order.ts';
import { head, type Point } from './point.ts';
import type { Hint } from './reader.ts';

/**
 * What a client cursor says: a place in the merged list, and what makes it cheap to find again. It holds all that is needed to
 * go on, so any replica of the server can. Only `point` and `lags` decide what comes next; hints may be stale or missing.
 */
export interface Cursor {
  /** In the direction of the list, whichever way the walk went. */
  readonly point: Point;
  /** Feeds, and whole sources, that are not as far as `point`, by tag: they failed, or are in the midst of a large group. */
  readonly lags: ReadonlyMap<string, Point>;
  readonly hints: ReadonlyMap<string, Hint>;
  /** The end of the list the walk began at: a feed without a hint is within one read of it. */
  readonly origin: 'head' | 'tail';
}

/** A hint that may be left out when the cursor gets long; the deeper the feed, the more it is worth. */
export interface OfferedHint {
  readonly tag: string;
  readonly hint: Hint;
  readonly depth: number;
}

const version = '1';
/** Characters before base64, which makes four of three: cursors stay under 600. */
const maxPlainLength = 440;
const checksumLength = 4;

export function sourceTag(sourceId: string): string {
  return digest(sourceId, 6);
}

export function feedTag(sourceId: string, feedId: string): string {
  return digest(`${sourceId}\n${feedId}`, 6);
}

/** Two lists have one fingerprint only if their cursors may be exchanged. */
export function fingerprintOf(list: unknown): string {
  return digest(JSON.stringify(list), 6);
}

export function encodeCursor(
  cursor: Omit<Cursor, 'hints'>,
  hints: readonly OfferedHint[],
  fingerprint: string,
): string {
  const lags = [...cursor.lags].map(([tag, point]) => `${tag}${encodePoint(point)}`);
  let plain = [
    `${version}${fingerprint}${cursor.origin === 'head' ? 'h' : 't'}${encodePoint(cursor.point)}`,
    ...lags,
  ].join('|');
  for (const { tag, hint } of hints.toSorted((left, right) =>
    left.depth === right.depth ? 0 : right.depth > left.depth ? 1 : -1,
  )) {
    const text = `|~${tag}${encodePosition(hint.behind)}${hint.ahead === null ? '' : `,${encodePosition(hint.ahead)}`}`;
    if (plain.length + text.length <= maxPlainLength) plain += text;
  }
  return Buffer.from(digest(plain, checksumLength) + plain).toString('base64url');
}

export function decodeCursor(text: string, fingerprint: string): Cursor {
  const decoded = Buffer.from(text, 'base64url').toString();
  const plain = decoded.slice(checksumLength);
  const isWhole = digest(plain, checksumLength) === decoded.slice(0, checksumLength);
  if (!isWhole || Buffer.from(decoded).toString('base64url') !== text) throw unreadable();
  const [first = '', ...rest] = plain.split('|');
  if (!first.startsWith(version)) {
    throw new RequestError(
      'BAD_CURSOR',
      'The cursor was made by another version of this graph; start again without it.',
    );
  }
  if (first.slice(1, 7) !== fingerprint) {
    throw new RequestError('BAD_CURSOR', 'The cursor belongs to a list with another filter, order or parent.');
  }
  const lags = rest.filter((part) => !part.startsWith('~'));
  const hints = rest.filter((part) => part.startsWith('~'));
  return {
    origin: first.charAt(7) === 't' ? 'tail' : 'head',
    point: decodePoint(first.slice(8)),
    lags: new Map(lags.map((part) => [part.slice(0, 6), decodePoint(part.slice(6))])),
    hints: new Map(hints.map((part) => [part.slice(1, 7), decodeHint(part.slice(7))])),
  };
}

function unreadable(): RequestError {
  return new RequestError('BAD_CURSOR', 'The cursor is not one of this graph, or is incomplete.');
}

function encodePoint(point: Point): string {
  switch (point.at) {
    case 'head':
      return '^';
    case 'before':
      return `<${encodeMoment(point.moment)}`;
    case 'after':
      return `>${encodeMoment(point.moment)}`;
    case 'inside':
      return `*${encodeMoment(point.moment)},${encodePosition(point.position)}`;
    case 'row':
      return `=${encodeMoment(point.moment)},${point.sourceId},${point.key}`;
  }
}

function decodePoint(text: string): Point {
  if (text === '^') return head;
  const [momentText = '', second = '', third = ''] = text.slice(1).split(',');
  const moment = decodeMoment(momentText);
  switch (text.charAt(0)) {
    case '<':
      return { at: 'before', moment };
    case '>':
      return { at: 'after', moment };
    case '*':
      return { at: 'inside', moment, position: decodePosition(second) };
    case '=':
      return { at: 'row', moment, sourceId: second, key: third };
    default:
      throw unreadable();
  }
}

function encodeMoment(moment: Moment): string {
  return moment === null ? 'n' : moment.toString(36);
}

function decodeMoment(text: string): Moment {
  if (text === 'n') return null;
  if (!/^-?[0-9a-z]{1,11}$/.test(text)) throw unreadable();
  return Number.parseInt(text, 36);
}

function encodePosition(position: string | null): string {
  return position === null ? '' : encodeURIComponent(position);
}

function decodePosition(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable();
  }
}

function decodeHint(text: string): Hint {
  const [behind = '', ahead = ''] = text.split(',').map(decodePosition);
  return { behind: behind === '' ? null : behind, ahead: ahead === '' ? null : ahead };
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
