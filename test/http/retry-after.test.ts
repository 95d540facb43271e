import { expect, test } from 'vitest';
import { readRetryAfter } from '../../src/http/retry-after.ts';

const now = Date.parse('2026-11-21T08:00:00Z');

test.each([
  [{}, null],
  [{ 'retry-after-ms': '1500', 'x-ms-retry-after-ms': '2', 'retry-after': '3' }, 1500],
  [{ 'x-ms-retry-after-ms': '2', 'retry-after': '3' }, 2],
  [{ 'retry-after': '3' }, 3_000],
  [{ 'retry-after': ' 0.5 ' }, 500],
  [{ 'retry-after': ['7', '9'] }, 7_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 08:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Saturday, 21-Nov-26 08:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Sat Nov 21 08:00:10 2026' }, 10_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 07:59:00 GMT' }, 0],
  [{ 'retry-after': '-5' }, null],
  [{ 'retry-after': 'later' }, null],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after-ms': 'NaN', 'retry-after': '2' }, 2_000],
])('reads %j as %s', (headers, expected) => {
  expect(readRetryAfter(headers, now)).toBe(expected);
});
