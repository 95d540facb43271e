import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInstant } from '../../src/domain/instant.ts';
import type { Boundary } from '../../src/pagination/boundary.ts';
import { decodeCursor, encodeCursor, fingerprintOf } from '../../src/pagination/cursor.ts';

const fingerprint = fingerprintOf({ filter: 'any' });
const row = { at: 'row', moment: 1_780_000_000_123_456, sourceId: 'agno-prod', key: 'agent/s-1%2F%C3%A9' } as const;

test('a cursor says again what was written into it', () => {
  const points: Boundary[] = [
    row,
    { ...row, at: 'before-row' },
    { ...row, at: 'after-row' },
    { at: 'head' },
    { at: 'end' },
    { at: 'before', moment: null },
    { at: 'after', moment: -5 },
    { at: 'inside', moment: 7, position: 'd1z,|~' },
  ];
  for (const boundary of points) {
    const cursor = encodeCursor(
      {
        boundary,
        lags: new Map<string, Boundary>([
          ['abcdef', row],
          ['-_2345', row],
          ['6789AB', boundary],
        ]),
        origin: 'tail',
      },
      [{ tag: 'ghijkl', hint: { behind: 'id,|~é', ahead: null }, depth: 9, needed: false }],
      null,
      fingerprint,
    );
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, fingerprint)).toEqual({
      boundary,
      lags: new Map<string, Boundary>([
        ['abcdef', row],
        ['-_2345', row],
        ['6789AB', boundary],
      ]),
      origin: 'tail',
      horizon: null,
      hints: new Map([['ghijkl', { behind: 'id,|~é', ahead: null }]]),
    });
  }
});

test('a cursor keeps every moment that a platform can give', () => {
  const texts = [
    '9999-12-31T23:59:59.999999Z',
    '9999-12-31T23:59:59.999999-12:00',
    '6143-01-01T00:00:00Z',
    '2255-06-05T23:47:34.740993Z',
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00.000001+14:00',
    '0000-01-01T00:00:00Z',
  ];
  for (const text of texts) {
    const moment = parseInstant(text)?.micros;
    if (moment === undefined) throw new Error(`${text} is a time.`);
    for (const at of ['row', 'before-row', 'after-row'] as const) {
      const boundary: Boundary = { ...row, at, moment };
      const cursor = encodeCursor(
        { boundary, lags: new Map([['abcdef', boundary]]), origin: 'head' },
        [],
        null,
        fingerprint,
      );
      const read = decodeCursor(cursor, fingerprint);
      expect(read.boundary, text).toEqual(boundary);
      expect(read.lags, text).toEqual(new Map([['abcdef', boundary]]));
    }
  }
});

test('a cursor says which feeds come next, and up to when no other does', () => {
  const feeds = Array.from({ length: 60 }, (_, index) => ({ tag: `tag-${10 + index}`, moment: 5_000 - (index >> 1) }));
  const cursor = encodeCursor(
    { boundary: row, lags: new Map(), origin: 'head' },
    [],
    { walk: 'backward', feeds, end: null },
    fingerprint,
  );
  // The 41st is of the moment 4980, and so is none of the 40 before it.
  expect(decodeCursor(cursor, fingerprint).horizon).toEqual({
    walk: 'backward',
    moment: 4_980,
    near: new Set(Array.from({ length: 40 }, (_, index) => `tag-${10 + index}`)),
  });
  expect(cursor.length).toBeLessThan(600);
});

test('with all feeds named, the end of the list is as far as can be seen, where it has one', () => {
  const feeds = [
    { tag: 'tag-01', moment: 7 },
    { tag: 'tag-02', moment: null },
  ];
  const encode = (end: null | undefined) =>
    encodeCursor({ boundary: row, lags: new Map(), origin: 'head' }, [], { walk: 'forward', feeds, end }, fingerprint);
  expect(decodeCursor(encode(null), fingerprint).horizon).toEqual({
    walk: 'forward',
    moment: null,
    near: new Set(['tag-01']),
  });
  expect(decodeCursor(encode(undefined), fingerprint).horizon).toBeNull();
});

test('long hints are left out, the least useful first', () => {
  const hints = [1, 2, 3, 4].map((depth) => ({
    tag: `tag-0${depth}`,
    hint: { behind: 'x'.repeat(120), ahead: null },
    depth,
    needed: false,
  }));
  const cursor = encodeCursor({ boundary: row, lags: new Map(), origin: 'head' }, hints, null, fingerprint);
  expect(cursor.length).toBeLessThan(600);
  expect([...decodeCursor(cursor, fingerprint).hints.keys()]).toEqual(['tag-04', 'tag-03', 'tag-02']);
});

test('what is no cursor of this list is refused with a reason', () => {
  const cursor = encodeCursor({ boundary: row, lags: new Map(), origin: 'head' }, [], null, fingerprint);
  const refusals = {
    empty: '',
    'not base64': 'no cursor!',
    truncated: cursor.slice(0, -4),
    changed: `${cursor.slice(0, 20)}${cursor[20] === 'A' ? 'B' : 'A'}${cursor.slice(21)}`,
    'padded differently': `${cursor}=`,
  };
  for (const text of Object.values(refusals)) {
    expect(() => decodeCursor(text, fingerprint)).toThrow('The cursor was not made by this graph, or is incomplete.');
  }
  expect(() => decodeCursor(cursor, fingerprintOf({ filter: 'other' }))).toThrow(
    'The cursor belongs to a list with another filter, order or parent.',
  );
});

test('a cursor made by hand, with a right checksum and wrong contents, is refused as well', () => {
  const forged = (plain: string) =>
    Buffer.from(crc32(plain).toString(36).padStart(4, '0').slice(-4) + plain).toString('base64url');
  const contents = [
    '=,a,b',
    '=zz zz,a,b',
    '<%E0%A4',
    '*1,%E0%A4',
    '=1,a,b|~abcdef%E0%A4',
    '=1,a,b|abcdef<',
    '=1,a,b|abcde^',
    '=1,a,b|^',
    '?',
    '',
  ];
  for (const content of contents) {
    expect(() => decodeCursor(forged(`1${fingerprint}h${content}`), fingerprint)).toThrow(
      'The cursor was not made by this graph, or is incomplete.',
    );
  }
  expect(() => decodeCursor(forged(`2${fingerprint}h^`), fingerprint)).toThrow(
    'The cursor was made by another version of this graph; start again without it.',
  );
});

test('no text makes reading a cursor fail otherwise', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      try {
        decodeCursor(text, fingerprint);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_CURSOR' });
      }
    }),
    { numRuns: 2000 },
  );
});

test('a filter that is null and one that is left out make one list', () => {
  expect(fingerprintOf({ filter: { kinds: null, tags: ['a'] } })).toBe(fingerprintOf({ filter: { tags: ['a'] } }));
  expect(fingerprintOf({ filter: { tags: ['b'] } })).not.toBe(fingerprintOf({ filter: { tags: ['a'] } }));
});
