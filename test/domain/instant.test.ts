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
});

test('reads Unix seconds, whole and broken, before and after 1970', () => {
  expect(instantFromSeconds(1_795_248_119)).toEqual({ micros: 1_795_248_119_000_000, text: '2026-11-21T08:01:59Z' });
  expect(instantFromSeconds(1.25)).toEqual({ micros: 1_250_000, text: '1970-01-01T00:00:01.250000Z' });
  expect(instantFromSeconds(-1)).toEqual({ micros: -1_000_000, text: '1969-12-31T23:59:59Z' });
  expect([Number.NaN, Number.POSITIVE_INFINITY, 1e300].map(instantFromSeconds)).toEqual([null, null, null]);
});
