import type { Clock } from './clock.ts';
import type { FollowedSource } from './followed-source.ts';
import type { Intake } from './intake.ts';
import type { Ledger } from './ledger.ts';
import type { PassResult } from './newest-pass.ts';
import { createPace, createSweepPace } from './pace.ts';
import { toProblem } from './problem.ts';
import type { Problems } from './problems.ts';
import type { SourceMark } from './store.ts';
import { createSurplus } from './surplus.ts';
import { createSweep, type Sweep, type SweepStep } from './sweep.ts';

/** When a source is swept, one step after the other. */
export interface Sweeping {
  /** When the next step is to be taken. */
  dueAt(): number;
  /** Reads on as long as that is to go on. */
  step(signal: AbortSignal, mayGoOn: () => boolean): Promise<void>;
  /** Holds what a look has seen against what is kept. When something is gone a sweep begins soon. Answers how the mark moves. */
  compare(look: PassResult): Promise<Partial<SourceMark>>;
}

export interface SweepingSettings {
  readonly source: FollowedSource;
  readonly intake: Intake;
  readonly ledger: Ledger;
  readonly problems: Problems;
  readonly clock: Clock;
  /** Whether only a sweep shows what has changed. */
  readonly showsChanges: boolean;
  readonly requestsPerMinute: number;
  readonly sweepMinutes: number;
}

export function createSweeping(settings: SweepingSettings): Sweeping {
  const { ledger, problems, clock, showsChanges, requestsPerMinute, sweepMinutes } = settings;
  const longestMs = sweepMinutes * 60_000;
  const pace = createSweepPace({ longestMs, requestsPerMinute, showsChanges });
  const failing = createPace();
  const restarting = createPace();
  const surplus = createSurplus();
  let dueAt = clock.now() + untilFirstSweep(ledger.mark(), longestMs, clock);
  let soonestAt = Number.NEGATIVE_INFINITY;
  let isByTotal = false;
  let sweep: Sweep | null = null;

  /** Who has seen all that the source has, and no less than is kept, has swept it. */
  async function compareAll({ seen, moved, total }: PassResult): Promise<Partial<SourceMark>> {
    if ((await ledger.sessions()) > seen.size) {
      if (sweep === null) dueAt = Math.min(dueAt, clock.now());
      return {};
    }
    sweep = null;
    problems.forget('sweep');
    if (total !== null) surplus.settle(seen.size, total);
    end();
    dueAt = clock.now() + longestMs;
    return { sweptAt: moved.asOf ?? null };
  }

  /** While a sweep is under way, or some sessions are not shown, what is kept says nothing. */
  async function compareTotal(total: number): Promise<void> {
    if (sweep !== null || ledger.mark().sweptAt === null) return;
    const at = Math.max(clock.now(), soonestAt);
    if (at >= dueAt || !surplus.isUnusual(await ledger.sessions(), total)) return;
    dueAt = at;
    isByTotal = true;
  }

  /** The next one begins as if nothing had failed before. */
  function end(): void {
    failing.after('moved');
    restarting.after('moved');
  }

  function waitAfter(step: SweepStep): number {
    switch (step.kind) {
      case 'failed':
        return failing.after('failed');
      case 'goes-on':
        failing.after('moved');
        return 0;
      case 'restarted':
        return restarting.after('failed');
      case 'ended':
        sweep = null;
        end();
        if (step.problem === null && step.total !== null) surplus.settle(step.listed, step.total);
        soonestAt = clock.now() + pace.soonest({ ...step, isByTotal });
        isByTotal = false;
        return pace.after(step);
    }
  }

  return {
    dueAt: () => dueAt,
    async step(signal, mayGoOn) {
      sweep ??= createSweep(settings);
      try {
        const step = await sweep.step(signal, mayGoOn);
        await problems.note('sweep', step.problem, {});
        dueAt = clock.now() + waitAfter(step);
      } catch (error) {
        signal.throwIfAborted();
        await problems.note('sweep', toProblem(error), {});
        dueAt = clock.now() + failing.after('failed');
      }
    },
    async compare(look) {
      if (look.isWhole) return compareAll(look);
      if (look.total !== null) await compareTotal(look.total);
      return {};
    },
  };
}

/** The clock may have been set since the last sweep. */
function untilFirstSweep({ sweptAt }: SourceMark, longestMs: number, clock: Clock): number {
  if (sweptAt === null) return 0;
  return Math.min(longestMs, Math.max(0, sweptAt + longestMs - clock.wall()));
}
