import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { CatalogEntry } from './entry.ts';
import { createLeads } from './leads.ts';
import { createFacetCount, createTopValues } from './memory/facet-count.ts';
import { createMemorySource, type MemorySource } from './memory/memory-source.ts';
import { createPagePick } from './memory/page-pick.ts';
import { type Row, toEntry } from './memory/row.ts';
import { createSelected } from './memory/selected.ts';
import { createShareText } from './memory/shared-texts.ts';
import { createTurns } from './memory/turns.ts';
import { createUnseenPick } from './memory/unseen-pick.ts';
import type { CatalogOrder } from './query.ts';
import { CatalogFullError, type CatalogStore, type CatalogWriter, isSameMark } from './store.ts';

const lastActive: CatalogOrder = { field: 'updatedAt', direction: 'desc' };

export interface MemoryStoreSettings {
  /** Of all sources together. */
  readonly maxSessions: number;
  /** Milliseconds since any moment. */
  readonly now?: () => number;
}

/** Keeps the catalog in this process, for as long as it runs. */
export function createMemoryStore({ maxSessions, now = () => performance.now() }: MemoryStoreSettings): CatalogStore {
  const epoch = randomUUID();
  const sources = new Map<string, MemorySource>();
  /** Of sources that are not kept any more: when they come back, nobody may take their new versions for the old ones. */
  const lastVersions = new Map<string, number>();
  const share = createShareText();
  const leads = createLeads();
  const listeners = new Set<{ readonly tell: (sourceId: string) => void }>();
  const closed = new AbortController();
  // Whoever reads without a signal of their own listens.
  setMaxListeners(0, closed.signal);
  const turns = createTurns();
  const selected = createSelected((sourceId) => sources.get(sourceId)?.rows() ?? [], turns);

  function sourceOf(sourceId: string): MemorySource {
    const known = sources.get(sourceId);
    if (known !== undefined) return known;
    const last = lastVersions.get(sourceId);
    const source = createMemorySource(last === undefined ? 0 : last + 1, share, now);
    sources.set(sourceId, source);
    return source;
  }

  function tell(sourceId: string): void {
    queueMicrotask(() => {
      for (const listener of listeners) listener.tell(sourceId);
    });
  }

  function requireRoom(source: MemorySource, keys: Iterable<string>): void {
    const present = [...sources.values()].reduce((sum, each) => sum + each.state().sessions, 0);
    const wanted = present + [...keys].filter((key) => source.find(key) === null).length;
    if (wanted <= maxSessions) return;
    throw new CatalogFullError(
      `The catalog in memory has room for ${maxSessions} sessions of all sources together; ${wanted} are needed.`,
    );
  }

  function createWriter(sourceId: string, release: () => void): CatalogWriter {
    const ended = new AbortController();
    const lost = AbortSignal.any([closed.signal, ended.signal]);

    /** One call after the other, however long one takes. */
    let last: Promise<unknown> = Promise.resolve();

    function use<T>(act: (source: MemorySource) => T | Promise<T>): Promise<T> {
      const result = last.then(() => {
        lost.throwIfAborted();
        return act(sourceOf(sourceId));
      });
      last = result.catch(() => {});
      return result;
    }

    /** All of a change happens in one go, before anybody else comes to read. The longest, when 200,000 sessions go at once, takes 0.3 s. */
    function change<T>(source: MemorySource, act: () => T): T {
      const before = source.state();
      const result = act();
      const after = source.state();
      const hasChanged = after.version !== before.version;
      if (hasChanged) selected.forget();
      if (hasChanged || !isSameMark(before.mark, after.mark)) tell(sourceId);
      return result;
    }

    async function keysUnseen(source: MemorySource, sweep: number): Promise<readonly string[]> {
      const keys: string[] = [];
      const look = ({ key, seen }: Row) => {
        if (seen < sweep) keys.push(key);
      };
      await turns.each(source.rows(), look, lost);
      return keys;
    }

    return {
      lost,
      state: () => use((source) => source.state()),
      entries: (keys) =>
        use((source) => {
          const found = new Map<string, CatalogEntry>();
          for (const key of keys) {
            const row = source.find(key);
            if (row !== null) found.set(key, toEntry(row));
          }
          return found;
        }),
      unfinished: (limit) =>
        use(async (source) => {
          const pick = createPagePick<Row>({
            order: lastActive,
            walk: 'forward',
            size: limit,
            after: null,
            before: null,
          });
          const look = (row: Row) => {
            if (row.status !== 'ENDED' && row.status !== 'FAILED') pick.add(row);
          };
          await turns.each(source.rows(), look, lost);
          return pick.slice().entries.map(toEntry);
        }),
      write: (entries, sweep, mark) =>
        use((source) =>
          change(source, () => {
            // Of an entry that is there twice the last counts.
            const byKey = new Map(entries.map((entry) => [entry.key, entry]));
            requireRoom(source, byKey.keys());
            source.mark(mark);
            return source.write(byKey.values(), sweep);
          }),
        ),
      remove: (keys) => use((source) => change(source, () => source.remove(keys))),
      finishSweep: (sweep, mark) =>
        use(async (source) => {
          const keys = await keysUnseen(source, sweep);
          return change(source, () => {
            source.mark(mark);
            return source.remove(keys);
          });
        }),
      unseen: (sweep, limit) =>
        use(async (source) => {
          const pick = createUnseenPick(sweep, limit);
          await turns.each(source.rows(), pick.add, lost);
          return pick.keys();
        }),
      forget: () => use((source) => source.forget()),
      mark: (mark) => use((source) => change(source, () => source.mark(mark))),
      async release() {
        ended.abort(new Error('The lead was given back.'));
        release();
      },
    };
  }

  return {
    epoch: async () => epoch,
    async page(selection, range, signal = closed.signal) {
      const pick = createPagePick<Row>(range);
      await turns.each(await selected.of(selection, signal), pick.add, signal);
      const { entries, more } = pick.slice();
      return { entries: entries.map(toEntry), more };
    },
    count: async (selection, signal = closed.signal) => (await selected.of(selection, signal)).count,
    async facet(selection, field, size, signal = closed.signal) {
      const count = createFacetCount(field);
      await turns.each(await selected.of(selection, signal), count.add, signal);
      const top = createTopValues(size);
      await turns.each(count.values(), top.add, signal);
      return { ...top.result(), missing: count.missing() };
    },
    states: async () => new Map([...sources].map(([sourceId, source]) => [sourceId, source.state()])),
    async changes(sourceId, after, limit) {
      const source = sources.get(sourceId);
      if (source !== undefined) return source.changes(after, limit);
      return after === 0 ? [] : null;
    },
    watch(tell) {
      const listener = { tell };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async lead(sourceId, signal) {
      const release = await leads.take(sourceId, AbortSignal.any([signal, closed.signal]));
      sourceOf(sourceId);
      return createWriter(sourceId, release);
    },
    async retain(sourceIds) {
      for (const [sourceId, source] of sources) {
        if (sourceIds.includes(sourceId)) continue;
        lastVersions.set(sourceId, source.state().version);
        sources.delete(sourceId);
        selected.forget();
        tell(sourceId);
      }
    },
    close: async () => closed.abort(new Error('The catalog is closed.')),
  };
}
