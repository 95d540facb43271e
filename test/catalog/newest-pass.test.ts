import { expect, test } from 'vitest';
import type { FollowedSource } from '../../src/catalog/followed-source.ts';
import { createIntake } from '../../src/catalog/intake.ts';
import { createLedger } from '../../src/catalog/ledger.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { type PassResult, readNewest } from '../../src/catalog/newest-pass.ts';
import { createSourceReader } from '../../src/catalog/source-reader.ts';
import { markOf } from './entries.ts';
import { createHandClock } from './hand-clock.ts';
import { sourceOf } from './paged-source.ts';

const { signal } = new AbortController();

/** A look at a source that was swept before, and of which nothing is kept any more: it goes on to the end of the list. */
async function look(source: FollowedSource): Promise<PassResult> {
  const store = createMemoryStore({ maxSessions: 10 });
  const writer = await store.lead('a', signal);
  const ledger = createLedger(writer, markOf(1, { sweptAt: 5 }));
  const intake = createIntake(writer, ledger, new Set());
  const reader = createSourceReader(source, signal);
  return readNewest({ reader, intake, ledger, clock: createHandClock(), order: 'createdAt' });
}

test('a list that was read to its end by several requests is not taken for all that there is', async () => {
  // What went from the second page to the first meanwhile was seen on neither.
  const result = await look(sourceOf([['one', 'two'], ['three']], {}));
  expect([...result.seen]).toEqual(['one', 'two', 'three']);
  expect(result).toMatchObject({ isWhole: false, moved: {}, problem: null });
});

test('a list that came whole with its first page is', async () => {
  const result = await look(sourceOf([['one', 'two'], ['three']], { isPaid: (index) => index === 0 }));
  expect([...result.seen]).toEqual(['one', 'two', 'three']);
  expect(result).toMatchObject({ isWhole: true, problem: null });
  expect(result.moved.asOf).toBeTypeOf('number');
});
