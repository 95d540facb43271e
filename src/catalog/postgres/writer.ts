import { z } from 'zod';
import type { CatalogEntry } from '../entry.ts';
import { CatalogFullError, type CatalogWriter, type SourceMark, type SourceState } from '../store.ts';
import { digestOf, fromFacts } from './entry-row.ts';
import type { Lead } from './leader.ts';
import type { Link } from './link.ts';
import { type Sql, sql } from './sql.ts';
import { channel, fromMark } from './state.ts';
import { fromStored, toStored } from './text.ts';
import { toStoreError } from './to-store-error.ts';
import {
  toForgetStatement,
  toKeepStatement,
  toRemoveStatement,
  toTouchStatement,
  unseen,
  withKeys,
} from './writing.ts';

/** What one statement does, so that it takes much less time than it may. */
const chunkSize = 500;

const digests = z.array(z.object({ digest: z.string() }));
const keptRows = z.array(z.object({ is_new: z.boolean() }));
const keyRows = z.array(z.object({ key: z.string() }));
const factRows = z.array(z.object({ facts: z.string() }));

type Changed = Pick<SourceState, 'version' | 'sessions'>;

export function createWriter(sourceId: string, lead: Lead, keptChanges: number): CatalogWriter {
  const source = toStored(sourceId);
  let changedSince = 0;

  async function use<Result>(work: (link: Link, state: SourceState) => Promise<Result>): Promise<Result> {
    try {
      return await lead.transaction(work);
    } catch (error) {
      if (toStoreError(error).reason === '53100')
        throw new CatalogFullError('The disk of the database of the catalog is full.');
      throw error;
    }
  }

  /** Answers how many entries changed. */
  function change(
    work: (link: Link, state: SourceState) => Promise<Changed>,
    mark: SourceMark | null,
  ): Promise<number> {
    return use(async (link, state) => {
      const { version, sessions } = await work(link, state);
      const kept = fromMark(mark ?? state.mark);
      await link.query(sql`
        with settled as (
          update session_graph_source set version = ${version}, sessions = ${sessions}, mark = ${kept}
          where id = ${source} and (version, mark) is distinct from (${version}::bigint, ${kept}) returning id
        )
        select pg_notify(${channel}, id) from settled`);
      changedSince += version - state.version;
      if (changedSince >= keptChanges) await forget(link);
      return version - state.version;
    });
  }

  async function forget(link: Link): Promise<void> {
    await link.query(toForgetStatement(source, keptChanges));
    changedSince = 0;
  }

  async function keep(link: Link, entries: readonly CatalogEntry[], sweep: number, state: Changed): Promise<Changed> {
    let { version, sessions } = state;
    for (const chunk of chunksOf([...new Map(entries.map((entry) => [entry.key, entry])).values()])) {
      const touched = digests.parse(await link.query(toTouchStatement(source, chunk, sweep)));
      const same = new Set(touched.map(({ digest }) => digest.replaceAll('-', '')));
      const changed = chunk.filter(({ key }) => !same.has(digestOf(key)));
      const kept = keptRows.parse(await link.query(toKeepStatement(source, changed, sweep, version + 1)));
      version += changed.length;
      sessions += kept.filter(({ is_new }) => is_new).length;
    }
    return { version, sessions };
  }

  async function removeAll(link: Link, parts: Iterable<Sql>, state: Changed): Promise<Changed> {
    let { version, sessions } = state;
    for (const part of parts) {
      const { length } = await link.query(toRemoveStatement(source, part, version + 1));
      version += length;
      sessions -= length;
    }
    return { version, sessions };
  }

  return {
    lost: lead.lost,
    state: () => use(async (_, state) => state),
    entries: (keys) =>
      use(async (link) => {
        const found = await link.query(
          sql`select facts from session_graph_entry where source = ${source} and digest in (${withKeys(keys)})`,
        );
        const entries = factRows.parse(found).map(({ facts }) => fromFacts(facts));
        return new Map(entries.map((entry) => [entry.key, entry]));
      }),
    unfinished: (limit) =>
      use(async (link) => {
        const found = await link.query(sql`
          select facts from session_graph_entry where source = ${source} and status <> 'ENDED' and status <> 'FAILED'
          order by updated_at desc, key desc limit ${limit}`);
        return factRows.parse(found).map(({ facts }) => fromFacts(facts));
      }),
    write: (entries, sweep, mark) => change((link, state) => keep(link, entries, sweep, state), mark),
    remove: (keys) => change((link, state) => removeAll(link, chunksOf(keys).map(withKeys), state), null),
    finishSweep: (sweep, mark) =>
      change(async (link, state) => {
        let changed: Changed = state;
        let before: number;
        do {
          before = changed.version;
          changed = await removeAll(link, [unseen(source, sweep, chunkSize)], changed);
        } while (changed.version === before + chunkSize);
        return changed;
      }, mark),
    unseen: (sweep, limit) =>
      use(async (link) => {
        const found = await link.query(sql`
          select key from session_graph_entry where source = ${source} and seen < ${sweep} order by seen desc, random() limit ${limit}`);
        return keyRows.parse(found).map(({ key }) => fromStored(key));
      }),
    forget: () => use((link) => forget(link)),
    mark: async (mark) => void (await change(async (_, state) => state, mark)),
    release: () => lead.release(),
  };
}

function chunksOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / chunkSize);
  return Array.from({ length: count }, (_, index) => items.slice(index * chunkSize, (index + 1) * chunkSize));
}
