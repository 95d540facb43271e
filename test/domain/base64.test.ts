import { expect, test } from 'vitest';
import { byteLengthOf, readDataUrl, withoutFile, withoutFiles } from '../../src/domain/base64.ts';

const bytes = Buffer.alloc(1_500, 'picture');
const base64 = bytes.toString('base64');

test('a text that is nothing but a file is replaced by its size, however it is written', () => {
  const inLines = base64.replaceAll(/.{76}/g, '$&\n');
  const note = '(1500 bytes in base64, left out)';
  expect(withoutFile(base64)).toBe(note);
  expect(withoutFile(inLines)).toBe(note);
  expect(withoutFile(inLines.replaceAll('\n', '\r\n'))).toBe(note);
  expect(withoutFile(`data:image/png;base64,${base64}`)).toBe(note);
  expect(withoutFile(`data:image/png;name=a.png;BASE64,${base64}`)).toBe(note);
  expect(withoutFiles([{ image: base64, width: 3 }, null])).toEqual([{ image: note, width: 3 }, null]);
});

test('other texts stay as they are', () => {
  const hashes = `${'0123456789abcdef'.repeat(4)}\n`.repeat(40);
  const text = 'a b '.repeat(600);
  for (const kept of [base64.slice(0, 1_000), hashes, text, `data:,${text}`, `data:image/png,${base64}`]) {
    expect(withoutFile(kept)).toBe(kept);
  }
});

test('data: URLs are read, in base64 and without', () => {
  expect(readDataUrl('data:image/gif;base64,aGk=')).toEqual({ mediaType: 'image/gif', base64: 'aGk=' });
  expect(readDataUrl('DATA:;base64,aGk=')).toEqual({ mediaType: null, base64: 'aGk=' });
  const plain = Buffer.from('<svg>ü 100%</svg>').toString('base64');
  expect(readDataUrl('data:image/svg+xml;utf8,<svg>%C3%BC 100%</svg>')).toEqual({
    mediaType: 'image/svg+xml',
    base64: plain,
  });
  expect(readDataUrl('data:image/svg+xml,<svg>ü%20100%</svg>')).toEqual({ mediaType: 'image/svg+xml', base64: plain });
  expect(readDataUrl('https://files.example/data:image/gif;base64,aGk=')).toBeNull();
  expect(readDataUrl('data:image/gif')).toBeNull();
});

test('counts bytes', () => {
  expect(['', 'aA==', 'aGk=', 'aGk', 'aGVs\nbG8=\n'].map(byteLengthOf)).toEqual([0, 1, 2, 2, 5]);
});

test('megabytes that only begin like a data: URL are looked at in no time', () => {
  const text = `data:${'a'.repeat(4_000_000)}`;
  const begun = performance.now();
  expect(withoutFile(text)).toBe(text);
  expect(readDataUrl(text)).toBeNull();
  expect(withoutFile(`${text},${text}`)).toBe(`${text},${text}`);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
