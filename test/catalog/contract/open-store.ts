import { setMaxListeners } from 'node:events';
import { onTestFinished } from 'vitest';
import type { CatalogEntry } from '../../../src/catalog/entry.ts';
import type { CatalogStore, CatalogWriter } from '../../../src/catalog/store.ts';
import { markOf } from '../entries.ts';

export interface StoreUnderTest {
  /** A new store with nothing in it. */
  open(maxSessions?: number): Promise<CatalogStore>;
  /** Whether it refuses more than `maxSessions`. */
  readonly isBounded: boolean;
  /** After so many removals of sessions in one source the first of them is forgotten. */
  readonly removalsUntilForgotten: number;
}

export const never = new AbortController().signal;
// Many wait for it at once.
setMaxListeners(0, never);

export interface OpenStore {
  readonly store: CatalogStore;
  /** The only writer of this source. */
  writerOf(sourceId: string): Promise<CatalogWriter>;
}

/** A store with these entries, which is closed when the test ends. */
export async function openStore(
  { open }: StoreUnderTest,
  entries: readonly CatalogEntry[] = [],
  maxSessions?: number,
): Promise<OpenStore> {
  const store = await open(maxSessions);
  const writers = new Map<string, Promise<CatalogWriter>>();
  onTestFinished(() => store.close());

  function writerOf(sourceId: string): Promise<CatalogWriter> {
    const writer = writers.get(sourceId) ?? store.lead(sourceId, never);
    writers.set(sourceId, writer);
    return writer;
  }

  for (const sourceId of new Set(entries.map((entry) => entry.sourceId))) {
    const ofSource = entries.filter((entry) => entry.sourceId === sourceId);
    await (await writerOf(sourceId)).write(ofSource, 1, markOf(0));
  }
  return { store, writerOf };
}

/** `a/k1` for each. */
export function namesOf(entries: readonly CatalogEntry[]): readonly string[] {
  return entries.map(({ sourceId, key }) => `${sourceId}/${key}`);
}
