import type { EntityRecord } from '../domain/records.ts';
import { answerEach } from './batch.ts';
import { createLookup, type Lookup } from './lookup.ts';

/** So many records are asked for one by one; for more, the list costs less. */
export const maxSingles = 4;

/** Records that a platform gives one by one and in a list: both are read once, and whichever costs less. */
export interface Collection<Row> extends Omit<Lookup<Row>, 'remember'> {
  list(): Promise<readonly Row[]>;
  /** The list, where it has been asked for already or answers at once what would be many requests. */
  listFor(unknown: number): Promise<readonly Row[]> | null;
}

export interface CollectionOptions<Row> {
  readonly readAll: () => Promise<readonly Row[]>;
  /** Also asked for what the list lacks: platforms leave out of it what they answer to alone. */
  readonly readOne: (key: string) => Promise<Row | null>;
}

export function createCollection<Row extends EntityRecord>(options: CollectionOptions<Row>): Collection<Row> {
  const { find, known, remember } = createLookup(options.readOne);
  let all: Promise<readonly Row[]> | null = null;

  async function readAll(): Promise<readonly Row[]> {
    const list = await options.readAll();
    for (const row of list) remember(row.key, row);
    return list;
  }

  function list(): Promise<readonly Row[]> {
    all ??= readAll();
    return all;
  }

  function listFor(unknown: number): Promise<readonly Row[]> | null {
    return unknown > maxSingles ? list() : all;
  }

  return {
    list,
    listFor,
    known,
    find,
    findEach(keys) {
      const useful = listFor(new Set(keys.filter((key) => known(key) === undefined)).size);
      return answerEach(keys, async (key) => {
        if (known(key) === undefined) await useful;
        return find(key);
      });
    },
  };
}
