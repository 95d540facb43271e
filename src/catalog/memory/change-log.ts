import type { CatalogChange } from '../store.ts';
import { type Row, toEntry } from './row.ts';

/** How many of the last changes of a source are told at least. */
const kept = 10_000;
const keptMs = 3_600_000;

/** The last changes of one source, each entry once. */
export interface ChangeLog {
  /** Of the last change. */
  version(): number;
  /** The change that has the next version; either is null when the entry is, or was, not there. */
  add(key: string, row: Row | null, before: Row | null): void;
  /** Forgets what is older than an hour. */
  forgetOld(): void;
  /** Null when some of them are forgotten, or when there is no such version. */
  after(version: number, limit: number): readonly CatalogChange[] | null;
}

interface KeptChange {
  readonly key: string;
  readonly version: number;
  readonly at: number;
  readonly row: Row | null;
  readonly before: Row | null;
  readonly beforeVersion: number;
}

/** The first change has the version after `start`; nobody is told anything from before it. */
export function createChangeLog(start: number, now: () => number): ChangeLog {
  /** By version, the first being `begin`. Nothing where a later change of the same entry took its place. */
  const changes: (KeptChange | undefined)[] = [];
  /** The versions with which entries went, for those in `changes`. */
  const gone = new Map<string, number>();
  let begin = start + 1;

  const lastVersion = () => begin - 1 + changes.length;

  function forget(count: number): void {
    for (const change of changes.splice(0, count)) {
      if (change?.row === null) gone.delete(change.key);
    }
    begin += count;
  }

  return {
    version: lastVersion,
    add(key, row, before) {
      const version = lastVersion() + 1;
      const beforeVersion = before?.version ?? gone.get(key) ?? 0;
      if (beforeVersion >= begin) changes[beforeVersion - begin] = undefined;
      changes.push({ version, key, at: now(), row, before, beforeVersion });
      if (row === null) gone.set(key, version);
      else gone.delete(key);
      // Not one at a time: each time all of them move.
      if (changes.length >= 2 * kept) forget(changes.length - kept);
    },
    forgetOld() {
      const since = now() - keptMs;
      const young = changes.findIndex((change) => change !== undefined && change.at >= since);
      forget(young === -1 ? changes.length : young);
    },
    after(version, limit) {
      if (version < begin - 1 || version > lastVersion()) return null;
      const found: CatalogChange[] = [];
      for (let index = version + 1 - begin; index < changes.length && found.length < limit; index += 1) {
        const change = changes[index];
        if (change !== undefined) found.push(toChange(change));
      }
      return found;
    },
  };
}

function toChange({ key, version, row, before, beforeVersion }: KeptChange): CatalogChange {
  return {
    version,
    key,
    entry: row === null ? null : toEntry(row),
    before: before === null ? null : toEntry(before),
    beforeVersion,
  };
}
