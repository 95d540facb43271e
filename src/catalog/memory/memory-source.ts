import type { CatalogEntry } from '../entry.ts';
import { isSameEntry } from '../same-entry.ts';
import { type CatalogChange, type SourceMark, type SourceState, unfollowed } from '../store.ts';
import { createChangeLog } from './change-log.ts';
import { Row } from './row.ts';
import type { ShareText } from './shared-texts.ts';

/** What is kept of one source. */
export interface MemorySource {
  /** As they are now; what changes later does not change this list. */
  rows(): readonly Row[];
  find(key: string): Row | null;
  state(): SourceState;
  changes(after: number, limit: number): readonly CatalogChange[] | null;
  /** Answers how many changed. */
  write(entries: Iterable<CatalogEntry>, sweep: number): number;
  /** Answers how many were there. */
  remove(keys: Iterable<string>): number;
  forget(): void;
  mark(mark: SourceMark): void;
}

/** Its versions begin after `start`. */
export function createMemorySource(start: number, share: ShareText, now: () => number): MemorySource {
  const rows = new Map<string, Row>();
  const log = createChangeLog(start, now);
  let mark = unfollowed;
  let list: readonly Row[] | null = null;

  return {
    rows() {
      list ??= [...rows.values()];
      return list;
    },
    find: (key) => rows.get(key) ?? null,
    state: () => ({ version: log.version(), sessions: rows.size, mark }),
    changes: log.after,
    write(entries, sweep) {
      let changed = 0;
      for (const entry of entries) {
        const row = rows.get(entry.key);
        const seen = Math.max(sweep, row?.seen ?? 0);
        if (row !== undefined && isSameEntry(row, entry)) {
          row.seen = seen;
          continue;
        }
        const next = new Row(entry, log.version() + 1, seen, share);
        log.add(next.key, next, row ?? null);
        rows.set(next.key, next);
        list = null;
        changed += 1;
      }
      return changed;
    },
    forget: log.forgetOld,
    remove(keys) {
      let removed = 0;
      for (const key of keys) {
        const row = rows.get(key);
        if (row === undefined) continue;
        rows.delete(key);
        log.add(key, null, row);
        list = null;
        removed += 1;
      }
      return removed;
    },
    mark(next) {
      mark = next;
    },
  };
}
