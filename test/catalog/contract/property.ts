import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CatalogEntry } from '../../../src/catalog/entry.ts';
import type { CatalogStore, CatalogWriter } from '../../../src/catalog/store.ts';
import { propertyParameters } from '../../pagination/plans.ts';
import { markOf } from '../entries.ts';
import { facetOf, type Model, pageOf, selectedOf, written } from './model.ts';
import { never, openStore, type StoreUnderTest } from './open-store.ts';
import { type Step, sources, steps } from './plans.ts';

/** What somebody knows of a source who saw all of it at a version, and the changes since. */
interface Known {
  readonly version: number;
  readonly entries: ReadonlyMap<string, CatalogEntry>;
}

/** Reads all changes that are new, and holds what they say it was before against what is known. */
async function caughtUp(store: CatalogStore, sourceId: string, known: Known, limit: number): Promise<Known> {
  const entries = new Map(known.entries);
  let version = known.version;
  for (;;) {
    const changes = await store.changes(sourceId, version, limit);
    if (changes === null) throw new Error(`The changes of ${sourceId} after ${version} are forgotten.`);
    expect(changes.length).toBeLessThanOrEqual(limit);
    for (const change of changes) {
      expect(change.version).toBeGreaterThan(version);
      version = change.version;
      if (change.before !== undefined && change.beforeVersion <= known.version) {
        expect(change.before).toEqual(known.entries.get(change.key) ?? null);
      }
      if (change.entry === null) entries.delete(change.key);
      else entries.set(change.key, change.entry);
    }
    if (changes.length < limit) return { version, entries };
  }
}

/** Answers how many questions had some of the entries for an answer, but not all. */
async function play(store: CatalogStore, plan: readonly Step[]): Promise<number> {
  await store.retain([]);
  const writers = new Map<string, CatalogWriter>();
  const known = new Map<string, Known>();
  const sweeps = new Map(sources.map((sourceId) => [sourceId, 1]));
  let model: readonly Model[] = [];
  let telling = 0;
  for (const sourceId of sources) {
    const writer = await store.lead(sourceId, never);
    writers.set(sourceId, writer);
    known.set(sourceId, { version: (await writer.state()).version, entries: new Map() });
  }
  try {
    for (const step of plan) await take(step);
    for (const sourceId of sources) await catchUp(sourceId, 3);
    const states = await store.states();
    const sizes = sources.map((sourceId) => model.filter((row) => row.sourceId === sourceId).length);
    expect(sources.map((sourceId) => states.get(sourceId)?.sessions)).toEqual(sizes);
    return telling;
  } finally {
    for (const writer of writers.values()) await writer.release();
  }

  async function take(step: Step): Promise<void> {
    switch (step.does) {
      case 'write':
        for (const sourceId of sources) {
          const ofSource = step.entries.filter((entry) => entry.sourceId === sourceId);
          const sweep = (sweeps.get(sourceId) ?? 1) + (step.inNewSweep ? 1 : 0);
          sweeps.set(sourceId, sweep);
          await writers.get(sourceId)?.write(ofSource, sweep, markOf(sweep));
          model = written(model, ofSource, sweep);
        }
        return;
      case 'remove': {
        const isIt = (row: Model) => row.sourceId === step.sourceId && step.keys.includes(row.entry.key);
        expect(await writers.get(step.sourceId)?.remove(step.keys)).toBe(model.filter(isIt).length);
        model = model.filter((row) => !isIt(row));
        return;
      }
      case 'finish': {
        const sweep = sweeps.get(step.sourceId) ?? 1;
        const isUnseen = (row: Model) => row.sourceId === step.sourceId && row.seen < sweep;
        const removed = await writers.get(step.sourceId)?.finishSweep(sweep, markOf(sweep));
        expect(removed).toBe(model.filter(isUnseen).length);
        model = model.filter((row) => !isUnseen(row));
        return;
      }
      case 'catch up':
        for (const sourceId of sources) await catchUp(sourceId, step.limit);
        return;
      case 'ask': {
        const selected = selectedOf(model, step.selection);
        expect(await store.page(step.selection, step.range)).toEqual(pageOf(selected, step.range));
        expect(await store.count(step.selection)).toBe(selected.length);
        const facet = await store.facet(step.selection, step.field, step.top);
        expect(facet).toEqual(facetOf(selected, step.field, step.top));
        if (selected.length > 0 && selected.length < model.length) telling += 1;
        return;
      }
    }
  }

  async function catchUp(sourceId: string, limit: number): Promise<void> {
    const before = known.get(sourceId);
    if (before === undefined) return;
    const now = await caughtUp(store, sourceId, before, limit);
    const expected = model.filter((row) => row.sourceId === sourceId).map(({ entry }) => [entry.key, entry] as const);
    expect(now.entries).toEqual(new Map(expected));
    known.set(sourceId, now);
  }
}

export function propertyContract(under: StoreUnderTest): void {
  test('whatever is written, removed and swept, a store answers as a plain array would', async () => {
    const { store } = await openStore(under);
    let telling = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        telling += await play(store, plan);
      }),
      propertyParameters(1),
    );
    expect(telling).toBeGreaterThanOrEqual(Math.floor(propertyParameters(1).numRuns / 5));
  }, 86_400_000);
}
