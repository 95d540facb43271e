import { afterEach, expect, test, vi } from 'vitest';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('what is closed holds no answer and waits for no time', () => {
  vi.useFakeTimers();
  const answers = createKeptAnswers(1_000_000);
  answers.keep('a', { value: 1, bytes: 1, forMs: 3_600_000, askedAt: answers.now() });
  vi.advanceTimersByTime(10_001);
  expect(vi.getTimerCount()).toBe(1);
  answers.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(answers.find('a', 60_000)).toBeNull();
});
