import { expect, test } from 'vitest';
import { batchSize, createLive } from '../../src/catalog/live.ts';
import { fromMarkText, type Mark, toMarkText } from '../../src/catalog/mark.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { type SessionEvent, sessionEvents } from '../../src/catalog/session-events.ts';
import type { CatalogStore } from '../../src/catalog/store.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import { entryOf, markOf } from './entries.ts';

async function createWorld() {
  const store = createMemoryStore({ maxSessions: 10_000 });
  const writer = await store.lead('a', new AbortController().signal);
  const counted = { watches: 0, watching: 0, states: 0, changes: 0 };
  const counting: CatalogStore = {
    ...store,
    states() {
      counted.states += 1;
      return store.states();
    },
    changes(...asked) {
      counted.changes += 1;
      return store.changes(...asked);
    },
    watch(listener) {
      counted.watches += 1;
      counted.watching += 1;
      const unwatch = store.watch(listener);
      return () => {
        counted.watching -= 1;
        unwatch();
      };
    },
  };
  return { store, writer, counted, live: createLive(counting) };
}

type World = Awaited<ReturnType<typeof createWorld>>;

interface Following {
  readonly filter?: Partial<SessionFilter>;
  readonly since?: Mark | null;
  readonly followed?: readonly string[];
  readonly signal?: AbortSignal;
}

function follow({ live }: World, { filter = {}, since = null, followed = ['a'], signal }: Following = {}) {
  return sessionEvents({
    live,
    isFollowed: (sourceId) => followed.includes(sourceId),
    filters: new Map(followed.map((sourceId) => [sourceId, { ...anySession, ...filter }])),
    since,
    signal: signal ?? new AbortController().signal,
  });
}

async function next(events: AsyncIterator<SessionEvent>): Promise<SessionEvent> {
  const { value } = await events.next();
  if (value === undefined) throw new Error('The events have ended.');
  return value;
}

/** What is told until the next mark, in few words. */
async function batch(events: AsyncIterator<SessionEvent>): Promise<readonly string[]> {
  const told: string[] = [];
  for (;;) {
    const event = await next(events);
    switch (event.kind) {
      case 'upserted':
        told.push(`${event.entry.key} ${event.entry.status}`);
        break;
      case 'gone':
        told.push(`${event.session.key} ${event.deleted ? 'deleted' : 'no match'}`);
        break;
      case 'resync':
        return [...told, event.reason];
      case 'mark':
        return told;
    }
  }
}

function markAt(epoch: string, version: number, settled = version): Mark {
  return { epoch, positions: new Map([['a', { version, settled }]]) };
}

test('tells what comes to match, what goes on matching and what stops, and nothing of the rest', async () => {
  const world = await createWorld();
  const { writer } = world;
  const at = (key: string, status: 'IDLE' | 'RUNNING') => entryOf(key, { status });
  await writer.write(
    [at('was', 'RUNNING'), at('is', 'RUNNING'), at('never', 'IDLE'), at('not yet', 'IDLE')],
    1,
    markOf(0),
  );
  const events = follow(world, { filter: { statuses: ['RUNNING'] } });
  expect(await batch(events)).toEqual([]);
  await writer.write(
    [
      at('was', 'IDLE'),
      entryOf('is', { status: 'RUNNING', title: 'Changed' }),
      entryOf('never', { status: 'IDLE', title: 'Changed' }),
      at('not yet', 'RUNNING'),
      at('new', 'IDLE'),
    ],
    1,
    markOf(0),
  );
  expect(await batch(events)).toEqual(['was no match', 'is RUNNING', 'not yet RUNNING']);
  await writer.remove(['is', 'never', 'new']);
  expect(await batch(events)).toEqual(['is deleted']);
});

test('tells only the latest state of a session that changes faster than it is read', async () => {
  const world = await createWorld();
  const events = follow(world);
  expect(await batch(events)).toEqual([]);
  for (const status of ['RUNNING', 'IDLE', 'FAILED'] as const) {
    await world.writer.write([entryOf('k', { status })], 1, markOf(0));
  }
  expect(await batch(events)).toEqual(['k FAILED']);
});

test('tells that a session is gone also when it went and came back beyond the end of a full batch', async () => {
  const world = await createWorld();
  const { writer } = world;
  const many = Array.from({ length: batchSize }, (_, index) => entryOf(`many${index}`));
  await writer.write([entryOf('k', { status: 'RUNNING' })], 1, markOf(0));
  const events = follow(world, { filter: { statuses: ['RUNNING'] } });
  expect(await batch(events)).toEqual([]);
  await writer.remove(['k']);
  await writer.write([...many, entryOf('k', { status: 'IDLE' })], 1, markOf(0));
  expect(await batch(events)).toEqual([]);
  expect(await batch(events)).toEqual(['k no match']);
});

test('tells a new mark when a source is behind and when it is kept up again, and not for the time alone', async () => {
  const world = await createWorld();
  const events = follow(world);
  const outcome = async () => {
    const event = await next(events);
    return event.kind === 'mark' ? (event.states.get('a')?.mark ?? null) : event.kind;
  };
  expect(await outcome()).toEqual(markOf(0));
  await world.writer.mark(markOf(0, { asOf: 1 }));
  await world.writer.mark(markOf(0, { asOf: 2, behind: 'It does not answer.' }));
  expect(await outcome()).toEqual(markOf(0, { asOf: 2, behind: 'It does not answer.' }));
  await world.writer.mark(markOf(0, { asOf: 3, sweptAt: 3 }));
  expect(await outcome()).toEqual(markOf(0, { asOf: 3, sweptAt: 3 }));
  const waiting = events.next();
  await world.writer.mark(markOf(0, { asOf: 4, sweptAt: 3 }));
  await world.writer.write([entryOf('k')], 1, markOf(0, { asOf: 5, sweptAt: 3 }));
  expect((await waiting).value).toMatchObject({ kind: 'upserted' });
});

test('says why the list has to be read again, and goes on from there', async () => {
  const world = await createWorld();
  const { writer, store } = world;
  await writer.write([entryOf('k')], 1, markOf(0));
  const epoch = await store.epoch();
  const told = async (since: Mark, followed = ['a']) => {
    const events = follow(world, { since, followed });
    const first = await batch(events);
    await events.return();
    return first;
  };
  expect(await told(markAt(epoch, 1))).toEqual([]);
  expect(await told(markAt('another', 1))).toEqual(['CATALOG_REBUILT']);
  expect(await told(markAt(epoch, 2))).toEqual(['CATALOG_REBUILT']);
  expect(await told(markAt(epoch, 1), ['b'])).toEqual(['SOURCES_CHANGED']);
  expect(await told(markAt(epoch, 1), ['a', 'b'])).toEqual(['SOURCES_CHANGED']);

  const events = follow(world, { since: markAt('another', 1) });
  expect(await batch(events)).toEqual(['CATALOG_REBUILT']);
  await writer.write([entryOf('k', { status: 'FAILED' })], 1, markOf(0));
  expect(await batch(events)).toEqual(['k FAILED']);
});

test('a mark that is read back says the same, and any other text is refused', () => {
  const mark = markAt('epoch', 12, 7);
  expect(fromMarkText(toMarkText(mark))).toEqual(mark);
  expect(fromMarkText(toMarkText(markAt('epoch', 12)))).toEqual(markAt('epoch', 12));
  for (const text of ['', 'mark', toMarkText(mark).slice(1), `${toMarkText(mark)}A`]) {
    expect(() => fromMarkText(text), text).toThrow('The mark was not made by this graph, or is incomplete.');
  }
});

test('a thousand subscribers watch the store once, and read each place once', async () => {
  const world = await createWorld();
  const subscribers = Array.from({ length: 1_000 }, () => follow(world));
  await Promise.all(subscribers.map(batch));
  const told = Promise.all(subscribers.map(batch));
  world.counted.states = 0;
  await world.writer.write([entryOf('k')], 1, markOf(0));
  expect(new Set((await told).flat())).toEqual(new Set(['k IDLE']));
  expect(world.counted).toEqual({ watches: 1, watching: 1, states: 1, changes: 1 });
  await Promise.all(subscribers.map((events) => events.return()));
  expect(world.counted.watching).toBe(0);
});

test('whoever leaves while nothing changes leaves nothing behind', async () => {
  const world = await createWorld();
  const leaving = new AbortController();
  const events = follow(world, { signal: leaving.signal });
  await batch(events);
  const waiting = events.next();
  leaving.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(world.counted).toMatchObject({ watches: 1, watching: 0 });
});

test('a store that fails ends the events of those who read it, and nobody later', async () => {
  const world = await createWorld();
  let fails = true;
  const failing: CatalogStore = {
    ...world.store,
    states: () => (fails ? Promise.reject(new Error('Lost.')) : world.store.states()),
  };
  const live = createLive(failing);
  await expect(batch(follow({ ...world, live }))).rejects.toThrow('Lost.');
  fails = false;
  expect(await batch(follow({ ...world, live }))).toEqual([]);
});

test('whoever knows of something newer has the changes read anew too', async () => {
  const { writer, live } = await createWorld();
  const keys = async () => (await live.changes('a', 0))?.map(({ key }) => key);
  await writer.write([entryOf('one')], 1, markOf(1));
  const state = await live.now();
  expect(await keys()).toEqual(['one']);
  // Nobody is told of it, as when a notification is late.
  await writer.write([entryOf('two')], 1, markOf(1));
  expect(await keys()).toEqual(['one']);
  await live.newerThan(state);
  expect(await keys()).toEqual(['one', 'two']);
});
