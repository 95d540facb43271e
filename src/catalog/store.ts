import type { CatalogEntry } from './entry.ts';
import type { CatalogFacet, CatalogFacetField, CatalogRange, CatalogSelection } from './query.ts';

/**
 * Where the catalog is kept. One process at a time writes of a source; any number read. What looks at many entries ends when its
 * signal is aborted, and fails with the reason.
 */
export interface CatalogStore {
  /** Another one when what was kept before is lost, so that positions in it mean nothing any more. */
  epoch(): Promise<string>;
  /** In the direction of the order, whatever the walk. `more` says whether further entries follow in the direction of the walk. */
  page(selection: CatalogSelection, range: CatalogRange, signal?: AbortSignal): Promise<CatalogSlice>;
  count(selection: CatalogSelection, signal?: AbortSignal): Promise<number>;
  facet(
    selection: CatalogSelection,
    field: CatalogFacetField,
    top: number,
    signal?: AbortSignal,
  ): Promise<CatalogFacet>;
  /** What is known of each source that was ever followed, by id. */
  states(): Promise<ReadonlyMap<string, SourceState>>;
  /**
   * The changes of a source after this version, in the order of their versions; null when they are not kept any more, or when the
   * source never had this version.
   */
  changes(sourceId: string, after: number, limit: number): Promise<readonly CatalogChange[] | null>;
  /** Is told, soon and at least once, when entries or the mark of a source have changed; seldom when nothing has. Gives back how to end it. */
  watch(listener: (sourceId: string) => void): () => void;
  /** Resolves once this process alone may write of the source; rejects when the signal is aborted before. */
  lead(sourceId: string, signal: AbortSignal): Promise<CatalogWriter>;
  /** Removes what is kept of all sources but these. One that comes back later never has a version again that it had before. */
  retain(sourceIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface CatalogSlice {
  readonly entries: readonly CatalogEntry[];
  readonly more: boolean;
}

export interface SourceState {
  /** Of the last change; grows by each one. 0 before the first. */
  readonly version: number;
  readonly sessions: number;
  readonly mark: SourceMark;
}

/** How far a source was followed. Times are milliseconds since 1970, by the clock of the follower. */
export interface SourceMark {
  /** The latest moment of the order that the follower reads by, in microseconds, as the platform gave it. */
  readonly newest: number | null;
  /** What had changed by then is in the catalog. */
  readonly asOf: number | null;
  /** When the last complete sweep began. Null before the first: until then sessions are missing. */
  readonly sweptAt: number | null;
  /** The number of the last sweep that was begun, so that each has its own also when one was broken off. */
  readonly sweep: number;
  /** Why the follower does not get on, for people; null when it does. */
  readonly behind: string | null;
  /** Names the platform, the user and the fields that were copied. Null before anything was. */
  readonly copyOf: string | null;
}

export function isSameMark(left: SourceMark, right: SourceMark): boolean {
  return (
    left.newest === right.newest &&
    left.asOf === right.asOf &&
    left.sweptAt === right.sweptAt &&
    left.sweep === right.sweep &&
    left.behind === right.behind &&
    left.copyOf === right.copyOf
  );
}

export const unfollowed: SourceMark = {
  newest: null,
  asOf: null,
  sweptAt: null,
  sweep: 0,
  behind: null,
  copyOf: null,
};

/** An entry as it is now, or the key of one that is gone. Earlier changes of the same entry are not told any more. */
export interface CatalogChange {
  readonly version: number;
  readonly key: string;
  /** Null when it is gone. */
  readonly entry: CatalogEntry | null;
  /** What it was before this change: null when it was not there, undefined when that is not known. */
  readonly before: CatalogEntry | null | undefined;
  /** Of what it was before: whoever knows of that version has exactly `before`. 0 when it never was there, or when that is not known. */
  readonly beforeVersion: number;
}

/** Writes of one source. Each call happens as a whole or not at all. After the lead is lost every call fails. */
export interface CatalogWriter {
  /** Aborted when another process may write now. */
  readonly lost: AbortSignal;
  state(): Promise<SourceState>;
  /** What is kept of these. */
  entries(keys: readonly string[]): Promise<ReadonlyMap<string, CatalogEntry>>;
  /** Those that may go on, the last active first: neither ENDED nor FAILED, which only deletion follows. */
  unfinished(limit: number): Promise<readonly CatalogEntry[]>;
  /**
   * Keeps entries as seen in a sweep, and the mark. One that is equal to what is kept is no change; of an entry that is there twice
   * the last counts. Answers how many changed.
   * Throws a CatalogFullError, and keeps nothing of this call, when there is no room for all.
   */
  write(entries: readonly CatalogEntry[], sweep: number, mark: SourceMark): Promise<number>;
  /** Removes these, because the platform said that they are gone. Answers how many were there. */
  remove(keys: readonly string[]): Promise<number>;
  /** Ends a sweep that saw the whole list: removes what was last seen in an earlier one, and keeps the mark. Answers how many. */
  finishSweep(sweep: number, mark: SourceMark): Promise<number>;
  /** The keys of some that were last seen in an earlier sweep than this: those seen latest, and others of them each time. */
  unseen(sweep: number, limit: number): Promise<readonly string[]>;
  /** Forgets what entries were more than an hour ago, and which were gone by then. */
  forget(): Promise<void>;
  /** Keeps the mark alone. */
  mark(mark: SourceMark): Promise<void>;
  release(): Promise<void>;
}

/** The store has no room for more sessions. */
export class CatalogFullError extends Error {}
