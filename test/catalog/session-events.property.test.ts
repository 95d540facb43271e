import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CatalogEntry } from '../../src/catalog/entry.ts';
import { createLive } from '../../src/catalog/live.ts';
import { fromMarkText, type Mark, markOf } from '../../src/catalog/mark.ts';
import { createMemoryStore } from '../../src/catalog/memory-store.ts';
import { type ResyncReason, type SessionEvent, sessionEvents } from '../../src/catalog/session-events.ts';
import type { CatalogStore, CatalogWriter } from '../../src/catalog/store.ts';
import { anySession, type SessionFilter } from '../../src/domain/filter.ts';
import { propertyParameters } from '../pagination/plans.ts';
import { entryOf, rangeOf, markOf as sourceMark } from './entries.ts';

const sourceIds = ['a', 'b'];
/** So few that marks are often too old. */
const keptChanges = 250;

const keys = fc.integer({ min: 0, max: 220 }).map((number) => `k${number}`);
const facts = fc.record({
  status: fc.constantFrom('IDLE', 'RUNNING', 'FAILED'),
  kind: fc.constantFrom('AGENT', 'TEAM'),
  tags: fc.subarray(['red', 'blue']),
});
const filters = fc
  .record(
    {
      statuses: fc.subarray(['IDLE', 'RUNNING', 'FAILED'] as const),
      kinds: fc.subarray(['AGENT', 'TEAM'] as const),
      tags: fc.subarray(['red', 'blue']),
    },
    { requiredKeys: [] },
  )
  .map((given): SessionFilter => ({ ...anySession, ...given }));

const subscriber = fc.nat(2);
const source = fc.constantFrom(...sourceIds);
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('write' as const), source, keys: fc.array(keys, { maxLength: 5 }), facts }),
    fc.record({
      do: fc.constant('write' as const),
      source,
      keys: fc.array(keys, { minLength: 90, maxLength: 200 }),
      facts,
    }),
    fc.record({ do: fc.constant('remove' as const), source, keys: fc.array(keys, { maxLength: 5 }) }),
    fc.record({ do: fc.constant('sweep' as const), source, keys: fc.array(keys, { maxLength: 60 }), facts }),
    fc.record({ do: fc.constant('rebuild' as const) }),
    fc.record({ do: fc.constant('take' as const), subscriber, count: fc.nat(30) }),
    fc.record({ do: fc.constant('leave' as const), subscriber }),
    fc.record({ do: fc.constant('catch up' as const), subscriber }),
  ),
  { minLength: 10, maxLength: 60 },
);
const plans = fc.record({
  steps,
  subscribers: fc.array(fc.record({ filter: filters, sources: fc.subarray(sourceIds, { minLength: 1 }) }), {
    minLength: 3,
    maxLength: 3,
  }),
});

type Step = Extract<Parameters<Parameters<typeof steps.map>[0]>[0], readonly unknown[]>[number];

/** A store that forgets soon, and may be lost and begun anew. */
async function createWorld() {
  let store = createMemoryStore({ maxSessions: 100_000 });
  let writers = await leadAll(store);
  const listeners = new Set<(sourceId: string) => void>();
  const tell = (sourceId: string) => {
    for (const listener of listeners) listener(sourceId);
  };
  store.watch(tell);
  let written = 0;
  let sweep = 0;

  const seen: CatalogStore = {
    ...store,
    epoch: () => store.epoch(),
    states: () => store.states(),
    page: (...asked) => store.page(...asked),
    async changes(sourceId, after, limit) {
      const { version = 0 } = (await store.states()).get(sourceId) ?? {};
      return version - after > keptChanges ? null : store.changes(sourceId, after, limit);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  async function change(step: Step): Promise<void> {
    if (step.do === 'rebuild') {
      store = createMemoryStore({ maxSessions: 100_000 });
      writers = await leadAll(store);
      store.watch(tell);
      for (const sourceId of sourceIds) tell(sourceId);
      return;
    }
    if (!('source' in step)) return;
    const writer = writers.get(step.source);
    if (step.do === 'remove') return void (await writer?.remove(step.keys));
    if (step.do === 'sweep') sweep += 1;
    const entries = step.keys.map((key) => {
      written += 1;
      return entryOf(key, { sourceId: step.source, ...(step.facts as Partial<CatalogEntry>), totalTokens: written });
    });
    await writer?.write(entries, sweep, sourceMark(sweep));
    if (step.do === 'sweep') await writer?.finishSweep(sweep, sourceMark(sweep));
  }

  return { seen, listeners, change, live: createLive(seen) };
}

type World = Awaited<ReturnType<typeof createWorld>>;

async function leadAll(store: CatalogStore): Promise<ReadonlyMap<string, CatalogWriter>> {
  const never = new AbortController().signal;
  return new Map(await Promise.all(sourceIds.map(async (id) => [id, await store.lead(id, never)] as const)));
}

/** A client that keeps a list: it lists once, and then follows the changes. */
function createClient(world: World, filter: SessionFilter, sources: readonly string[]) {
  const asked = new Map(sources.map((sourceId) => [sourceId, filter]));
  const list = new Map<string, CatalogEntry>();
  const resyncs: ResyncReason[] = [];
  let mark: Mark | null = null;
  let isAtMark = false;
  let events: AsyncGenerator<SessionEvent, void> | null = null;

  async function freshList(): Promise<ReadonlyMap<string, CatalogEntry>> {
    const { entries, more } = await world.seen.page({ filters: asked, words: [] }, rangeOf({ size: 1000 }));
    expect(more).toBe(false);
    return new Map(entries.map((entry) => [`${entry.sourceId} ${entry.key}`, entry]));
  }

  async function reload(): Promise<void> {
    list.clear();
    for (const [name, entry] of await freshList()) list.set(name, entry);
  }

  function subscribe(): AsyncGenerator<SessionEvent, void> {
    const { signal } = new AbortController();
    return sessionEvents({ live: world.live, isFollowed: () => true, filters: asked, since: mark, signal });
  }

  async function isCurrent(): Promise<boolean> {
    if (mark === null || !isAtMark || events === null || mark.epoch !== (await world.seen.epoch())) return false;
    const states = await world.seen.states();
    return sources.every((id) => mark?.positions.get(id)?.version === (states.get(id)?.version ?? 0));
  }

  async function take(): Promise<void> {
    events ??= subscribe();
    const { value } = await events.next();
    if (value === undefined) throw new Error('The events have ended.');
    isAtMark = value.kind === 'mark' || value.kind === 'resync';
    switch (value.kind) {
      case 'upserted': {
        const name = `${value.entry.sourceId} ${value.entry.key}`;
        expect(value.entry.totalTokens).toBeGreaterThanOrEqual(list.get(name)?.totalTokens ?? 0);
        return void list.set(name, value.entry);
      }
      case 'gone':
        return void list.delete(`${value.session.sourceId} ${value.session.key}`);
      case 'mark':
        mark = fromMarkText(value.mark);
        return;
      case 'resync':
        resyncs.push(value.reason);
        mark = fromMarkText(value.mark);
        return reload();
    }
  }

  return {
    resyncs,
    /** As `Catalog.mark` and the list; something may change between the two. */
    async begin(between: () => Promise<void>) {
      const epoch = await world.seen.epoch();
      mark = markOf(epoch, await world.seen.states(), sourceIds);
      await between();
      await reload();
    },
    async take(count: number) {
      for (let taken = 0; taken < count && !(await isCurrent()); taken += 1) await take();
    },
    async leave() {
      await events?.return();
      events = null;
    },
    async catchUp() {
      for (let taken = 0; !(await isCurrent()); taken += 1) {
        expect(taken).toBeLessThan(5_000);
        await take();
      }
      expect(list).toEqual(await freshList());
    },
  };
}

test('a list and its changes are a fresh list, at every mark, whatever happens', { timeout: 600_000 }, async () => {
  const seen = { checks: 0, resyncs: new Set<ResyncReason>() };
  await fc.assert(
    fc.asyncProperty(plans, async ({ steps, subscribers }) => {
      const world = await createWorld();
      const clients = subscribers.map(({ filter, sources }) => createClient(world, filter, sources));
      const [first, ...rest] = steps;
      for (const [index, client] of clients.entries()) {
        await client.begin(async () => {
          if (index === 0 && first !== undefined) await world.change(first);
        });
      }
      for (const step of rest) {
        if (!('subscriber' in step)) {
          await world.change(step);
          continue;
        }
        const client = clients[step.subscriber];
        if (step.do === 'take') await client?.take(step.count);
        else if (step.do === 'leave') await client?.leave();
        else await client?.catchUp();
      }
      for (const client of clients) {
        await client.catchUp();
        await client.leave();
        seen.checks += 1;
        for (const reason of client.resyncs) seen.resyncs.add(reason);
      }
      expect(world.listeners.size).toBe(0);
    }),
    propertyParameters(1),
  );
  expect(seen.checks).toBeGreaterThan(0);
  expect([...seen.resyncs].sort()).toEqual(['CATALOG_REBUILT', 'MARK_TOO_OLD']);
});
