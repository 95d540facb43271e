import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromStored, toStored } from '../../../src/catalog/postgres/text.ts';

/** Any UTF-16 units, and often those that PostgreSQL cannot keep or orders otherwise. */
const units = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x41, 0x61, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffd, 0xffff),
  fc.integer({ min: 0, max: 0xffff }),
);
const texts = fc.array(units, { maxLength: 6 }).map((each) => String.fromCharCode(...each));

/** As PostgreSQL compares with COLLATE "C". */
function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function byUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

test('common text is kept as it is', () => {
  expect(toStored('Rückgabe 你好 "a\\b" %_\n\t')).toBe('Rückgabe 你好 "a\\b" %_\n\t');
});

test('what PostgreSQL cannot keep becomes what it can, and comes back', () => {
  expect(toStored('a\u0000b\u0001c')).toBe('a\u0001\u{100001}b\u0001\u{100002}c');
  expect(toStored('\ud83d')).toBe('\u{10d83d}');
  expect(toStored('🚀')).toBe('\u{10d83d}\u{10de80}');
  expect(toStored('\ue000\uffff')).toBe('\u{10e000}\u{10ffff}');
  fc.assert(
    fc.property(texts, (text) => {
      const stored = toStored(text);
      expect(stored.isWellFormed()).toBe(true);
      expect(stored).not.toContain('\u0000');
      expect(fromStored(stored)).toBe(text);
    }),
  );
});

test('what is stored is ordered by its bytes as the texts by their units', () => {
  fc.assert(
    fc.property(texts, texts, (left, right) => {
      expect(byBytes(toStored(left), toStored(right))).toBe(byUnits(left, right));
    }),
  );
});

test('what is stored contains what the texts contain', () => {
  fc.assert(
    fc.property(texts, texts, texts, (before, part, after) => {
      expect(toStored(`${before}${part}${after}`)).toContain(toStored(part));
      expect(toStored(before).includes(toStored(part))).toBe(before.includes(part));
    }),
  );
});
