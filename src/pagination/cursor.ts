import { createHash } from 'node:crypto';
import { RequestError } from '../domain/errors.ts';
import type { Boundary } from './boundary.ts';
import { cursorOfAnotherVersion, fromCursorText, toCursorText, unreadableCursor } from './cursor-text.ts';
import type { Moment } from './order.ts';
import type { Hint } from './trail.ts';

/**
 * What a client cursor says: a place in the merged list, and what makes it cheap to find again. It holds all that is needed to
 * go on, so any replica of the server can. Only `boundary` and `lags` decide what comes next; hints may be stale or missing.
 *
 * Before base64 it reads, for example, `1Fp4x2Qh=mfk3,agno,agent/s-7|Ab12Cd=mf9z,everruns,s-3|~Ef34Ghd2s`: version 1, the list's
 * fingerprint, begun at the head, after the row `agent/s-7` of source agno; the feed Ab12Cd only got as far as the row s-3 of
 * source everruns; the feed Ef34Gh was last seen at the position d2s. Four characters of a checksum come first.
 */
export interface Cursor {
  /** In the direction of the list, whichever way the walk went. */
  readonly boundary: Boundary;
  /** Feeds, and whole sources, that are not at `boundary`, by tag: they failed, or are in the midst of a large group. */
  readonly lags: ReadonlyMap<string, Boundary>;
  readonly hints: ReadonlyMap<string, Hint>;
  /** What is known of the feeds beyond the boundary, for a walk that goes on the same way; null when it is not worth its bytes. */
  readonly horizon: Horizon | null;
  /** The end of the list the walk began at: a feed without a hint is within one read of it. */
  readonly origin: 'head' | 'tail';
}

/**
 * What spares a walk over very many feeds from reading all of them for each page: between the cursor's boundary and this moment
 * only the near feeds have rows, so the others need not be asked before the walk gets there.
 */
export interface Horizon {
  readonly walk: 'forward' | 'backward';
  readonly moment: Moment;
  /** Feeds by tag. */
  readonly near: ReadonlySet<string>;
}

/** What a walk knows of what comes next, from which a cursor takes as much as it has room for. */
export interface Outlook {
  readonly walk: Horizon['walk'];
  /** Feeds with the moment before which none of their rows come, soonest first. */
  readonly feeds: readonly { readonly tag: string; readonly moment: Moment }[];
  /** The moment at the end of the list, if it has one that no row can come after: then that is as far as can be seen. */
  readonly end: Moment | undefined;
}

export interface OfferedHint {
  readonly tag: string;
  readonly hint: Hint;
  /** The deeper the feed, the more its hint is worth. */
  readonly depth: number;
  /** False when it may be left out of a long cursor: then the place is found again from the beginning of the list. */
  readonly needed: boolean;
}

const version = '1';
/** Characters before base64, which makes four of three: cursors stay under 600, unless very many lists are deep or down. */
const maxPlainLength = 440;
const tagLength = 6;
/** Feeds that a horizon names, at the most. */
const maxNear = 40;

/** Every page needs those of all its feeds again. */
const tags = new Map<string, string>();
const maxTags = 10_000;

export function sourceTag(sourceId: string): string {
  return tagOf(sourceId);
}

export function feedTag(sourceId: string, feedId: string): string {
  return tagOf(`${sourceId}\n${feedId}`);
}

function tagOf(name: string): string {
  const known = tags.get(name);
  if (known !== undefined) return known;
  if (tags.size >= maxTags) tags.clear();
  const tag = digest(name, tagLength);
  tags.set(name, tag);
  return tag;
}

/** Two lists have one fingerprint only if their cursors may be exchanged. What is null is as good as absent. */
export function fingerprintOf(list: unknown): string {
  return digest(
    JSON.stringify(list, (_, value: unknown) => value ?? undefined),
    6,
  );
}

export function encodeCursor(
  cursor: Omit<Cursor, 'hints' | 'horizon'>,
  hints: readonly OfferedHint[],
  outlook: Outlook | null,
  fingerprint: string,
): string {
  const tagsAt = new Map<string, string>();
  for (const [tag, boundary] of cursor.lags) {
    const place = encodeBoundary(boundary);
    tagsAt.set(place, `${tagsAt.get(place) ?? ''}${tag}`);
  }
  const lags = [...tagsAt].map(([place, tags]) => `${tags}${place}`);
  let plain = [
    `${version}${fingerprint}${cursor.origin === 'head' ? 'h' : 't'}${encodeBoundary(cursor.boundary)}`,
    ...lags,
  ].join('|');
  plain += outlook === null ? '' : encodeHorizon(outlook, maxPlainLength - plain.length);
  const worthMore = (left: OfferedHint, right: OfferedHint) =>
    Number(right.needed) - Number(left.needed) || (left.depth === right.depth ? 0 : right.depth > left.depth ? 1 : -1);
  for (const { tag, hint, needed } of hints.toSorted(worthMore)) {
    const text = `|~${tag}${encodePosition(hint.behind)}${hint.ahead === null ? '' : `,${encodePosition(hint.ahead)}`}`;
    if (needed || plain.length + text.length <= maxPlainLength) plain += text;
  }
  return toCursorText(plain);
}

export function decodeCursor(text: string, fingerprint: string): Cursor {
  const [first = '', ...rest] = fromCursorText(text).split('|');
  if (!first.startsWith(version)) throw cursorOfAnotherVersion();
  if (first.slice(1, 7) !== fingerprint) {
    throw new RequestError('BAD_CURSOR', 'The cursor belongs to a list with another filter, order or parent.');
  }
  const lags = rest.filter((part) => !/^[~!]/.test(part));
  const hints = rest.filter((part) => part.startsWith('~'));
  const horizon = rest.find((part) => part.startsWith('!'));
  return {
    origin: first.charAt(7) === 't' ? 'tail' : 'head',
    boundary: decodeBoundary(first.slice(8)),
    lags: new Map(lags.flatMap(decodeLags)),
    horizon: horizon === undefined ? null : decodeHorizon(horizon),
    hints: new Map(hints.map((part) => [part.slice(1, 7), decodeHint(part.slice(7))])),
  };
}

function encodeHorizon({ walk, feeds, end }: Outlook, room: number): string {
  const count = Math.min(maxNear, Math.floor((room - 20) / tagLength));
  const beyond = feeds[count];
  const moment = beyond === undefined ? end : beyond.moment;
  if (count < 1 || moment === undefined) return '';
  const near = feeds.slice(0, count).filter((feed) => feed.moment !== moment);
  return `|!${walk === 'forward' ? 'f' : 'b'}${encodeMoment(moment)},${near.map(({ tag }) => tag).join('')}`;
}

function decodeHorizon(text: string): Horizon {
  const [moment = '', tags = ''] = text.slice(2).split(',');
  return {
    walk: text.charAt(1) === 'b' ? 'backward' : 'forward',
    moment: decodeMoment(moment),
    near: new Set(tags.match(/.{6}/g)),
  };
}

const rowSigns = { 'before-row': '[', row: '=', 'after-row': ']' } as const;

function encodeBoundary(boundary: Boundary): string {
  switch (boundary.at) {
    case 'head':
      return '^';
    case 'end':
      return '$';
    case 'before':
      return `<${encodeMoment(boundary.moment)}`;
    case 'after':
      return `>${encodeMoment(boundary.moment)}`;
    case 'inside':
      return `*${encodeMoment(boundary.moment)},${encodePosition(boundary.position)}`;
    case 'before-row':
    case 'row':
    case 'after-row':
      return `${rowSigns[boundary.at]}${encodeMoment(boundary.moment)},${boundary.sourceId},${boundary.key}`;
  }
}

function decodeBoundary(text: string): Boundary {
  if (text === '^') return { at: 'head' };
  if (text === '$') return { at: 'end' };
  const [momentText = '', second = '', third = ''] = text.slice(1).split(',');
  const moment = decodeMoment(momentText);
  switch (text.charAt(0)) {
    case '<':
      return { at: 'before', moment };
    case '>':
      return { at: 'after', moment };
    case '*':
      return { at: 'inside', moment, position: decodePosition(second) };
    case rowSigns['before-row']:
      return { at: 'before-row', moment, sourceId: second, key: third };
    case rowSigns.row:
      return { at: 'row', moment, sourceId: second, key: third };
    case rowSigns['after-row']:
      return { at: 'after-row', moment, sourceId: second, key: third };
    default:
      throw unreadableCursor();
  }
}

/** The tags of all that are at one boundary, then the boundary; its sign is no letter of a tag. */
function decodeLags(text: string): [string, Boundary][] {
  const length = text.search(/[^\w-]/);
  if (length < tagLength || length % tagLength !== 0) throw unreadableCursor();
  const boundary = decodeBoundary(text.slice(length));
  return Array.from({ length: length / tagLength }, (_, index) => [
    text.slice(index * tagLength, (index + 1) * tagLength),
    boundary,
  ]);
}

/** By way of big integers: times beyond the years 1684 to 2255 are larger than what `toString` and `parseInt` keep exactly. */
function encodeMoment(moment: Moment): string {
  if (typeof moment === 'string') return `"${Buffer.from(moment).toString('base64url')}`;
  return moment === null ? 'n' : BigInt(moment).toString(36);
}

function decodeMoment(text: string): Moment {
  if (text === 'n') return null;
  if (text.startsWith('"')) return Buffer.from(text.slice(1), 'base64url').toString();
  const [, sign, digits] = /^(-?)([0-9a-z]{1,12})$/.exec(text) ?? [];
  if (digits === undefined) throw unreadableCursor();
  const size = [...digits].reduce((value, digit) => value * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  return Number(sign === '-' ? -size : size);
}

function encodePosition(position: string | null): string {
  return position === null ? '' : encodeURIComponent(position);
}

function decodePosition(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadableCursor();
  }
}

function decodeHint(text: string): Hint {
  const [behind = '', ahead = ''] = text.split(',').map(decodePosition);
  return { behind: behind === '' ? null : behind, ahead: ahead === '' ? null : ahead };
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
