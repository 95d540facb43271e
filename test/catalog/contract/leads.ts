import { describe, expect, test } from 'vitest';
import type { CatalogStore, CatalogWriter } from '../../../src/catalog/store.ts';
import { entryOf, markOf, selectionOf } from '../entries.ts';
import { never, openStore, type StoreUnderTest } from './open-store.ts';

/** Every call there is. */
function callsOf(writer: CatalogWriter): readonly Promise<unknown>[] {
  return [
    writer.state(),
    writer.entries(['k1']),
    writer.unfinished(1),
    writer.write([entryOf('late')], 9, markOf(9)),
    writer.remove(['k1']),
    writer.finishSweep(9, markOf(9)),
    writer.mark(markOf(9)),
  ];
}

/** Resolves when something of this source is told. */
function toldOf(store: CatalogStore, sourceId: string): Promise<void> {
  return new Promise((resolve) => {
    const end = store.watch((told) => {
      if (told !== sourceId) return;
      end();
      resolve();
    });
  });
}

export function leadContract(under: StoreUnderTest): void {
  describe('who writes', () => {
    test('one at a time writes of a source, and the next goes on from what the last one kept', async () => {
      const { store } = await openStore(under);
      const first = await store.lead('a', never);
      const order: string[] = [];
      const waiting = store.lead('a', never).then((writer) => {
        order.push('second leads');
        return writer;
      });
      // Another source has its own.
      const other = await store.lead('b', never);
      await first.write([entryOf('k1')], 1, markOf(1));
      await other.write([entryOf('k1', { sourceId: 'b' })], 1, markOf(0));
      expect(first.lost.aborted).toBe(false);
      order.push('first lets go');
      await first.release();
      const second = await waiting;
      expect(order).toEqual(['first lets go', 'second leads']);
      for (const call of callsOf(first)) await expect(call).rejects.toThrow();
      expect(await second.state()).toEqual({ version: 1, sessions: 1, mark: markOf(1) });
      await first.release();
      expect(await second.remove(['k1'])).toBe(1);
      await second.release();
      await other.release();
    });

    test('those who wait can give up, and hold up nobody', async () => {
      const { store } = await openStore(under);
      const first = await store.lead('a', never);
      const waiting = new AbortController();
      const second = store.lead('a', waiting.signal);
      const third = store.lead('a', never);
      waiting.abort(new Error('Enough.'));
      await expect(second).rejects.toThrow('Enough.');
      await expect(store.lead('a', AbortSignal.abort(new Error('Not even begun.')))).rejects.toThrow('Not even begun.');
      await first.write([entryOf('k1')], 1, markOf(0));
      await first.release();
      expect((await (await third).state()).version).toBe(1);
      await (await third).release();
    });

    test('a signal that is aborted later does not end a lead', async () => {
      const { store } = await openStore(under);
      const waiting = new AbortController();
      const writer = await store.lead('a', waiting.signal);
      waiting.abort();
      expect(await writer.write([entryOf('k1')], 1, markOf(0))).toBe(1);
      expect(writer.lost.aborted).toBe(false);
      await writer.release();
    });

    test('a store that is closed lets nobody write or wait', async () => {
      const { store } = await openStore(under);
      const writer = await store.lead('a', never);
      const waiting = store.lead('a', never);
      const refused = expect(waiting).rejects.toThrow();
      await store.close();
      await refused;
      for (const call of callsOf(writer)) await expect(call).rejects.toThrow();
      await expect(store.lead('b', never)).rejects.toThrow();
    });
  });

  describe('who watches', () => {
    test('is told of every kind of change, until it ends', async () => {
      const { store, writerOf } = await openStore(under);
      const writer = await writerOf('a');
      const acts: readonly (() => Promise<unknown>)[] = [
        () => writer.write([entryOf('k1'), entryOf('k2'), entryOf('k3')], 1, markOf(0)),
        () => writer.remove(['k1']),
        () => writer.finishSweep(2, markOf(2)),
        () => writer.mark(markOf(2, { asOf: 1 })),
      ];
      const heard: string[] = [];
      const end = store.watch((sourceId) => heard.push(sourceId));
      for (const act of acts) {
        const told = toldOf(store, 'a');
        await act();
        await told;
      }
      expect(new Set(heard)).toEqual(new Set(['a']));
      end();
      end();
      const before = heard.length;
      const told = toldOf(store, 'b');
      await (await writerOf('b')).write([entryOf('k1', { sourceId: 'b' })], 1, markOf(0));
      await told;
      expect(heard).toHaveLength(before);
    });

    test('is not told when nothing has changed', async () => {
      const { store, writerOf } = await openStore(under);
      const mark = markOf(1, { asOf: 3 });
      const heard: string[] = [];
      store.watch((sourceId) => heard.push(sourceId));
      const changed = async (sourceId: string, writer: CatalogWriter): Promise<void> => {
        const told = toldOf(store, sourceId);
        await writer.write([entryOf('k1', { sourceId })], 1, mark);
        await told;
      };
      const writer = await writerOf('a');
      await changed('a', writer);
      // What is told comes in order, except that who begins to watch is told of everything once.
      await changed('b', await writerOf('b'));
      heard.length = 0;
      await writer.write([entryOf('k1')], 2, mark);
      await writer.remove(['nowhere']);
      await writer.finishSweep(1, mark);
      await writer.mark(mark);
      await changed('c', await writerOf('c'));
      expect(heard).not.toContain('a');
    });

    test('reads what it is told of', async () => {
      const { store, writerOf } = await openStore(under);
      const writer = await writerOf('a');
      const told = new Promise<void>((resolve) => {
        // It may be told before there is anything, and then is told again.
        store.watch(async () => {
          // What it is told last may come when the store is closed.
          const count = await store.count(selectionOf({ a: {} })).catch(() => null);
          if (count === 1) resolve();
        });
      });
      await writer.write([entryOf('k1')], 1, markOf(0));
      await told;
    });

    test('the same listener twice is two', async () => {
      const { store, writerOf } = await openStore(under);
      const writer = await writerOf('a');
      const heard: string[] = [];
      const listener = (sourceId: string) => void heard.push(sourceId);
      const endFirst = store.watch(listener);
      store.watch(listener);
      endFirst();
      const told = toldOf(store, 'a');
      await writer.mark(markOf(0, { asOf: 1 }));
      await told;
      expect(heard).toContain('a');
    });
  });
}
