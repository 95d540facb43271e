import { hasStatus, type UpstreamError } from '../domain/errors.ts';
import { type GetSettings, get } from './get.ts';
import type { HttpCall } from './http-call.ts';
import type { KeptAnswer } from './kept-answers.ts';
import { createLookupTime } from './lookup-time.ts';
import { observeRead } from './observed-read.ts';
import { createPatience } from './patience.ts';
import { createReads, type KeptRead, type ReadMark } from './reads.ts';
import type { Scope } from './scopes.ts';
import type { SourceState } from './source-state.ts';
import type { Upstream } from './upstream.ts';

export interface OpenUpstream extends Upstream {
  /** How long a page of a list may wait for the source: only briefly when the source hung at the last request. */
  listTime(): { readonly ms: number; ranOut(): void };
  /** The age of the oldest answer that was used because the source failed; null when none was. */
  staleAgeMs(): number | null;
  /** Why an answer was used that was kept from before; null when none was. */
  staleBecause(): UpstreamError | null;
  /** Tells what is shared here from what is shared with another user or another credential. */
  scopeKey(): string;
  /** Whether anything that was kept is given to this operation. */
  mayGive(): boolean;
  /** Whether it would be given just these answers, were it to read them now. */
  wouldGive(marks: readonly ReadMark[]): boolean;
  /** Tells whoever observes that what was made of them was given instead. */
  noteGiven(marks: readonly ReadMark[]): void;
  /** What it has read, if all of it was kept; else null. */
  allKept(): readonly KeptRead[] | null;
}

/** Long enough for a recovered source to answer, and too short for a person to notice. */
const hangingShareMs = 250;

/** A source for one operation. Most operations ask few of the sources, so what asking needs is made with the first request. */
export function openUpstream(
  source: SourceState,
  scopeOf: () => Scope,
  call: HttpCall,
  onFailure: (error: UpstreamError) => void,
): OpenUpstream {
  const { sourceId, limits, now } = source;
  let settings: GetSettings | null = null;
  let staleAgeMs: number | null = null;
  let staleBecause: UpstreamError | null = null;

  function opened(): GetSettings {
    settings ??= {
      source,
      call,
      scope: scopeOf(),
      patience: createPatience(sourceId, call, now),
      reads: createReads(),
      lookupTime: createLookupTime(now),
      onFailure,
      onStale(ageMs, error) {
        staleBecause = error;
        staleAgeMs = Math.max(staleAgeMs ?? 0, ageMs);
      },
    };
    return settings;
  }

  /** The answer that was read, if it would be given now. */
  function findRead({ name, kind, serial }: ReadMark): KeptAnswer | null {
    const { sharing } = source;
    const found = sharing?.answers.find(opened().scope.key + name, sharing.maxAgeMs(kind)) ?? null;
    return found?.serial === serial ? found : null;
  }

  /** Something looked up by its id may be gone: that says nothing about the source. */
  function onFailureUnlessGone(error: UpstreamError): void {
    if (error.code !== 'UPSTREAM_NOT_FOUND') onFailure(error);
  }

  return {
    staleAgeMs: () => staleAgeMs,
    staleBecause: () => staleBecause,
    scopeKey: () => opened().scope.key,
    mayGive: () => source.sharing !== null && !call.fresh,
    wouldGive(marks) {
      const { reads } = opened();
      return marks.every((mark) => findRead(mark) !== null && !reads.has(mark.name));
    },
    noteGiven(marks) {
      if (call.observer === null) return;
      for (const mark of marks) {
        const found = findRead(mark);
        if (found === null || !opened().reads.noteGiven(mark.name)) continue;
        observeRead(source, call, mark.target, mark)?.answered('kept', found.value);
      }
    },
    allKept: () => opened().reads.allKept(),
    user: call.user,
    listTime() {
      const { breaker } = opened().scope;
      const since = now();
      return {
        ms: breaker.hangs() ? Math.min(limits.listShareMs, hangingShareMs) : limits.listShareMs,
        ranOut: () => breaker.noteHang(since),
      };
    },
    get: async (path, options) => get(opened(), path, options),
    async find(path, options) {
      try {
        return await get({ ...opened(), onFailure: onFailureUnlessGone }, path, options);
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    },
  };
}
