import { hasStatus } from '../domain/errors.ts';
import type { EntityRef } from '../domain/records.ts';
import { answerEach, once } from './batch.ts';
import { decodeKey } from './key.ts';
import type { BatchResult } from './source.ts';

/** What is found by a key, each read at most once. */
export interface Lookup<Found> {
  find(key: string): Promise<Found | null>;
  findEach(keys: readonly string[]): Promise<BatchResult<Found>>;
  /** What has been read of this key already, if anything. */
  known(key: string): Promise<Found | null> | undefined;
  remember(key: string, found: Found): void;
}

export function createLookup<Found>(read: (key: string) => Promise<Found | null>): Lookup<Found> {
  const known = new Map<string, Promise<Found | null>>();
  const find = (key: string) => once(known, key, read);
  return {
    find,
    findEach: (keys) => answerEach(keys, find),
    known: (key) => known.get(key),
    remember: (key, found) => known.set(key, Promise.resolve(found)),
  };
}

/**
 * Reads the record of a key of so many parts. Null for any other key, and where the platform answers with something of another
 * key: some find things by more than their ids.
 */
export function readerOf<Row, Found extends EntityRef>(
  parts: number,
  get: (...parts: string[]) => Promise<Row | null>,
  toRecord: (row: Row, ...parts: string[]) => Found | null,
): (key: string) => Promise<Found | null> {
  return async (key) => {
    const ids = decodeKey(key, parts);
    const row = ids === null ? null : await get(...ids);
    const found = row === null || ids === null ? null : toRecord(row, ...ids);
    return found?.key === key ? found : null;
  };
}

/** Keys come from clients. One that cannot be an id is sent all the same; if the platform refuses it, there is no such thing. */
export async function findUnlessRefused<Value>(answer: Promise<Value>, canBeId: boolean): Promise<Value | null> {
  if (canBeId) return answer;
  try {
    return await answer;
  } catch (error) {
    if (hasStatus(error, 400)) return null;
    throw error;
  }
}
