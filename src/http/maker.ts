import { lazily } from '../domain/lazily.ts';
import type { Make, Order } from '../domain/make.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { MakingEnd, Makings } from './makings.ts';
import type { OpenUpstream } from './open-upstream.ts';
import type { KeptRead, ReadMark } from './reads.ts';
import { rowsOf } from './rows-of.ts';

/** What an operation may be given of a source that others have read. */
export type Giving = Pick<OpenUpstream, 'user' | 'scopeKey' | 'mayGive' | 'wouldGive' | 'noteGiven' | 'allKept'>;

export interface MakerSettings {
  /** What was made is kept apart from the answers, so that neither takes the room of the other. */
  readonly memory: KeptAnswers;
  readonly makings: Makings;
  /** The same for operations that select the same. */
  readonly selection: () => string;
  /** The source as this operation asks it. */
  readonly upstreamOf: (sourceId: string) => Giving;
}

/** What was made, and which answers of these sources the operation had read by then. */
interface Entry {
  readonly made: unknown;
  readonly marks: ReadonlyMap<string, readonly ReadMark[]>;
}

type Ended = (end: MakingEnd) => void;

/** What is asked for often is asked for again within this time. */
const keepMs = 1_000;
/** For one that reads, and for one that makes it of what was read. */
const maxWaits = 2;
/** What an edge and its cursor take beside the row. */
const edgeBytes = 1_024;
const markBytes = 256;

/**
 * One for each operation. What is made of answers is given again to whoever asks for the same as the same user, while every
 * answer that went into it is still kept and young enough to be given: then making it anew would read just these and come to the
 * same. Nothing is kept of an operation that had to ask a platform, so no failure, time limit or budget has a part in what is
 * given, and a list which is walked once costs no memory. Of many that ask at once after their answers have become too old, the
 * first reads them, the second makes it of what was read, and all others are given that.
 *
 * Sources remember what they read until their operation ends. One that was given something has read nothing for it, so before it
 * makes something else of these sources, it makes that too.
 */
export function createMaker({ memory, makings, selection, upstreamOf }: MakerSettings): Make {
  /** By source, and by the name of what was given. */
  const given = new Map<string, Map<string, () => Promise<unknown>>>();
  const catchingUp = new Map<string, Promise<unknown>>();
  /** The names of what this operation is making. */
  const own = new Set<string>();
  let selected: string | null = null;

  function nameOf({ sourceIds, name }: Order<unknown>): string {
    selected ??= selection();
    const scopes = sourceIds.map((sourceId) => [upstreamOf(sourceId).scopeKey(), upstreamOf(sourceId).user]);
    return JSON.stringify(['made', selected, scopes, name]);
  }

  function find(key: string, sourceIds: readonly string[]): Entry | null {
    const entry = memory.find(key, keepMs)?.value as Entry | undefined;
    if (entry === undefined) return null;
    return sourceIds.every((id) => upstreamOf(id).wouldGive(entry.marks.get(id) ?? [])) ? entry : null;
  }

  /** What was made, or how to say that this operation has made it: at once when nobody else is about to. */
  async function findOrBegin(key: string, sourceIds: readonly string[]): Promise<Entry | Ended> {
    for (let waits = 0; ; waits += 1) {
      const entry = find(key, sourceIds);
      if (entry !== null) return entry;
      const underWay = waits === maxWaits || own.has(key) ? null : makings.underWay(key);
      if (underWay === null) {
        own.add(key);
        return makings.begin(key);
      }
      await underWay;
    }
  }

  function keep<Made>(key: string, { sourceIds, toLasting }: Order<Made>, made: Made): MakingEnd {
    const lasting = toLasting(made);
    if (lasting === null) return 'vain';
    const reads = sourceIds.map((id) => upstreamOf(id).allKept());
    if (reads.includes(null)) return 'read';
    const marks = new Map(sourceIds.map((id, index) => [id, (reads[index] ?? []).map(toMark)]));
    const value: Entry = { made: lasting.made, marks };
    const bytes =
      key.length +
      sizeOf(
        reads.flatMap((some) => some ?? []),
        lasting.rows,
      );
    memory.keep(key, { value, bytes, forMs: keepMs, askedAt: memory.now() });
    // It may have been too large.
    return memory.find(key, keepMs) === null ? 'vain' : 'kept';
  }

  async function makeAndKeep<Made>(key: string, order: Order<Made>, ended: Ended): Promise<Made> {
    const { sourceIds, make } = order;
    let end: MakingEnd = 'vain';
    try {
      if (sourceIds.some((id) => given.has(id) || catchingUp.has(id))) await catchUp(sourceIds);
      const made = await make();
      end = keep(key, order, made);
      return made;
    } finally {
      own.delete(key);
      ended(end);
    }
  }

  /** Whatever is made at the same time waits for the same. */
  async function catchUp(sourceIds: readonly string[]): Promise<void> {
    for (const id of sourceIds) {
      const missing = [...(given.get(id)?.values() ?? [])];
      given.delete(id);
      if (missing.length === 0) continue;
      // What fails here was made before, and is not asked for now.
      const caughtUp = Promise.allSettled(missing.map((make) => make()));
      catchingUp.set(id, Promise.all([catchingUp.get(id), caughtUp]));
    }
    await Promise.all(sourceIds.map((id) => catchingUp.get(id)));
  }

  return async <Made>(order: Order<Made>): Promise<Made> => {
    const { sourceIds, make } = order;
    if (sourceIds.length === 0 || !sourceIds.every((id) => upstreamOf(id).mayGive())) return make();
    const key = nameOf(order);
    const found = await findOrBegin(key, sourceIds);
    if (typeof found === 'function') return makeAndKeep(key, order, found);
    const again = lazily(make);
    for (const id of sourceIds) {
      given.set(id, (given.get(id) ?? new Map()).set(key, again));
      upstreamOf(id).noteGiven(found.marks.get(id) ?? []);
    }
    // Kept under a name that says what it is.
    return found.made as Made;
  };
}

function toMark({ name, kind, target, serial }: KeptRead): ReadMark {
  return { name, kind, target, serial };
}

/** The rows outlive their answers for a moment, so they are counted here too: as many of each answer as may be in what was made. */
function sizeOf(reads: readonly KeptRead[], rows: number): number {
  const ofReads = reads.map(({ name, target, value, bytes }) => {
    const listed = rowsOf(value) ?? 1;
    return markBytes + name.length + target.length + bytes * Math.min(1, rows / Math.max(1, listed));
  });
  return Math.ceil(ofReads.reduce((sum, each) => sum + each, edgeBytes * rows));
}
