import { RequestError } from '../domain/errors.ts';
import type { Clock } from './clock.ts';
import type { FollowedPage, FollowedSource, FollowProblem } from './followed-source.ts';
import { type Intake, lookupsAtOnce } from './intake.ts';
import type { Ledger } from './ledger.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';

/** A walk through the whole list of a source, after which what was not seen is gone. */
export interface Sweep {
  /** Reads on as long as that is to go on. What fails may be tried again: the sweep is where it was. */
  step(signal: AbortSignal, mayGoOn: () => boolean): Promise<SweepStep>;
}

export interface SweepStep {
  /** `failed` and `restarted` ask for patience; after `ended` there is nothing more to do. */
  readonly kind: 'goes-on' | 'failed' | 'restarted' | 'ended';
  /** For people; null when nothing is missing. */
  readonly problem: string | null;
  /** Of the whole sweep. */
  readonly changed: number;
  /** How many of these are gone. */
  readonly gone: number;
  readonly requests: number;
  readonly listed: number;
  /** How many sessions there were when it began, says the platform; null when it does not say. */
  readonly total: number | null;
}

export interface SweepSettings {
  readonly source: FollowedSource;
  readonly intake: Intake;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Whether only a sweep shows what has changed. */
  readonly showsChanges: boolean;
}

/** Then the sweep goes on without the sessions that cannot be read. */
const maxTries = 3;
/** When sessions are missing from the list, so many that were not seen are looked up, to know whether they are gone. */
const unseenLookedUp = 50;

export function createSweep({ source, intake, ledger, clock, showsChanges }: SweepSettings): Sweep {
  let startedAt: number | null = null;
  let after: string | null = null;
  let isAtEnd = false;
  let unknown: readonly string[] = [];
  let looksForUnseen = false;
  let tries = 0;
  let missing: FollowProblem | null = null;
  let full: string | null = null;
  let changed = 0;
  let gone = 0;
  let requests = 0;
  let listed = 0;
  let total: number | null = null;

  /** What is kept from now on has the number of this sweep and of no other, also when an earlier one was broken off. */
  async function begin(): Promise<number> {
    const now = clock.wall();
    await ledger.change({ sweep: ledger.mark().sweep + 1 });
    after = null;
    unknown = [];
    missing = null;
    listed = 0;
    total = null;
    return now;
  }

  /** Whether it is to be tried again. */
  function isWorthwhile({ mayPass }: FollowProblem): boolean {
    tries += 1;
    return mayPass && tries < maxTries;
  }

  /** Null when the place that was come to is known no more, so that the walk must begin anew. */
  async function readPage(reader: SourceReader): Promise<FollowedPage | null> {
    try {
      return await reader.page('createdAt', after);
    } catch (error) {
      if (!(error instanceof RequestError) || after === null) throw error;
      return null;
    }
  }

  /** Answers what went wrong, if it is worthwhile to try again. */
  async function takePage(page: FollowedPage): Promise<string | null> {
    const taken = await intake.list(page.sessions);
    changed += taken.changed;
    full ??= taken.full;
    if (page.problem !== null) {
      if (isWorthwhile(page.problem)) return page.problem.message;
      missing ??= page.problem;
    }
    tries = 0;
    listed += page.sessions.length;
    total ??= page.total;
    after = page.next;
    isAtEnd = page.next === null;
    unknown = taken.unknown;
    return null;
  }

  async function lookUp(reader: SourceReader): Promise<string | null> {
    const asked = unknown.slice(0, lookupsAtOnce);
    const taken = await intake.lookUp(asked, reader.operation());
    changed += taken.changed;
    full ??= taken.full;
    gone += taken.gone.length;
    const rest = unknown.slice(lookupsAtOnce);
    if (taken.problem !== null) {
      const problem: FollowProblem = { message: taken.problem, mayPass: true };
      unknown = [...taken.failed, ...rest];
      if (!looksForUnseen && isWorthwhile(problem)) return taken.problem;
      // It is listed, and not in the catalog.
      missing ??= { ...problem, mayPass: false };
    }
    tries = 0;
    // Where none can be read, the others need not be tried.
    unknown = looksForUnseen && taken.failed.length === asked.length ? [] : rest;
    return null;
  }

  /** What was not seen may be what is missing, so each is asked for. Where lists show deleted sessions no answer would take one away. */
  async function lookForUnseen(reader: SourceReader): Promise<void> {
    looksForUnseen = true;
    unknown = reader.operation().listsDeleted ? [] : await ledger.unseen(unseenLookedUp);
  }

  async function finish(began: number): Promise<void> {
    if (missing === null) {
      const asOf = showsChanges ? { asOf: began } : {};
      const unseen = await ledger.finishSweep(full === null ? { sweptAt: began, ...asOf } : { sweptAt: null });
      changed += unseen;
      gone += unseen;
    } else if (!missing.mayPass) await ledger.change({ sweptAt: null });
  }

  async function goOn(reader: SourceReader, mayGoOn: () => boolean): Promise<Pick<SweepStep, 'kind' | 'problem'>> {
    do {
      startedAt ??= await begin();
      if (unknown.length > 0) {
        const problem = await lookUp(reader);
        if (problem !== null) return { kind: 'failed', problem };
      } else {
        const page = await readPage(reader);
        if (page === null) {
          startedAt = null;
          return {
            kind: 'restarted',
            problem: `The list of source "${source.id}" must be read from its beginning again.`,
          };
        }
        const problem = await takePage(page);
        if (problem !== null) return { kind: 'failed', problem };
      }
      if (isAtEnd && unknown.length === 0 && missing !== null && !looksForUnseen) await lookForUnseen(reader);
      if (isAtEnd && unknown.length === 0) {
        await finish(startedAt);
        return { kind: 'ended', problem: missing?.message ?? full };
      }
    } while (mayGoOn() || (unknown.length === 0 && reader.mayCostNothing()));
    return { kind: 'goes-on', problem: missing?.message ?? full };
  }

  return {
    async step(signal, mayGoOn) {
      // What was read before this step may be older by now than what is kept.
      const reader = createSourceReader(source, signal);
      try {
        const step = await goOn(reader, mayGoOn);
        return { ...step, changed, gone, requests: requests + reader.requests(), listed, total };
      } finally {
        requests += reader.requests();
      }
    },
  };
}
