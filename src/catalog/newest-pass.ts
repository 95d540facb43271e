import { momentsBy } from '../domain/moment.ts';
import type { Clock } from './clock.ts';
import type { FollowedOrder, FollowedPage } from './followed-source.ts';
import { type Intake, lookupsAtOnce } from './intake.ts';
import type { Ledger } from './ledger.ts';
import type { SourceReader } from './source-reader.ts';
import type { SourceMark } from './store.ts';

export interface NewestPass {
  readonly reader: SourceReader;
  readonly intake: Intake;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly order: FollowedOrder;
}

export interface PassResult {
  readonly changed: number;
  /** Why something may have been missed, for people; null when nothing was. */
  readonly problem: string | null;
  /** How far the source is followed now. */
  readonly moved: Partial<SourceMark>;
  /** The keys of the sessions that were listed. */
  readonly seen: ReadonlySet<string>;
  /** Whether these are all that the source has. */
  readonly isWhole: boolean;
  /** How many sessions the platform says there are; null when it does not say. */
  readonly total: number | null;
}

/** Platforms round their times, and show later what they began to write earlier. */
const overlapMicros = 60_000_000;

/** Reads from the top of the list to where nothing is new, or to its end if that costs nothing more. */
export async function readNewest({ reader, intake, ledger, clock, order }: NewestPass): Promise<PassResult> {
  const { newest: reached, sweptAt } = ledger.mark();
  const floor = reached === null ? null : reached - overlapMicros;
  const startedAt = clock.wall();
  const seen = new Set<string>();
  let newest = Number.NEGATIVE_INFINITY;
  let changed = 0;
  let problem: string | null = null;
  let isWhole = false;
  let total: number | null = null;
  for (let after: string | null = null; ; ) {
    const page: FollowedPage = await reader.page(order, after);
    // Between the requests of several operations a session may have gone from a page that was not read yet to one that was.
    isWhole = page.next === null && reader.mayCostNothing();
    total ??= page.total;
    const taken = await takePage(page, intake, reader);
    changed += taken.changed;
    problem ??= taken.problem;
    for (const { entry } of page.sessions) seen.add(entry.key);
    for (const key of taken.gone) seen.delete(key);
    const moments = page.sessions.flatMap(({ entry }) => momentsBy[order](entry) ?? []);
    newest = Math.max(newest, ...moments);
    const isStill = taken.changed === 0;
    const isBeyond = floor === null || Math.min(...moments) < floor;
    // Before the first sweep all that is further down is new. And marks do not move while something is missing, so that the
    // way to them would become longer and longer.
    const isFar = problem === null ? isBeyond && (isStill || sweptAt === null) : isStill || floor === null;
    if (page.next === null || (isFar && (problem !== null || !reader.readsWhole()))) break;
    after = page.next;
  }
  if (problem !== null) return { changed, problem, moved: {}, seen, isWhole: false, total: null };
  const asOf = order === 'updatedAt' || isWhole ? { asOf: startedAt } : {};
  const moved = newest > Number.NEGATIVE_INFINITY ? { newest, ...asOf } : asOf;
  return { changed, problem, moved, seen, isWhole, total };
}

async function takePage(page: FollowedPage, intake: Intake, reader: SourceReader) {
  const listed = await intake.list(page.sessions);
  const gone: string[] = [];
  let changed = listed.changed;
  let problem = page.problem?.message ?? listed.full;
  for (let index = 0; index < listed.unknown.length; index += lookupsAtOnce) {
    const taken = await intake.lookUp(listed.unknown.slice(index, index + lookupsAtOnce), reader.operation());
    changed += taken.changed;
    problem ??= taken.problem ?? taken.full;
    gone.push(...taken.gone);
  }
  return { changed, problem, gone };
}
