import { describe, expect, test } from 'vitest';
import type { CatalogSelection } from '../../../src/catalog/query.ts';
import type { CatalogStore } from '../../../src/catalog/store.ts';
import type { SessionFilter } from '../../../src/domain/filter.ts';
import { at, entryOf, rangeOf, selectionOf } from '../entries.ts';
import { namesOf, openStore, type StoreUnderTest } from './open-store.ts';

/** In the order of their keys, held against what is counted. */
async function selected(store: CatalogStore, selection: CatalogSelection): Promise<readonly string[]> {
  const { entries } = await store.page(selection, rangeOf({ order: { field: 'totalTokens', direction: 'asc' } }));
  const names = namesOf(entries);
  expect(await store.count(selection)).toBe(names.length);
  return names;
}

const micros = (text: string) => at(text).micros;

const filtered = [
  entryOf('k1', {
    nativeId: 'n-1',
    kind: 'AGENT',
    title: '50% off_today "now"',
    preview: 'only seen without a title',
    status: 'RUNNING',
    createdAt: at('2026-11-20T09:00:00Z'),
    updatedAt: at('2026-11-20T10:00:00Z'),
    userId: 'ann',
    agentKey: 'x',
    tags: ['urgent', 'it\'s "done"'],
  }),
  entryOf('k2', {
    nativeId: 'N-1',
    kind: 'TEAM',
    preview: 'C:\\temp\nnext LINE',
    status: 'ENDED',
    createdAt: at('2026-11-20T09:00:00.000001Z'),
    userId: '',
    teamKey: 'x',
    tags: ['urgent'],
  }),
  entryOf('k3', { nativeId: '', kind: 'WORKFLOW', title: '', status: 'UNKNOWN', workflowKey: 'x' }),
  entryOf('k4', {
    nativeId: '\u0000',
    title: 'İstanbul 🚀 \ud83d',
    userId: 'Ann',
    updatedAt: at('1969-12-31T23:59:59Z'),
  }),
];

const filterCases: readonly [string, Partial<SessionFilter>, readonly string[]][] = [
  ['any session', {}, ['k1', 'k2', 'k3', 'k4']],
  ['ids', { nativeIds: ['n-1', ''] }, ['k1', 'k3']],
  ['an id with a zero byte', { nativeIds: ['\u0000'] }, ['k4']],
  ['no ids', { nativeIds: [] }, []],
  ['kinds', { kinds: ['TEAM', 'WORKFLOW'] }, ['k2', 'k3']],
  ['an agent', { agentKeys: ['x'] }, ['k1']],
  ['a team', { teamKeys: ['y', 'x'] }, ['k2']],
  ['a workflow', { workflowKeys: ['x'] }, ['k3']],
  ['no workflows', { workflowKeys: [] }, []],
  ['users, in their case', { userIds: ['ann'] }, ['k1']],
  ['a user without a name, which is not none', { userIds: [''] }, ['k2']],
  ['statuses', { statuses: ['ENDED', 'IDLE', 'FAILED'] }, ['k2', 'k4']],
  ['one tag', { tags: ['urgent'] }, ['k1', 'k2']],
  ['every tag', { tags: ['it\'s "done"', 'urgent', 'urgent'] }, ['k1']],
  ['a part of a tag', { tags: ['urg'] }, []],
  ['no tags at all', { tags: [] }, ['k1', 'k2', 'k3', 'k4']],
  ['created from', { createdAt: { from: micros('2026-11-20T09:00:00.000001Z'), until: null } }, ['k2']],
  ['created until', { createdAt: { from: null, until: micros('2026-11-20T09:00:00.000001Z') } }, ['k1']],
  ['created in no range in particular', { createdAt: { from: null, until: null } }, ['k1', 'k2']],
  ['created in an empty range', { createdAt: { from: 5, until: 5 } }, []],
  [
    'last active, or created',
    { updatedAt: { from: micros('2026-11-20T09:00:00.000001Z'), until: null } },
    ['k1', 'k2'],
  ],
  ['before 1970', { updatedAt: { from: -1_000_000, until: 0 } }, ['k4']],
  ['a text', { search: 'OFF' }, ['k1']],
  ['a percent sign', { search: '0%' }, ['k1']],
  ['any text', { search: '%' }, ['k1']],
  ['an underscore', { search: 'f_t' }, ['k1']],
  ['any character', { search: 'f_f' }, []],
  ['a quote', { search: '"now' }, ['k1']],
  ['a backslash and a line break', { search: ':\\TEMP\nnext' }, ['k2']],
  ['a preview behind a title', { search: 'only' }, []],
  ['the empty text, which is in all that have any', { search: '' }, ['k1', 'k2', 'k3', 'k4']],
  ['spaces, which count', { search: ' 🚀 ' }, ['k4']],
  ['half of an astral character', { search: '\ude80' }, ['k4']],
  ['a Turkish letter', { search: 'İST' }, ['k4']],
  ['another letter', { search: 'ist' }, []],
  ['several at once', { kinds: ['AGENT'], userIds: ['ann', 'Ann'], search: 'İ' }, ['k4']],
];

const searched = [
  entryOf('k1', {
    title: 'Refund FAILED for order_77',
    preview: 'customer says 100% of it',
    userId: 'ann@example.org',
  }),
  entryOf('k2', { title: 'refund\\failed', tags: ['vip', 'Late "delivery"'] }),
  entryOf('k3', { title: 'Ankara', preview: 'İzmir 🚀 ready', nativeId: 'sess-REFUND-3' }),
  entryOf('k4', { title: 'half \ud83d done', preview: "O'Brien", userId: 'bob' }),
  entryOf('k5', { title: 'ab', preview: 'cd' }),
  entryOf('k6', { title: `${'lorem ipsum '.repeat(8_500)}needle`, preview: 'zero\u0000byte' }),
];

const searchCases: readonly [string, string | null, readonly string[]][] = [
  ['nothing', null, ['k1', 'k2', 'k3', 'k4', 'k5', 'k6']],
  ['only white space', ' \n\t\u00a0', ['k1', 'k2', 'k3', 'k4', 'k5', 'k6']],
  ['a word of titles and ids', 'refund', ['k1', 'k2', 'k3']],
  ['two words, in whatever order and case', '  Failed\nREFUND ', ['k1', 'k2']],
  ['words of different fields', 'refund ann@', ['k1']],
  ['one word that is not there', 'refund nowhere', []],
  ['a percent sign', '100%', ['k1']],
  ['a percent sign between others', 'r%d', []],
  ['an underscore', 'r_7', ['k1']],
  ['an underscore in place of another', 'refund_failed', []],
  ['a backslash', 'd\\f', ['k2']],
  ['a quote', '"delivery"', ['k2']],
  ['an apostrophe', "o'b", ['k4']],
  ['a tag', 'vip late', ['k2']],
  ['a user', 'bob', ['k4']],
  ['a Turkish letter', 'İZMIR', ['k3']],
  ['what it is in lower case', 'i\u0307zmir', ['k3']],
  ['another letter', 'izmir', []],
  ['an astral character', '🚀', ['k3']],
  // An emoji is two units, and is found by each of them, as JavaScript finds them.
  ['half of one', '\ud83d', ['k3', 'k4']],
  ['a zero byte', 'o\u0000b', ['k6']],
  ['what stands across two fields', 'abcd', []],
  ['the end of a long text', 'needle', ['k6']],
  ['a word that is longer than what many are', 'x'.repeat(100_000), []],
];

export function selectionContract(under: StoreUnderTest): void {
  describe('selection', () => {
    test.each(filterCases)('a filter of %s', async (_, filter, expected) => {
      const { store } = await openStore(under, filtered);
      expect(await selected(store, selectionOf({ a: filter }))).toEqual(expected.map((key) => `a/${key}`));
    });

    test.each(searchCases)('a search for %s', async (_, search, expected) => {
      const { store } = await openStore(under, searched);
      expect(await selected(store, selectionOf({ a: {} }, search))).toEqual(expected.map((key) => `a/${key}`));
    });

    test('each source by its own filter, and no other source', async () => {
      const { store } = await openStore(under, [
        entryOf('k1', { status: 'RUNNING' }),
        entryOf('k2', { status: 'ENDED' }),
        entryOf('k1', { sourceId: 'b', status: 'RUNNING' }),
        entryOf('k2', { sourceId: 'b', status: 'ENDED' }),
        entryOf('k1', { sourceId: 'c', status: 'RUNNING' }),
      ]);
      const [running, ended] = [{ statuses: ['RUNNING'] }, { statuses: ['ENDED'] }] as const;
      expect(await selected(store, selectionOf({ a: running, b: ended }))).toEqual(['a/k1', 'b/k2']);
      expect(await selected(store, selectionOf({ b: running, a: ended }))).toEqual(['a/k2', 'b/k1']);
      expect(await selected(store, selectionOf({ b: {} }))).toEqual(['b/k1', 'b/k2']);
      expect(await selected(store, selectionOf({ a: { statuses: [] }, b: {} }))).toEqual(['b/k1', 'b/k2']);
      expect(await selected(store, selectionOf({ a: {}, unheard: {} }))).toEqual(['a/k1', 'a/k2']);
      expect(await selected(store, selectionOf({}))).toEqual([]);
    });

    test('one filter of very many values', async () => {
      const { store } = await openStore(under, filtered);
      const nativeIds = Array.from({ length: 3_000 }, (_, index) => `other-${index}`);
      expect(await selected(store, selectionOf({ a: { nativeIds } }))).toEqual([]);
      expect(await selected(store, selectionOf({ a: { nativeIds: [...nativeIds, 'n-1'] } }))).toEqual(['a/k1']);
    });
  });
}
