import type { EntityRecord } from '../domain/records.ts';
import { answerEach, once } from './batch.ts';
import type { BatchResult } from './source.ts';

/** So many records are asked for one by one; for more, the list costs less. */
const maxSingles = 4;

/** Records that a platform gives one by one and in a list: both are read once, and whichever costs less. */
export interface Collection<Row> {
  list(): Promise<readonly Row[]>;
  /** The list, where it has been asked for already or answers at once what would be many requests. */
  listFor(unknown: number): Promise<readonly Row[]> | null;
  /** What has been read of this key already, if anything. */
  known(key: string): Promise<Row | null> | undefined;
  find(key: string): Promise<Row | null>;
  findEach(keys: readonly string[]): Promise<BatchResult<Row>>;
}

export interface CollectionOptions<Row> {
  readonly readAll: () => Promise<readonly Row[]>;
  /** Also asked for what the list lacks: platforms leave out of it what they answer to alone. */
  readonly readOne: (key: string) => Promise<Row | null>;
}

export function createCollection<Row extends EntityRecord>(options: CollectionOptions<Row>): Collection<Row> {
  const rows = new Map<string, Promise<Row | null>>();
  let all: Promise<readonly Row[]> | null = null;

  async function readAll(): Promise<readonly Row[]> {
    const list = await options.readAll();
    for (const row of list) rows.set(row.key, Promise.resolve(row));
    return list;
  }

  function list(): Promise<readonly Row[]> {
    all ??= readAll();
    return all;
  }

  function listFor(unknown: number): Promise<readonly Row[]> | null {
    return unknown > maxSingles ? list() : all;
  }

  function find(key: string): Promise<Row | null> {
    return once(rows, key, options.readOne);
  }

  return {
    list,
    listFor,
    known: (key) => rows.get(key),
    find,
    findEach(keys) {
      const useful = listFor(new Set(keys.filter((key) => !rows.has(key))).size);
      return answerEach(keys, async (key) => {
        if (!rows.has(key)) await useful;
        return find(key);
      });
    },
  };
}
