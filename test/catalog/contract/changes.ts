import { describe, expect, test } from 'vitest';
import { entryOf, markOf } from '../entries.ts';
import { openStore, type StoreUnderTest } from './open-store.ts';

export function changeContract(under: StoreUnderTest): void {
  describe('changes', () => {
    const [one, two, three] = [entryOf('k1'), entryOf('k2'), entryOf('k3')];

    test('come in the order of their versions, a few at a time', async () => {
      const { store, writerOf } = await openStore(under, [one, two, three]);
      const changeOf = (version: number, entry: typeof one) => ({
        version,
        key: entry.key,
        entry,
        before: null,
        beforeVersion: 0,
      });
      expect(await store.changes('a', 0, 2)).toEqual([changeOf(1, one), changeOf(2, two)]);
      expect(await store.changes('a', 2, 2)).toEqual([changeOf(3, three)]);
      expect(await store.changes('a', 3, 2)).toEqual([]);
      expect(await store.changes('a', 1, 1)).toEqual([changeOf(2, two)]);
      expect(await store.changes('a', 0, 0)).toEqual([]);
      await (await writerOf('a')).mark(markOf(0, { asOf: 5 }));
      expect(await store.changes('a', 3, 2)).toEqual([]);
    });

    test('of one entry are told as one, with what it was before the last', async () => {
      const { store, writerOf } = await openStore(under, [one, two]);
      const writer = await writerOf('a');
      const [changed, again] = [entryOf('k1', { title: 'x' }), entryOf('k1', { title: 'y' })];
      await writer.write([changed], 1, markOf(0));
      expect(await store.changes('a', 0, 10)).toEqual([
        { version: 2, key: 'k2', entry: two, before: null, beforeVersion: 0 },
        { version: 3, key: 'k1', entry: changed, before: one, beforeVersion: 1 },
      ]);
      await writer.write([again], 1, markOf(0));
      expect(await store.changes('a', 0, 10)).toEqual([
        { version: 2, key: 'k2', entry: two, before: null, beforeVersion: 0 },
        { version: 4, key: 'k1', entry: again, before: changed, beforeVersion: 3 },
      ]);
      expect(await store.changes('a', 3, 10)).toHaveLength(1);
      expect(await store.changes('a', 4, 10)).toEqual([]);
    });

    test('tell what is gone, and what came back', async () => {
      const { store, writerOf } = await openStore(under, [one, two]);
      const writer = await writerOf('a');
      await writer.remove(['k1']);
      await writer.finishSweep(2, markOf(2));
      expect(await store.changes('a', 0, 10)).toEqual([
        { version: 3, key: 'k1', entry: null, before: one, beforeVersion: 1 },
        { version: 4, key: 'k2', entry: null, before: two, beforeVersion: 2 },
      ]);
      await writer.write([one], 3, markOf(2));
      expect(await store.changes('a', 2, 10)).toEqual([
        { version: 4, key: 'k2', entry: null, before: two, beforeVersion: 2 },
        { version: 5, key: 'k1', entry: one, before: null, beforeVersion: 3 },
      ]);
    });

    test('of one source are not those of another, and a source that nobody follows has none', async () => {
      const inB = entryOf('k1', { sourceId: 'b', title: 'b' });
      const { store } = await openStore(under, [one, inB]);
      expect(await store.changes('b', 0, 10)).toEqual([
        { version: 1, key: 'k1', entry: inB, before: null, beforeVersion: 0 },
      ]);
      expect(await store.changes('unheard', 0, 10)).toEqual([]);
    });

    test('after a version that is still to come are not known', async () => {
      const { store } = await openStore(under, [one]);
      expect(await store.changes('a', 2, 10)).toBeNull();
      expect(await store.changes('unheard', 1, 10)).toBeNull();
    });

    test('that are not kept any more are not left out in silence', async () => {
      const keys = Array.from({ length: under.removalsUntilForgotten }, (_, index) => `k${index}`);
      const { store, writerOf } = await openStore(
        under,
        ['first', ...keys].map((key) => entryOf(key)),
        keys.length + 10,
      );
      const writer = await writerOf('a');
      await writer.remove(['first']);
      const { version } = await writer.state();
      await writer.remove(keys.slice(0, -1));
      const last = await writer.state();
      await writer.remove(keys.slice(-1));
      expect(await store.changes('a', 0, 10)).toBeNull();
      expect(await store.changes('a', version - 1, 10)).toBeNull();
      expect(await store.changes('a', last.version, 10)).toEqual([
        {
          version: last.version + 1,
          key: `k${keys.length - 1}`,
          entry: null,
          before: entryOf(`k${keys.length - 1}`),
          beforeVersion: keys.length + 1,
        },
      ]);
    });
  });
}
