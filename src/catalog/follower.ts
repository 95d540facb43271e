import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { KeptField } from './entry.ts';
import type { FollowedSource } from './followed-source.ts';
import { createIntake } from './intake.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { readNewest } from './newest-pass.ts';
import { createPace, createSweepPace } from './pace.ts';
import { toProblem } from './problem.ts';
import { createRereads } from './rereads.ts';
import { createSourceReader } from './source-reader.ts';
import { type CatalogStore, type CatalogWriter, type SourceMark, unfollowed } from './store.ts';
import { createSweep, type Sweep } from './sweep.ts';

export interface FollowerSettings {
  readonly store: CatalogStore;
  readonly kept: ReadonlySet<KeptField>;
  readonly requestsPerMinute: number;
  readonly sweepMinutes: number;
  readonly clock: Clock;
  /** For what goes wrong in this server or its store, after which the follower begins anew. */
  readonly report: (error: unknown) => void;
}

const goodWhileMs = 60_000;
const forgetEveryMs = 60_000;

/** Keeps the catalog up to date with a source until the signal is aborted. Never fails. */
export async function follow(source: FollowedSource, settings: FollowerSettings, signal: AbortSignal): Promise<void> {
  const { clock, report } = settings;
  const pace = createPace();
  while (!signal.aborted) {
    const begunAt = clock.now();
    try {
      await followAsLeader(source, settings, signal);
    } catch (error) {
      if (!signal.aborted) report(error);
    }
    if (clock.now() - begunAt > goodWhileMs) pace.after('still');
    await clock.sleep(pace.after('failed'), signal).catch(() => {});
  }
}

/** Resolves when the lead is lost. */
async function followAsLeader(source: FollowedSource, settings: FollowerSettings, signal: AbortSignal): Promise<void> {
  const writer = await settings.store.lead(source.id, signal);
  try {
    await followWith(writer, source, settings, AbortSignal.any([signal, writer.lost]));
  } catch (error) {
    if (!writer.lost.aborted) throw error;
  } finally {
    await writer.release();
  }
}

async function followWith(
  writer: CatalogWriter,
  source: FollowedSource,
  settings: FollowerSettings,
  signal: AbortSignal,
): Promise<never> {
  const { clock, kept, requestsPerMinute, sweepMinutes } = settings;
  const ledger = createLedger(writer, await beginCopy(writer, copyOf(source, kept)));
  const intake = createIntake(writer, ledger, kept);
  const rereads = createRereads(writer, intake);
  const order = source.begin(signal).orders.includes('updatedAt') ? 'updatedAt' : 'createdAt';
  const showsChanges = order === 'createdAt';
  const longestMs = sweepMinutes * 60_000;
  const paces = {
    pass: createPace(),
    failing: createPace(),
    restarting: createPace(),
    sweep: createSweepPace({ longestMs, requestsPerMinute, showsChanges }),
  };
  const problems = createProblems(ledger);
  let passAt = clock.now();
  let sweepAt = clock.now() + untilFirstSweep(ledger.mark(), longestMs, clock);
  let sweep: Sweep | null = null;

  async function pass(): Promise<void> {
    try {
      const reader = createSourceReader(source, signal);
      const { changed, problem, moved, seen, isWhole } = await readNewest({ reader, intake, ledger, clock, order });
      const swept = isWhole ? await compareAll(seen, moved) : {};
      const mayReread = showsChanges && source.restsFor() === 0;
      const reread = mayReread ? await rereads.next(seen, reader.operation()) : { changed: 0, problem: null };
      await problems.note('pass', problem ?? reread.problem, { ...moved, ...swept });
      passAt = clock.now() + paces.pass.after(changed + reread.changed > 0 ? 'moved' : 'still');
    } catch (error) {
      signal.throwIfAborted();
      await problems.note('pass', toProblem(error), {});
      passAt = clock.now() + paces.pass.after('failed');
    }
  }

  /** Who has seen all that the source has, and no less than is kept, has swept it. Else something is gone, and a sweep shows what. */
  async function compareAll(seen: ReadonlySet<string>, { asOf }: Partial<SourceMark>): Promise<Partial<SourceMark>> {
    if ((await ledger.sessions()) > seen.size) {
      if (sweep === null) sweepAt = Math.min(sweepAt, clock.now());
      return {};
    }
    sweep = null;
    problems.forget('sweep');
    sweepAt = clock.now() + longestMs;
    return { sweptAt: asOf ?? null };
  }

  async function stepSweep(): Promise<void> {
    sweep ??= createSweep({ source, intake, ledger, clock, showsChanges });
    try {
      const step = await sweep.step(signal, () => clock.now() < passAt);
      await problems.note('sweep', step.problem, {});
      if (step.kind === 'ended') sweep = null;
      sweepAt = clock.now() + waitAfter(step);
    } catch (error) {
      signal.throwIfAborted();
      await problems.note('sweep', toProblem(error), {});
      sweepAt = clock.now() + paces.failing.after('failed');
    }
  }

  function waitAfter(step: Awaited<ReturnType<Sweep['step']>>): number {
    switch (step.kind) {
      case 'failed':
        return paces.failing.after('failed');
      case 'goes-on':
        paces.failing.after('moved');
        return 0;
      case 'restarted':
        return paces.restarting.after('failed');
      case 'ended':
        paces.failing.after('moved');
        paces.restarting.after('moved');
        return paces.sweep.after(step);
    }
  }

  let forgetAt = clock.now();
  for (let isSweepsTurn = false; ; ) {
    signal.throwIfAborted();
    const now = clock.now();
    const readAt = Math.max(Math.min(passAt, sweepAt), now + source.restsFor());
    if (now >= forgetAt) {
      await writer.forget();
      forgetAt = now + forgetEveryMs;
    } else if (now < readAt) await clock.sleep(Math.min(readAt, forgetAt) - now, signal);
    else if (now >= sweepAt && (now < passAt || isSweepsTurn)) {
      isSweepsTurn = false;
      await stepSweep();
    } else {
      isSweepsTurn = true;
      await pass();
    }
  }
}

function copyOf({ identity }: FollowedSource, kept: ReadonlySet<KeptField>): string {
  return createHash('sha256')
    .update(JSON.stringify([identity, [...kept].sort()]))
    .digest('base64url');
}

/** What was copied from another platform, as another user or with other fields is removed before anything is read. */
async function beginCopy(writer: CatalogWriter, copyOf: string): Promise<SourceMark> {
  const { mark } = await writer.state();
  if (mark.copyOf === null || mark.copyOf === copyOf) return { ...mark, copyOf };
  const anew: SourceMark = { ...unfollowed, sweep: mark.sweep + 1, copyOf };
  await writer.finishSweep(anew.sweep, anew);
  return anew;
}

/** The clock may have been set since the last sweep. */
function untilFirstSweep({ sweptAt }: SourceMark, longestMs: number, clock: Clock): number {
  if (sweptAt === null) return 0;
  return Math.min(longestMs, Math.max(0, sweptAt + longestMs - clock.wall()));
}

/** The mark says one thing that is wrong, of two that may be. */
function createProblems(ledger: Ledger) {
  const known: Record<'pass' | 'sweep', string | null> = { pass: null, sweep: null };
  return {
    /** For the next that is noted. */
    forget(who: 'pass' | 'sweep'): void {
      known[who] = null;
    },
    async note(who: 'pass' | 'sweep', problem: string | null, moved: Partial<SourceMark>): Promise<void> {
      known[who] = problem;
      await ledger.change({ ...moved, behind: known.pass ?? known.sweep });
    },
  };
}
