import { expect, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { createLoaders } from '../../src/loaders/create-loaders.ts';
import type { Source } from '../../src/providers/source.ts';
import { agent, session, type TestSource, testSource, type World } from '../schema/platforms.ts';

function loadersOf(...sources: readonly Source[]) {
  return createLoaders(new Map(sources.map((source) => [source.id, source])));
}

function source(id: string, world: World = {}): TestSource {
  return testSource(id, 'alpha', { agents: ['ada', 'bob'].map((name) => agent(id, name)), ...world });
}

test('asks each source once for all keys that are wanted at a time, and no key twice', async () => {
  const [one, two] = [source('one'), source('two')];
  const loaders = loadersOf(one, two);

  const refs = [
    { sourceId: 'one', key: 'bob' },
    { sourceId: 'two', key: 'ada' },
    { sourceId: 'one', key: 'ada' },
    { sourceId: 'one', key: 'bob' },
  ];
  const agents = await Promise.all(refs.map((ref) => loaders.agent.load(ref)));

  expect(agents.map((record) => `${record?.sourceId}/${record?.nativeId}`)).toEqual([
    'one/bob',
    'two/ada',
    'one/ada',
    'one/bob',
  ]);
  expect(one.calls).toEqual(['agents bob ada']);
  expect(two.calls).toEqual(['agents ada']);
});

test('answers null for what is gone and for sources that are not configured', async () => {
  const loaders = loadersOf(source('one'));

  expect(await loaders.agent.load({ sourceId: 'one', key: 'ghost' })).toBeNull();
  expect(await loaders.agent.load({ sourceId: 'nowhere', key: 'ada' })).toBeNull();
});

test('fails the keys of a failing source and no others', async () => {
  const down = new UpstreamError('one', 'UPSTREAM_TIMEOUT');
  const loaders = loadersOf(source('one', { failing: { agents: down } }), source('two'));

  const results = await Promise.allSettled(
    ['one', 'two'].map((sourceId) => loaders.agent.load({ sourceId, key: 'ada' })),
  );

  expect(results[0]).toEqual({ status: 'rejected', reason: down });
  expect(results[1]).toMatchObject({ status: 'fulfilled', value: { nativeId: 'ada' } });
});

test('fails a key alone when its source says so', async () => {
  const broken = new UpstreamError('one', 'UPSTREAM_BAD_RESPONSE');
  const loaders = loadersOf(source('one', { failingKeys: { ada: broken } }));

  const results = await Promise.allSettled(['ada', 'bob'].map((key) => loaders.agent.load({ sourceId: 'one', key })));

  expect(results[0]).toEqual({ status: 'rejected', reason: broken });
  expect(results[1]).toMatchObject({ status: 'fulfilled', value: { nativeId: 'bob' } });
});

test('fails loudly when a source answers more or fewer than it was asked for', async () => {
  const short = { ...source('one'), agents: async () => [] };

  await expect(loadersOf(short).agent.load({ sourceId: 'one', key: 'ada' })).rejects.toThrow('asked for 1 keys');
});

test('remembers rows of lists, but not those that have less than the session itself', async () => {
  const full = session('one', 'full');
  const partial = session('one', 'partial', { complete: false });
  const one = source('one', { sessions: [full, partial] });
  const loaders = loadersOf(one);
  loaders.primeSession(full);
  loaders.primeSession(partial);

  expect(await loaders.session.load(full)).toBe(full);
  expect(one.calls).toEqual([]);
  await loaders.session.load(partial);
  expect(one.calls).toEqual([`sessions ${partial.key}`]);
});
