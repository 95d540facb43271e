import { describe, expect, test } from 'vitest';
import type { CatalogFacet, CatalogFacetField } from '../../../src/catalog/query.ts';
import { at, entryOf, selectionOf } from '../entries.ts';
import { openStore, type StoreUnderTest } from './open-store.ts';

const entries = [
  entryOf('k1', {
    kind: 'TEAM',
    status: 'RUNNING',
    createdAt: at('2026-11-21T00:30:00+02:00'),
    teamKey: 't',
    userId: 'ann',
    tags: ['red', 'Red', 'red'],
  }),
  entryOf('k2', { createdAt: at('2026-11-20T23:59:59.999999Z'), agentKey: 'x', userId: 'bob', tags: ['red'] }),
  entryOf('k3', { createdAt: at('2026-11-21T00:00:00Z'), agentKey: 'y', userId: '' }),
  entryOf('k4', {
    sourceId: 'b',
    provider: 'agno',
    createdAt: at('1969-12-31T23:59:59Z'),
    agentKey: 'x',
    userId: 'bob',
  }),
  entryOf('k5', { sourceId: 'b', provider: 'agno', createdAt: at('2026-11-20T12:00:00Z'), agentKey: 'z' }),
  entryOf('k6', { sourceId: 'b', provider: 'agno', agentKey: 'z', userId: '\u{1d4b3}', tags: ['blue', ''] }),
  entryOf('k7', { sourceId: 'b', provider: 'agno', status: 'RUNNING', userId: '\uff58', tags: ['red', 'blue'] }),
];

/** `3 a/x` for three of a value of one source, `3 x` for one of all sources. */
function shown({ values, distinct, missing }: CatalogFacet) {
  const texts = values.map(
    ({ sourceId, value, count }) => `${count} ${sourceId === null ? '' : `${sourceId}/`}${value}`,
  );
  return { values: texts, distinct, missing };
}

const cases: readonly [CatalogFacetField, readonly string[], number][] = [
  ['source', ['4 b', '3 a'], 0],
  ['provider', ['4 agno', '3 everruns'], 0],
  ['kind', ['6 AGENT', '1 TEAM'], 0],
  ['status', ['5 IDLE', '2 RUNNING'], 0],
  // Keys are those of one source: the x of the one is another agent than the x of the other.
  ['agent', ['2 b/z', '1 a/x', '1 a/y', '1 b/x'], 2],
  ['team', ['1 a/t'], 6],
  ['user', ['2 bob', '1 ', '1 ann', '1 \u{1d4b3}', '1 \uff58'], 1],
  // A tag that a session has twice is counted once.
  ['tag', ['3 red', '2 blue', '1 ', '1 Red'], 3],
  // In UTC, whatever the zone of the platform.
  ['day', ['3 2026-11-20', '1 1969-12-31', '1 2026-11-21'], 2],
];

export function facetContract(under: StoreUnderTest): void {
  describe('facets', () => {
    const all = selectionOf({ a: {}, b: {} });

    test.each(cases)('%s: the most frequent first, then by source and value', async (field, values, missing) => {
      const { store } = await openStore(under, entries);
      expect(shown(await store.facet(all, field, 100))).toEqual({ values, distinct: values.length, missing });
      expect(shown(await store.facet(all, field, 2))).toEqual({
        values: values.slice(0, 2),
        distinct: values.length,
        missing,
      });
      expect(shown(await store.facet(all, field, 0))).toEqual({ values: [], distinct: values.length, missing });
    });

    test('count what is selected, and nothing else', async () => {
      const { store } = await openStore(under, entries);
      const some = selectionOf({ a: { userIds: ['ann', 'bob'] }, b: {} }, 'b');
      expect(await store.count(some)).toBe(4);
      expect(shown(await store.facet(some, 'tag', 10))).toEqual({
        values: ['2 blue', '2 red', '1 '],
        distinct: 3,
        missing: 1,
      });
      expect(shown(await store.facet(selectionOf({}), 'tag', 10))).toEqual({ values: [], distinct: 0, missing: 0 });
      expect(shown(await store.facet(selectionOf({ a: { kinds: [] } }), 'user', 10))).toEqual({
        values: [],
        distinct: 0,
        missing: 0,
      });
    });
  });
}
