import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTimeShare } from '../../src/pagination/time-share.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const over = () => new Error('The time is used up.');

function answerAfter(ms: number): () => Promise<string> {
  return () => new Promise((resolve) => setTimeout(() => resolve(`after ${ms}`), ms));
}

test('answers that come in time are passed on', async () => {
  const share = createTimeShare(100, over);
  const answers = Promise.all([share.wait(answerAfter(10)), share.wait(answerAfter(99))]);
  await vi.advanceTimersByTimeAsync(99);
  expect(await answers).toEqual(['after 10', 'after 99']);
});

test('all that is waited for ends with the share, and nothing more is asked', async () => {
  const share = createTimeShare(100, over);
  const results = Promise.allSettled([
    share.wait(answerAfter(99)),
    share.wait(answerAfter(101)),
    share.wait(answerAfter(5_000)),
  ]);
  await vi.advanceTimersByTimeAsync(100);
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  const asked = vi.fn(answerAfter(1));
  await expect(share.wait(asked)).rejects.toThrow('The time is used up.');
  expect(asked).not.toHaveBeenCalled();
});

test('time passes only while something is waited for', async () => {
  const share = createTimeShare(100, over);
  const first = share.wait(answerAfter(60));
  await vi.advanceTimersByTimeAsync(60);
  await first;
  await vi.advanceTimersByTimeAsync(10_000);
  const second = share.wait(answerAfter(39));
  await vi.advanceTimersByTimeAsync(39);
  expect(await second).toBe('after 39');
  const third = Promise.allSettled([share.wait(answerAfter(2))]);
  await vi.advanceTimersByTimeAsync(1);
  expect((await third)[0]?.status).toBe('rejected');
});

test('whoever asks learns once that the time is used up', async () => {
  const told = vi.fn(over);
  const share = createTimeShare(100, told);
  const results = Promise.allSettled([share.wait(answerAfter(200)), share.wait(answerAfter(300))]);
  await vi.advanceTimersByTimeAsync(100);
  await results;
  await Promise.allSettled([share.wait(answerAfter(1))]);
  expect(told).toHaveBeenCalledTimes(1);
});

test('a failure is passed on, and what it left of the time is there for the next', async () => {
  const share = createTimeShare(100, over);
  await expect(share.wait(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const next = share.wait(answerAfter(90));
  await vi.advanceTimersByTimeAsync(90);
  expect(await next).toBe('after 90');
});
