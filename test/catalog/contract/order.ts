import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../src/catalog/place.ts';
import type { CatalogOrderField, CatalogPlace } from '../../../src/catalog/query.ts';
import type { Direction } from '../../../src/pagination/order.ts';
import { at, entryOf, rangeOf, selectionOf } from '../entries.ts';
import { namesOf, openStore, type StoreUnderTest } from './open-store.ts';

const [eight, nine, eleven] = [at('2026-11-20T08:00:00Z'), at('2026-11-20T09:00:00Z'), at('2026-11-20T11:00:00Z')];

const entries = [
  entryOf('k1', { createdAt: nine, totalTokens: 5, title: 'beta' }),
  entryOf('k2', { createdAt: nine, updatedAt: eleven }),
  entryOf('k10', { createdAt: at('2026-11-20T09:00:00.000001Z'), updatedAt: eight, totalTokens: 0, title: 'BETA' }),
  entryOf('k0', { updatedAt: nine, title: 'alpha' }),
  entryOf('k1', { sourceId: 'b', createdAt: nine, updatedAt: eleven, totalTokens: 5, title: 'Alpha' }),
  entryOf('k0', { sourceId: 'b', totalTokens: 100, title: '' }),
];

/** Oldest, fewest or first first. */
const ascending: Readonly<Record<CatalogOrderField, readonly string[]>> = {
  createdAt: ['a/k0', 'b/k0', 'a/k1', 'a/k2', 'b/k1', 'a/k10'],
  // Where a platform does not say when a session was last active, it is when it was created.
  updatedAt: ['b/k0', 'a/k10', 'a/k0', 'a/k1', 'a/k2', 'b/k1'],
  totalTokens: ['a/k0', 'a/k2', 'a/k10', 'a/k1', 'b/k1', 'b/k0'],
  title: ['a/k2', 'b/k0', 'a/k0', 'b/k1', 'a/k1', 'a/k10'],
};
const fields: readonly CatalogOrderField[] = ['createdAt', 'updatedAt', 'totalTokens', 'title'];
const all = selectionOf({ a: {}, b: {} });

function placeNamed(name: string, field: CatalogOrderField): CatalogPlace {
  const entry = entries.find(({ sourceId, key }) => `${sourceId}/${key}` === name);
  if (entry === undefined) throw new Error(`There is no ${name}.`);
  return placeOf(entry, field);
}

export function orderContract(under: StoreUnderTest): void {
  describe('order and ranges', () => {
    test.each(fields)(
      '%s: null before all others, equal ones by source and key, descending the exact reverse',
      async (field) => {
        const { store } = await openStore(under, entries);
        const up = await store.page(all, rangeOf({ order: { field, direction: 'asc' } }));
        const down = await store.page(all, rangeOf({ order: { field, direction: 'desc' } }));
        expect(namesOf(up.entries)).toEqual(ascending[field]);
        expect(namesOf(down.entries)).toEqual(ascending[field].toReversed());
        expect([up.more, down.more]).toEqual([false, false]);
      },
    );

    test('titles in lower case are ordered by their UTF-16 units, and a beginning comes before the whole', async () => {
      // In code points the fullwidth x comes before the mathematical X.
      const titles = [
        '_',
        'Zoë',
        'zo',
        'É',
        'a b',
        'ab',
        '\uff58',
        '\u{1d4b3}',
        'İ',
        'i',
        'i\u0306',
        'i\u0308',
        '10',
        '9',
      ];
      const { store } = await openStore(
        under,
        titles.map((title, index) => entryOf(`k${index}`, { title })),
      );
      const { entries: ordered } = await store.page(
        selectionOf({ a: {} }),
        rangeOf({ order: { field: 'title', direction: 'asc' } }),
      );
      expect(ordered.map(({ title }) => title)).toEqual([
        ...['10', '9', '_', 'a b', 'ab', 'i', 'i\u0306', 'İ', 'i\u0308'],
        ...['zo', 'Zoë', 'É', '\u{1d4b3}', '\uff58'],
      ]);
    });

    test('keys are ordered by their UTF-16 units', async () => {
      const keys = ['a', 'B', '%2F', 'a/b', 'é', '\uff58', '\u{1d4b3}', 'a b', 'a%20b', '10', '9'];
      const { store } = await openStore(
        under,
        keys.map((key) => entryOf(key)),
      );
      const { entries: ordered } = await store.page(selectionOf({ a: {} }), rangeOf());
      expect(ordered.map(({ key }) => key)).toEqual([
        ...['%2F', '10', '9', 'B', 'a', 'a b', 'a%20b', 'a/b', 'é', '\u{1d4b3}', '\uff58'],
      ]);
    });

    const createdOrders: readonly [CatalogOrderField, Direction][] = [
      ['createdAt', 'asc'],
      ['createdAt', 'desc'],
      ['title', 'desc'],
    ];
    test.each(createdOrders)('every stretch of %s %s, from both ends', async (field, direction) => {
      const { store } = await openStore(under, entries);
      const names = direction === 'asc' ? ascending[field] : ascending[field].toReversed();
      const ends = [null, ...names.keys()];
      for (const after of ends) {
        for (const before of ends) {
          const stretch = names.slice(after === null ? 0 : after + 1, before ?? names.length);
          for (const size of [0, 1, 2, 6]) {
            const range = {
              order: { field, direction },
              size,
              after: after === null ? null : placeNamed(names[after] ?? '', field),
              before: before === null ? null : placeNamed(names[before] ?? '', field),
            };
            const label = `after ${after}, before ${before}, size ${size}`;
            const forward = await store.page(all, { ...range, walk: 'forward' });
            expect(namesOf(forward.entries), label).toEqual(stretch.slice(0, size));
            expect(forward.more, label).toBe(stretch.length > size);
            const backward = await store.page(all, { ...range, walk: 'backward' });
            expect(namesOf(backward.entries), label).toEqual(size === 0 ? [] : stretch.slice(-size));
            expect(backward.more, label).toBe(stretch.length > size);
          }
        }
      }
    });

    test('a place stays where it was when its entry is gone, and one that never was is found all the same', async () => {
      const { store, writerOf } = await openStore(under, entries);
      await (await writerOf('a')).remove(['k2']);
      const order = { field: 'createdAt', direction: 'asc' } as const;
      const namesAfter = async (after: CatalogPlace) =>
        namesOf((await store.page(all, rangeOf({ order, after }))).entries);
      const namesBefore = async (before: CatalogPlace) =>
        namesOf((await store.page(all, rangeOf({ order, before, walk: 'backward' }))).entries);
      expect(await namesAfter(placeNamed('a/k2', 'createdAt'))).toEqual(['b/k1', 'a/k10']);
      expect(await namesBefore(placeNamed('a/k2', 'createdAt'))).toEqual(['a/k0', 'b/k0', 'a/k1']);
      expect(await namesAfter({ moment: nine.micros, sourceId: 'a', key: 'k1x' })).toEqual(['b/k1', 'a/k10']);
      expect(await namesAfter({ moment: nine.micros, sourceId: 'aa', key: '' })).toEqual(['b/k1', 'a/k10']);
      expect(await namesAfter({ moment: null, sourceId: 'zz', key: '' })).toEqual(['a/k1', 'b/k1', 'a/k10']);
      expect(await namesBefore({ moment: null, sourceId: '', key: '' })).toEqual([]);
    });

    test('a moment that no entry can have is compared, not refused: numbers come before texts', async () => {
      const { store } = await openStore(under, entries);
      const count = async (field: CatalogOrderField, moment: number | string) => {
        const order = { field, direction: 'asc' } as const;
        const page = await store.page(all, rangeOf({ order, after: { moment, sourceId: 'a', key: 'k1' } }));
        return page.entries.length;
      };
      expect(await count('createdAt', nine.micros + 0.5)).toBe(1);
      expect(await count('createdAt', -1e300)).toBe(4);
      expect(await count('createdAt', 1e300)).toBe(0);
      expect(await count('createdAt', '2026')).toBe(0);
      expect(await count('createdAt', '')).toBe(0);
      expect(await count('totalTokens', 4.5)).toBe(3);
      expect(await count('title', 7)).toBe(5);
      expect(await count('title', '\ud83d')).toBe(0);
      expect(await count('title', 'alpha\u0000')).toBe(2);
    });
  });
}
