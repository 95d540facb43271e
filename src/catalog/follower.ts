import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { KeptField } from './entry.ts';
import type { FollowedSource } from './followed-source.ts';
import { createIntake } from './intake.ts';
import { createLedger } from './ledger.ts';
import { readNewest } from './newest-pass.ts';
import { createPace } from './pace.ts';
import { toProblem } from './problem.ts';
import { createProblems } from './problems.ts';
import { createRereads } from './rereads.ts';
import { createSourceReader } from './source-reader.ts';
import { type CatalogStore, type CatalogWriter, type SourceMark, unfollowed } from './store.ts';
import { createSweeping } from './sweeping.ts';

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
  const { clock, kept } = settings;
  const ledger = createLedger(writer, await beginCopy(writer, copyOf(source, kept)));
  const intake = createIntake(writer, ledger, kept);
  const rereads = createRereads(writer, intake);
  const order = source.begin(signal).orders.includes('updatedAt') ? 'updatedAt' : 'createdAt';
  const showsChanges = order === 'createdAt';
  const problems = createProblems(ledger);
  const sweeping = createSweeping({ ...settings, source, intake, ledger, problems, showsChanges });
  const pace = createPace();
  let passAt = clock.now();

  async function pass(): Promise<void> {
    try {
      const reader = createSourceReader(source, signal);
      const look = await readNewest({ reader, intake, ledger, clock, order });
      const swept = await sweeping.compare(look);
      const mayReread = showsChanges && source.restsFor() === 0;
      const reread = mayReread ? await rereads.next(look.seen, reader.operation()) : { changed: 0, problem: null };
      await problems.note('pass', look.problem ?? reread.problem, { ...look.moved, ...swept });
      passAt = clock.now() + pace.after(look.changed + reread.changed > 0 ? 'moved' : 'still');
    } catch (error) {
      signal.throwIfAborted();
      await problems.note('pass', toProblem(error), {});
      passAt = clock.now() + pace.after('failed');
    }
  }

  let forgetAt = clock.now();
  for (let isSweepsTurn = false; ; ) {
    signal.throwIfAborted();
    const now = clock.now();
    const readAt = Math.max(Math.min(passAt, sweeping.dueAt()), now + source.restsFor());
    if (now >= forgetAt) {
      await writer.forget();
      forgetAt = now + forgetEveryMs;
    } else if (now < readAt) await clock.sleep(Math.min(readAt, forgetAt) - now, signal);
    else if (now >= sweeping.dueAt() && (now < passAt || isSweepsTurn)) {
      isSweepsTurn = false;
      await sweeping.step(signal, () => clock.now() < passAt);
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
