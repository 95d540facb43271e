import { describe, expect, test } from 'vitest';
import type { EntityRecord } from '../../src/domain/records.ts';
import { answerNone } from '../../src/providers/absent.ts';
import { answerEach, once } from '../../src/providers/batch.ts';
import { createCollection } from '../../src/providers/collection.ts';

function record(key: string): EntityRecord {
  return { sourceId: 'one', provider: 'alpha', key, nativeId: key, row: null };
}

/** A platform that lists `listed`, answers to `hidden` alone, and remembers what it was asked. */
function platform(listed: readonly string[], hidden: readonly string[] = []) {
  const calls: string[] = [];
  const collection = createCollection({
    async readAll() {
      calls.push('list');
      return listed.map(record);
    },
    async readOne(key) {
      calls.push(key);
      return [...listed, ...hidden].includes(key) ? record(key) : null;
    },
  });
  return { calls, collection };
}

describe('a batch', () => {
  test('answers each key with its value, null, or its own error', async () => {
    const answers = await answerEach(['a', 'gone', 'broken', 'odd'], async (key) => {
      if (key === 'broken') throw new Error('It broke.');
      if (key === 'odd') throw 'a text';
      return key === 'gone' ? null : key;
    });
    expect(answers).toEqual(['a', null, new Error('It broke.'), new Error('A platform could not be asked.')]);
    expect(await answerNone(['a', 'b'])).toEqual([null, null]);
  });

  test('reads a key once, also while it is being read and after it has failed', async () => {
    const calls: string[] = [];
    const known = new Map<string, Promise<string>>();
    const read = async (key: string) => {
      calls.push(key);
      if (key === 'broken') throw new Error('It broke.');
      return key;
    };
    const ask = (key: string) => once(known, key, read).catch(() => 'failed');
    expect(await Promise.all([ask('a'), ask('a'), ask('broken')])).toEqual(['a', 'a', 'failed']);
    expect(await Promise.all([ask('a'), ask('broken')])).toEqual(['a', 'failed']);
    expect(calls).toEqual(['a', 'broken']);
  });
});

describe('a collection', () => {
  test('asks for up to four records one by one', async () => {
    const { calls, collection } = platform(['a', 'b', 'c', 'd']);
    expect(await collection.findEach(['a', 'b', 'c', 'gone'])).toEqual([record('a'), record('b'), record('c'), null]);
    expect(calls).toEqual(['a', 'b', 'c', 'gone']);
  });

  test('asks for the list when more are wanted, and alone only for what is not in it', async () => {
    const { calls, collection } = platform(['a', 'b', 'c', 'd'], ['archived']);
    const keys = ['a', 'b', 'c', 'd', 'archived'];
    expect(await collection.findEach(keys)).toEqual(keys.map(record));
    expect(calls).toEqual(['list', 'archived']);
  });

  test('asks for the list once, and for nothing that is in it from then on', async () => {
    const { calls, collection } = platform(['a', 'b']);
    await Promise.all([collection.list(), collection.list(), collection.findEach(['a'])]);
    await collection.findEach(['a', 'b']);
    await collection.find('b');
    expect(calls).toEqual(['list']);
  });

  test('counts only what is not known yet', async () => {
    const { calls, collection } = platform(['a', 'b', 'c', 'd', 'e', 'f']);
    await collection.findEach(['a', 'b']);
    await collection.findEach(['a', 'b', 'c', 'd', 'e', 'f', 'f']);
    expect(calls).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});
