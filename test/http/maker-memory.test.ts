import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { graphql } from 'graphql';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { type Contexts, createContexts } from '../../src/create-context.ts';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { createMaker } from '../../src/http/maker.ts';
import { createMakings } from '../../src/http/makings.ts';
import type { Operation } from '../../src/live-source.ts';
import { createJournal } from '../../src/observation/journal.ts';
import { createSchema } from '../../src/schema/schema.ts';
import { platformNames, startPlatform } from '../sandbox-controls/platform.ts';

afterEach(() => {
  vi.useRealTimers();
});

function stopClock(): { pass(ms: number): void } {
  let time = performance.now();
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => void spy.mockRestore());
  return {
    pass(ms) {
      time += ms;
    },
  };
}

test('what was made is let go of when its time is over, though nobody asks for it again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const clock = stopClock();
  const memory = createKeptAnswers(1_000_000);
  const upstream = {
    user: null,
    scopeKey: () => 'scope',
    mayGive: () => true,
    wouldGive: () => true,
    noteGiven: () => {},
    allKept: () => [],
  };
  const make = createMaker({ memory, makings: createMakings(), selection: () => 'same', upstreamOf: () => upstream });
  const order = { sourceIds: ['source'], name: 'page', make: async () => ({}) };
  await make<object>({ ...order, toLasting: (made) => ({ made, rows: 20 }) });
  expect(memory.bytes()).toBeGreaterThan(20_000);
  // Kept for a second, and looked through every two.
  clock.pass(1_001);
  vi.advanceTimersByTime(2_001);
  expect(memory.bytes()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

const schema = createSchema();
const query = `{ sessions(first: 7) {
  edges { cursor node { id title agent { id name } team { name } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount outcomes { status }
} }`;

/** Only weak references stay here to what belongs to the operation. */
async function operate(
  contexts: Contexts,
): Promise<{ readonly data: unknown; readonly own: readonly WeakRef<object>[] }> {
  const { observer } = createJournal({ requestId: 'test', followers: [], readers: [] });
  const { signal } = new AbortController();
  const operation: Operation = {
    viewerId: null,
    requestId: 'test',
    selects: () => true,
    selectsBeyondKey: () => true,
    selection: () => query,
    signal,
    header: () => null,
    observer,
    report: () => undefined,
  };
  const contextValue = contexts.create(operation);
  const { data, errors } = await graphql({ schema, source: query, contextValue });
  expect(errors).toBeUndefined();
  const { loaders, sources } = contextValue;
  const own = [observer, signal, operation, contextValue, loaders, ...sources.values()];
  return { data: JSON.stringify(data), own: own.map((object) => new WeakRef(object)) };
}

test('a page that is kept holds nothing of the operation that made it', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  stopClock();
  const sources = await Promise.all(
    platformNames.map(async (platform) => {
      const { url, close } = await startPlatform({ platform, sessions: 30 });
      onTestFinished(close);
      return {
        id: platform,
        provider: platform,
        url,
        ...(platform === 'agentscope' ? { user: { constant: 'alice' } } : {}),
      };
    }),
  );
  const contexts = createContexts(toConfig({ sources }));
  onTestFinished(() => contexts.close());
  const first = await operate(contexts);
  const answers = contexts.keptBytes();
  const maker = await operate(contexts);
  expect(contexts.keptBytes()).toBeGreaterThan(answers);
  await vi.waitFor(() => {
    collect();
    // What is compared may be held on to by the comparison.
    expect(maker.own.filter((reference) => reference.deref() !== undefined).length).toBe(0);
  }, 20_000);
  const given = await operate(contexts);
  expect([maker.data, given.data]).toEqual([first.data, first.data]);
});
