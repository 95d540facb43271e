import { describe, expect, test } from 'vitest';
import type { CatalogEntry } from '../../../src/catalog/entry.ts';
import { CatalogFullError, unfollowed } from '../../../src/catalog/store.ts';
import type { SessionStatus } from '../../../src/domain/records.ts';
import { at, entryOf, markOf, rangeOf, selectionOf } from '../entries.ts';
import { namesOf, never, openStore, type StoreUnderTest } from './open-store.ts';

const hard = '%_\\\'"\n\r\t\u0000\u0001\ufeff İıßẞ 🚀 \ud83d \ude80 \uffff \u{10ffff}';

/** Nothing of it is null. */
const full = entryOf('full', {
  provider: 'agno',
  nativeId: `id ${hard}`,
  kind: 'TEAM',
  title: `title ${hard}`,
  preview: `preview ${hard}`,
  status: 'WAITING',
  nativeStatus: `status ${hard}`,
  createdAt: { micros: -1_234_567, text: '1969-12-31T20:59:58.765433-03:00' },
  updatedAt: { micros: 1_795_000_000_123_456, text: '2026-11-18T08:26:40.123456789Z' },
  userId: hard,
  agentKey: 'agent',
  teamKey: 'team',
  workflowKey: 'workflow',
  tags: [hard, '', 'b', 'a', 'b'],
  totalTokens: 9_007_199_254_740_991,
});

/** Each differs from `full` in one field. */
const differing: Readonly<Record<Exclude<keyof CatalogEntry, 'sourceId' | 'key'>, CatalogEntry>> = {
  provider: { ...full, provider: 'foundry' },
  nativeId: { ...full, nativeId: full.nativeId.replace('🚀', '\ufffd') },
  kind: { ...full, kind: 'AGENT' },
  title: { ...full, title: null },
  preview: { ...full, preview: '' },
  status: { ...full, status: 'IDLE' },
  nativeStatus: { ...full, nativeStatus: null },
  createdAt: { ...full, createdAt: { micros: -1_234_567, text: '1969-12-31T23:59:58.765433Z' } },
  updatedAt: { ...full, updatedAt: null },
  userId: { ...full, userId: null },
  agentKey: { ...full, agentKey: 'Agent' },
  teamKey: { ...full, teamKey: null },
  workflowKey: { ...full, workflowKey: '' },
  tags: { ...full, tags: [hard, '', 'a', 'b', 'b'] },
  totalTokens: { ...full, totalTokens: 0 },
};

export function writeContract(under: StoreUnderTest): void {
  const ofA = selectionOf({ a: {} });

  describe('writes', () => {
    test('an entry comes back as it was written', async () => {
      const plain = entryOf('plain');
      const { store, writerOf } = await openStore(under, [plain, full]);
      const { entries } = await store.page(ofA, rangeOf());
      expect(entries).toEqual([plain, full]);
      const writer = await writerOf('a');
      expect(await writer.entries(['plain', 'nowhere', 'full', 'full'])).toEqual(
        new Map([
          ['plain', plain],
          ['full', full],
        ]),
      );
      expect(await writer.entries([])).toEqual(new Map());
    });

    test('times come back as the platform wrote them', async () => {
      const texts = [
        '2026-11-20T09:00:00Z',
        '2026-11-20T09:00:00.0Z',
        '2026-11-20T09:00:00.120Z',
        '2026-11-20T09:00:00.000001Z',
        '2026-11-20T09:00:00.1234567Z',
        '2026-11-20T09:00:00.123456000Z',
        '2026-11-20T09:00:00.5+05:30',
        '1969-12-31T23:59:59.999999Z',
        '0099-03-01T00:00:00.25Z',
        '9999-12-31T23:59:59.999999Z',
      ];
      const { store } = await openStore(
        under,
        texts.map((text, index) => entryOf(`k${index}`, { createdAt: at(text), updatedAt: at(text) })),
      );
      const { entries } = await store.page(ofA, rangeOf({ order: { field: 'totalTokens', direction: 'asc' } }));
      expect(entries.map(({ createdAt }) => createdAt)).toEqual(texts.map(at));
      expect(entries.map(({ updatedAt }) => updatedAt?.text)).toEqual(texts);
    });

    test('what is equal to what is kept is no change, and every field can make it one', async () => {
      const { store, writerOf } = await openStore(under, [full]);
      const writer = await writerOf('a');
      expect(await writer.write([structuredClone(full)], 1, markOf(0))).toBe(0);
      expect(await writer.state()).toEqual({ version: 1, sessions: 1, mark: markOf(0) });
      for (const [index, [field, entry]] of Object.entries(differing).entries()) {
        expect(await writer.write([entry], 1, markOf(0)), field).toBe(1);
        expect(await writer.write([entry], 1, markOf(0)), field).toBe(0);
        expect((await store.page(ofA, rangeOf())).entries, field).toEqual([entry]);
        expect(await writer.write([full], 1, markOf(0)), field).toBe(1);
        expect((await writer.state()).version, field).toBe(3 + 2 * index);
      }
    });

    test('of one entry that is written twice at once the last is kept, and it is one change', async () => {
      const { store, writerOf } = await openStore(under, [entryOf('k0')]);
      const writer = await writerOf('a');
      const last = entryOf('k1', { title: 'last' });
      expect(await writer.write([entryOf('k1', { title: 'first' }), entryOf('k0'), last], 1, markOf(0))).toBe(1);
      expect((await store.page(ofA, rangeOf())).entries).toEqual([entryOf('k0'), last]);
      expect((await writer.state()).version).toBe(2);
    });

    test('keeps the marks, with a write, at the end of a sweep and alone; sources do not share them', async () => {
      const { store, writerOf } = await openStore(under);
      const [a, b] = [await writerOf('a'), await writerOf('b')];
      expect(await a.state()).toEqual({ version: 0, sessions: 0, mark: unfollowed });
      const first = {
        newest: 1_795_000_000_123_456,
        asOf: 1_795_000_000_001,
        sweptAt: null,
        sweep: 0,
        behind: null,
        copyOf: 'x',
      };
      await a.write([], 1, first);
      await b.mark({ ...unfollowed, behind: 'The platform says "no".' });
      expect(await store.states()).toEqual(
        new Map([
          ['a', { version: 0, sessions: 0, mark: first }],
          ['b', { version: 0, sessions: 0, mark: { ...unfollowed, behind: 'The platform says "no".' } }],
        ]),
      );
      const second = { ...first, newest: -5, sweptAt: 1_795_000_000_000, sweep: 1, behind: '' };
      await a.finishSweep(1, second);
      expect((await a.state()).mark).toEqual(second);
      await a.mark(first);
      expect((await a.state()).mark).toEqual(first);
      expect((await b.state()).mark.behind).toBe('The platform says "no".');
    });

    test('a write without entries changes nothing', async () => {
      const { writerOf } = await openStore(under, [full]);
      const writer = await writerOf('a');
      expect(await writer.write([], 1, markOf(0))).toBe(0);
      expect(await writer.remove([])).toBe(0);
      expect(await writer.state()).toEqual({ version: 1, sessions: 1, mark: markOf(0) });
    });

    test('removes what the platform said is gone, once, and of this source alone', async () => {
      const entries = [entryOf('k1'), entryOf('k2'), entryOf('k1', { sourceId: 'b' })];
      const { store, writerOf } = await openStore(under, entries);
      const writer = await writerOf('a');
      expect(await writer.remove(['k1', 'nowhere', 'k1'])).toBe(1);
      expect(await writer.remove(['k1'])).toBe(0);
      const { entries: left } = await store.page(selectionOf({ a: {}, b: {} }), rangeOf());
      expect(namesOf(left)).toEqual(['a/k2', 'b/k1']);
      expect((await store.states()).get('a')).toEqual({ version: 3, sessions: 1, mark: markOf(0) });
      expect(await writer.write([entryOf('k1')], 1, markOf(0))).toBe(1);
      expect(await store.count(ofA)).toBe(2);
    });

    test('those that have neither ended nor failed, the last active first', async () => {
      const states: readonly (readonly [string, SessionStatus, string | null])[] = [
        ['k1', 'RUNNING', '2026-11-20T09:00:00Z'],
        ['k2', 'ENDED', '2026-11-20T09:00:05Z'],
        ['k3', 'FAILED', '2026-11-20T09:00:03Z'],
        ['k4', 'UNKNOWN', null],
        ['k5', 'IDLE', '2026-11-20T09:00:04Z'],
        ['k6', 'WAITING', '2026-11-20T09:00:03Z'],
        ['k7', 'STARTING', '2026-11-20T09:00:03.000001Z'],
      ];
      const entries = states.map(([key, status, text]) =>
        entryOf(key, { status, createdAt: at('2020-01-01T00:00:00Z'), updatedAt: text === null ? null : at(text) }),
      );
      const { writerOf } = await openStore(under, [...entries, entryOf('other', { sourceId: 'b', status: 'RUNNING' })]);
      const writer = await writerOf('a');
      const keys = async (limit: number) => (await writer.unfinished(limit)).map(({ key }) => key);
      expect(await keys(10)).toEqual(['k5', 'k7', 'k6', 'k1', 'k4']);
      expect(await keys(2)).toEqual(['k5', 'k7']);
      expect(await keys(0)).toEqual([]);
    });
  });

  describe('sweeps', () => {
    test('know some that they have not seen, those that were seen latest first', async () => {
      const { writerOf } = await openStore(under, [entryOf('k1'), entryOf(hard), entryOf('k3'), entryOf('k4')]);
      await (await writerOf('b')).write([entryOf('k5', { sourceId: 'b' })], 1, markOf(1));
      const writer = await writerOf('a');
      expect(await writer.unseen(1, 10)).toEqual([]);
      await writer.write([entryOf('k3'), entryOf(hard)], 2, markOf(2));
      await writer.write([entryOf('k4')], 3, markOf(3));
      expect((await writer.unseen(2, 10)).toSorted()).toEqual(['k1']);
      expect((await writer.unseen(3, 2)).toSorted()).toEqual([hard, 'k3'].toSorted());
      expect((await writer.unseen(3, 10)).at(-1)).toBe('k1');
      expect(await writer.unseen(4, 1)).toEqual(['k4']);
      expect(await writer.unseen(4, 0)).toEqual([]);
    });

    test('remove what was last seen in an earlier one, and that alone', async () => {
      const { store, writerOf } = await openStore(under, [
        entryOf('k1'),
        entryOf('k2'),
        entryOf('k3'),
        entryOf('k1', { sourceId: 'b' }),
      ]);
      const writer = await writerOf('a');
      expect(await writer.finishSweep(1, markOf(1))).toBe(0);
      // The second sweep sees one as it was and one changed; meanwhile another pass finds a new one.
      await writer.write([entryOf('k1')], 2, markOf(1));
      await writer.write([entryOf('k4')], 2, markOf(1));
      await writer.write([entryOf('k3', { title: 'new' })], 2, markOf(1));
      expect(await store.count(ofA)).toBe(4);
      expect(await writer.finishSweep(2, markOf(2))).toBe(1);
      const { entries } = await store.page(selectionOf({ a: {}, b: {} }), rangeOf());
      expect(namesOf(entries)).toEqual(['a/k1', 'a/k3', 'a/k4', 'b/k1']);
      expect(await writer.finishSweep(3, markOf(3))).toBe(3);
      expect((await store.states()).get('a')).toEqual({ version: 9, sessions: 0, mark: markOf(3) });
      expect(await store.count(selectionOf({ b: {} }))).toBe(1);
    });

    test('one that is given up removes nothing, and the next begins with a greater number', async () => {
      const { store, writerOf } = await openStore(under, [entryOf('k1'), entryOf('k2')]);
      const writer = await writerOf('a');
      await writer.finishSweep(1, markOf(1));
      await writer.write([entryOf('k1')], 2, markOf(1));
      await writer.write([entryOf('k2')], 3, markOf(1));
      expect(await store.count(ofA)).toBe(2);
      expect(await writer.finishSweep(3, markOf(3))).toBe(1);
      expect(namesOf((await store.page(ofA, rangeOf())).entries)).toEqual(['a/k2']);
    });

    test('a late write with the number of an earlier one does not unsee what this one saw', async () => {
      const { store, writerOf } = await openStore(under, [entryOf('k1')]);
      const writer = await writerOf('a');
      await writer.write([entryOf('k1')], 2, markOf(1));
      await writer.write([entryOf('k1', { title: 'changed' })], 1, markOf(1));
      expect(await writer.finishSweep(2, markOf(2))).toBe(0);
      expect(await store.count(ofA)).toBe(1);
    });
  });

  describe('what is kept', () => {
    test('a source that is not retained is gone, and comes back as another', async () => {
      const { store, writerOf } = await openStore(under, [
        entryOf('k1'),
        entryOf('k2'),
        entryOf('k1', { sourceId: 'b' }),
        entryOf('k1', { sourceId: 'c' }),
      ]);
      const before = await store.states();
      await (await writerOf('a')).release();
      await store.retain(['b', 'c', 'unheard']);
      expect([...(await store.states()).keys()].toSorted()).toEqual(['b', 'c']);
      expect((await store.states()).get('b')).toEqual(before.get('b'));
      expect(await store.count(selectionOf({ a: {}, b: {}, c: {} }))).toBe(2);

      const writer = await store.lead('a', never);
      expect((await writer.state()).sessions).toBe(0);
      expect((await writer.state()).mark).toEqual(unfollowed);
      await writer.write([entryOf('k2')], 1, markOf(0));
      const { version } = await writer.state();
      expect(version).toBeGreaterThan(2);
      // Whoever knows what was there before knows nothing of what is there now.
      expect(await store.changes('a', 2, 10)).toBeNull();
      expect(await store.changes('a', version - 1, 10)).toEqual([
        { version, key: 'k2', entry: entryOf('k2'), before: null, beforeVersion: 0 },
      ]);
      await writer.release();
    });

    test('the epoch is one and the same while nothing is lost, and another one in another store', async () => {
      const { store, writerOf } = await openStore(under, [entryOf('k1')]);
      const epoch = await store.epoch();
      expect(epoch).not.toBe('');
      await (await writerOf('a')).finishSweep(2, markOf(2));
      expect(await store.epoch()).toBe(epoch);
      const { store: other } = await openStore(under);
      expect(await other.epoch()).not.toBe(epoch);
    });

    test.runIf(under.isBounded)(
      'refuses more sessions than there is room for, and keeps nothing of the call',
      async () => {
        const { store, writerOf } = await openStore(under, [entryOf('k1'), entryOf('k1', { sourceId: 'b' })], 4);
        const writer = await writerOf('a');
        const tooMany = [entryOf('k1', { title: 'changed' }), entryOf('k2'), entryOf('k3'), entryOf('k4')];
        await expect(writer.write(tooMany, 2, markOf(9))).rejects.toThrow(CatalogFullError);
        expect((await store.page(selectionOf({ a: {}, b: {} }), rangeOf())).entries).toEqual([
          entryOf('k1'),
          entryOf('k1', { sourceId: 'b' }),
        ]);
        expect(await writer.state()).toEqual({ version: 1, sessions: 1, mark: markOf(0) });
        expect(await store.changes('a', 1, 10)).toEqual([]);
        expect(await writer.finishSweep(2, markOf(0))).toBe(1);

        // Up to the last place; what is there already takes none.
        expect(await writer.write([entryOf('k1'), entryOf('k2'), entryOf('k1')], 3, markOf(0))).toBe(2);
        expect(await writer.write([entryOf('k2', { title: 'x' }), entryOf('k3')], 3, markOf(0))).toBe(2);
        await expect(writer.write([entryOf('k4')], 3, markOf(0))).rejects.toThrow(CatalogFullError);
        expect(await writer.remove(['k1'])).toBe(1);
        expect(await writer.write([entryOf('k4')], 3, markOf(0))).toBe(1);
      },
    );
  });
}
