import { expect, test } from 'vitest';
import { createRateLimit } from '../../src/server/rate-limit.ts';

test('gives back what was used, evenly over the minute', () => {
  let now = 0;
  const limit = createRateLimit(60, () => now);
  const used = Array.from({ length: 60 }, () => limit.secondsToWait('alice'));
  expect(used.every((seconds) => seconds === 0)).toBe(true);
  expect(limit.secondsToWait('alice')).toBe(1);
  expect(limit.secondsToWait('bob')).toBe(0);
  now += 1_000;
  expect([limit.secondsToWait('alice'), limit.secondsToWait('alice')]).toEqual([0, 1]);
});

test('remembers only so many, and forgets whoever has not asked for the longest time', () => {
  const limit = createRateLimit(1, () => 0);
  limit.secondsToWait('first');
  expect(limit.secondsToWait('first')).toBeGreaterThan(0);
  for (let index = 0; index < 10_000; index++) limit.secondsToWait(`other ${index}`);
  expect(limit.secondsToWait('first')).toBe(0);
});
