import { expect, test } from 'vitest';
import { instantFromSeconds, parseInstant } from '../../src/domain/instant.ts';

test('keeps microseconds, and more digits in the text', () => {
  expect(parseInstant('2026-11-21T08:08:05.603829Z')).toEqual({
    micros: 1_795_248_485_603_829,
    text: '2026-11-21T08:08:05.603829Z',
  });
  expect(parseInstant('2026-11-21T08:08:05.603829123Z')).toEqual({
    micros: 1_795_248_485_603_829,
    text: '2026-11-21T08:08:05.603829123Z',
  });
  expect(parseInstant('2026-11-21T08:08:05.6Z')?.micros).toBe(1_795_248_485_600_000);
});

test('reads offsets, and a time without one in the given zone', () => {
  const utc = parseInstant('2026-11-21T08:00:00Z')?.micros;
  expect(parseInstant('2026-11-21T10:30:00+02:30')).toEqual({ micros: utc, text: '2026-11-21T10:30:00+02:30' });
  expect(parseInstant('2026-11-21T16:00:00', 'Asia/Shanghai')).toEqual({
    micros: utc,
    text: '2026-11-21T16:00:00+08:00',
  });
  expect(parseInstant('2026-11-21T08:00:00')).toEqual({ micros: utc, text: '2026-11-21T08:00:00Z' });
});

test('knows the clock changes of a zone', () => {
  expect(parseInstant('2026-03-29T01:59:59', 'Europe/Berlin')?.text).toBe('2026-03-29T01:59:59+01:00');
  expect(parseInstant('2026-03-29T03:00:00', 'Europe/Berlin')?.text).toBe('2026-03-29T03:00:00+02:00');
  expect(parseInstant('2026-07-01T12:00:00', 'America/New_York')?.text).toBe('2026-07-01T12:00:00-04:00');
});

test('what is no time is null', () => {
  const texts = [
    '',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
  ];
  expect(texts.map((text) => parseInstant(text))).toEqual(texts.map(() => null));
  expect(parseInstant(null)).toBeNull();
});

test('reads Unix seconds, whole and broken, before and after 1970', () => {
  expect(instantFromSeconds(1_795_248_119)).toEqual({ micros: 1_795_248_119_000_000, text: '2026-11-21T08:01:59Z' });
  expect(instantFromSeconds(1.25)).toEqual({ micros: 1_250_000, text: '1970-01-01T00:00:01.250000Z' });
  expect(instantFromSeconds(1.9999999)).toEqual({ micros: 2_000_000, text: '1970-01-01T00:00:02Z' });
  expect(instantFromSeconds(-1)).toEqual({ micros: -1_000_000, text: '1969-12-31T23:59:59Z' });
  expect([null, Number.NaN, Number.POSITIVE_INFINITY, 1e300].map(instantFromSeconds)).toEqual([null, null, null, null]);
});

test('reads the first and the last years that a text can name', () => {
  expect(parseInstant('9999-12-31T23:59:59.999999Z')).toEqual({
    // The number nearest to 253402300799999999.
    micros: 253_402_300_800_000_000,
    text: '9999-12-31T23:59:59.999999Z',
  });
  expect(parseInstant('0001-01-01T00:00:00Z')).toEqual({
    micros: -62_135_596_800_000_000,
    text: '0001-01-01T00:00:00Z',
  });
  expect(parseInstant('0099-03-01T00:00:00+01:00')?.micros).toBe(-59_037_901_200_000_000);
  expect(parseInstant('0000-02-29T00:00:00Z')?.micros).toBe(-62_162_121_600_000_000);
  expect(parseInstant('0001-02-29T00:00:00Z')).toBeNull();
  expect(parseInstant('0001-01-01T00:00:00', 'Asia/Shanghai')?.text).toMatch(/^0001-01-01T00:00:00\+08:0\d$/);
  expect(parseInstant('9999-12-31T23:59:59', 'America/New_York')?.text).toBe('9999-12-31T23:59:59-05:00');
});

test('later times are later numbers, also where microseconds are too fine for them', () => {
  const texts = [
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:01Z',
    '1683-01-01T00:00:00Z',
    '2256-01-01T00:00:00Z',
    '9999-12-31T23:59:58.99995Z',
    '9999-12-31T23:59:59Z',
  ];
  const micros = texts.map((text) => parseInstant(text)?.micros ?? Number.NaN);
  expect(micros.toSorted((left, right) => left - right)).toEqual(micros);
  expect(new Set(micros).size).toBe(texts.length);
});

test('reads Unix seconds of the years that a text can name, and no others', () => {
  expect(instantFromSeconds(253_402_300_799)?.text).toBe('9999-12-31T23:59:59Z');
  expect(instantFromSeconds(-62_135_596_800)?.text).toBe('0001-01-01T00:00:00Z');
  const others = [253_402_300_800, -62_167_219_201, 8.64e12, 8_640_000_000_001, 1e20, -1e20, Number.MAX_VALUE];
  expect(others.map(instantFromSeconds)).toEqual(others.map(() => null));
});

test('reads the form that nearly all times have as it reads any other', () => {
  const times = [
    ['2026-03-01T09:30:00Z', 1_772_357_400_000_000],
    ['2026-03-01T09:30:00.1Z', 1_772_357_400_100_000],
    ['2026-03-28T23:59:59.123456789012Z', 1_774_742_399_123_456],
    ['2026-03-31T09:30:00', 1_774_949_400_000_000],
    ['1969-12-01T00:00:00.000001', -2_678_399_999_999],
  ] as const;
  for (const [text, micros] of times) {
    const expected = { micros, text: text.endsWith('Z') ? text : `${text}Z` };
    expect(parseInstant(text)).toEqual(expected);
    expect(parseInstant(text.replace('T', ' '))).toEqual(expected);
  }
  const none = ['2026-00-01T09:30:00Z', '2026-13-01T09:30:00Z', '2026-03-00T09:30:00Z', '2026-03-01T24:00:00Z'];
  const broken = [
    '2026-03-01T09:30:00.Z',
    '2026-03-01T09:30:00.1234567890123Z',
    '2026-03-01T09:30:0xZ',
    '2026-03-01T09:30:00.12x',
  ];
  for (const text of [...none, ...broken]) expect(parseInstant(text)).toBeNull();
});
