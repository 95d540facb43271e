import { UpstreamError } from '../domain/errors.ts';
import { type Boundary, laterBoundary } from './boundary.ts';
import type { FeedItem, FeedPage, Position } from './feed.ts';
import { createFoothold, type Foothold } from './foothold.ts';
import { createIntake, type Intake } from './intake.ts';
import { compareKeys, compareMoments, type Direction, type Moment } from './order.ts';
import type { ReaderOptions } from './reader-options.ts';
import { byMoment, isOrdered, toRuns } from './runs.ts';
import type { TieGroup } from './ties.ts';
import { createTrail, type Trail } from './trail.ts';

/**
 * What the reads of one feed have shown. Rows are put into groups of equal moments here; a group goes to the intake once it is
 * whole, and the foothold and the trail follow.
 */
export interface Receiver<Row> {
  readonly intake: Intake<Row>;
  readonly foothold: Foothold;
  readonly trail: Trail;
  receive(page: FeedPage<Row>): Headway;
  /** Takes a group that was read by itself because it is larger than a read. */
  receiveGroup(group: TieGroup<Row>): void;
  hasRead(): boolean;
  /** Whether a cursor made now leads further than the one this walk began with: no page may end where it began. */
  hasAdvanced(): boolean;
  /** Whether a row that is asked for waits until its group is whole. */
  hasWaiting(): boolean;
  /** How many known rows the next read will show again, as far as can be said. */
  rowsReadAgain(): number;
  /** Past the last group that was read whole. */
  furthest(): Boundary;
  tiesUnstable(): boolean;
}

/**
 * How far a read led:
 * - `got-on`: a group was finished, or rows before the moment were passed.
 * - `only-passed`: it showed nothing but rows before the moment.
 * - `stuck`: all its rows are of one group, which goes on.
 */
export type Headway = 'got-on' | 'only-passed' | 'stuck';

export function createReceiver<Row>(options: ReaderOptions<Row>): Receiver<Row> {
  const { feed, direction, start, budget, hint } = options;
  const intake = createIntake(options);
  const foothold = createFoothold(options);
  const isAtHead = hint.behind === null && hint.ahead === null && !options.nearEnd && start.at !== 'inside';
  const trail = createTrail(direction, { behind: hint.behind, isAtHead }, () => unfinished[0]);
  let unfinished: readonly FeedItem<Row>[] = [];
  let insideRows = 0;
  let furthest = start;
  let reads = 0;
  let tiesUnstable = false;

  function receiveInOrder(page: FeedPage<Row>): Headway {
    const { fresh, passed } = passOld(page);
    const ordered = isOrdered(page.items, direction);
    tiesUnstable ||= !ordered;
    const runs = toRuns(ordered ? fresh : byMoment(fresh, direction));
    const open = page.more ? runs.pop() : undefined;
    unfinished = [];
    for (const run of runs) finishGroup(run);
    const reached = open?.[0];
    if (!page.more || (reached !== undefined && !intake.isInRange(reached.moment))) intake.end();
    if (intake.hasEnded()) return 'got-on';
    if (reached === undefined) {
      if (passed > 0) return 'only-passed';
      const cause = new Error(`Feed ${feed.id} says that more rows follow but shows none.`);
      throw new UpstreamError(feed.sourceId, 'UPSTREAM_BAD_RESPONSE', { cause });
    }
    unfinished = open ?? [];
    foothold.reach(reached.moment);
    return runs.length > 0 || passed > 0 ? 'got-on' : 'stuck';
  }

  /** The rows at or past the moment the reader is at, and how many before it the read had to pass. */
  function passOld(page: FeedPage<Row>): { readonly fresh: readonly FeedItem<Row>[]; readonly passed: number } {
    const fresh: FeedItem<Row>[] = [];
    let passed = 0;
    const since = foothold.since();
    for (const item of page.items) {
      if (since === undefined || compareMoments(item.moment, since, direction) >= 0) {
        fresh.push(item);
        continue;
      }
      passed += Number(item.position !== foothold.behind());
      foothold.pass(item);
      intake.noteBehind(item);
    }
    if (trail.isEmpty()) {
      trail.skip(passed + (reads === 1 ? page.skipped : 0), foothold.behind());
      budget.wasted += passed;
    }
    return { fresh, passed };
  }

  /** Gives rows of a group too large for order as they come; what follows the group is received in order again. */
  function receiveInside(page: FeedPage<Row>, moment: Moment, first: Position): Headway {
    const inside = page.items.filter((item) => item.moment === moment && item.position !== first);
    const past = page.items.filter((item) => compareMoments(item.moment, moment, direction) > 0);
    tiesUnstable ||= inside.length > 0;
    for (const item of inside) intake.offer(item, item.position);
    insideRows += inside.length;
    const last = (past.length === 0 ? page.items : inside).at(-1)?.position ?? first;
    foothold.pass({ position: last });
    if (past.length === 0 && page.more && last !== first) {
      foothold.enter(last);
      return 'got-on';
    }
    foothold.leave();
    trail.pass({ moment, first, last, size: insideRows });
    return receiveInOrder({ ...page, items: past });
  }

  function finishGroup(items: readonly FeedItem<Row>[]): void {
    const first = items[0];
    const last = items.at(-1);
    if (first === undefined || last === undefined || intake.hasEnded()) return;
    if (!intake.isInRange(first.moment)) {
      intake.end();
      return;
    }
    furthest = laterBoundary(start, { at: 'after', moment: first.moment }, direction);
    trail.pass({ moment: first.moment, first: first.position, last: last.position, size: items.length });
    foothold.pass(last);
    for (const item of items.length === 1 ? items : inOrder(items, direction)) intake.offer(item, null);
  }

  return {
    intake,
    foothold,
    trail,
    receive(page) {
      reads += 1;
      foothold.wasRead();
      const moment = foothold.since();
      const first = foothold.insideFrom();
      return first === null || moment === undefined ? receiveInOrder(page) : receiveInside(page, moment, first);
    },
    receiveGroup({ items, state, next, scanned, lastPosition }) {
      budget.wasted += Math.max(0, scanned - items.length);
      unfinished = [];
      tiesUnstable ||= state !== 'whole';
      if (state === 'unfinished') {
        foothold.enter(lastPosition);
        insideRows = items.length;
        for (const item of items) intake.offer(item, item.position);
        return;
      }
      finishGroup(items);
      if (lastPosition !== null) foothold.pass({ position: lastPosition });
      if (next === undefined) intake.end();
      else foothold.reach(next);
    },
    hasRead: () => reads > 0,
    hasAdvanced() {
      const isHintKept = foothold.behind() !== hint.behind && trail.skippedRows() > feed.hintAfter;
      return reads > 0 && (isHintKept || foothold.hasMoved());
    },
    hasWaiting: () => unfinished.some(intake.isAskedFor),
    rowsReadAgain() {
      if (reads > 0) return unfinished.length + 1;
      if (start.at === 'head' || foothold.insideFrom() !== null) return 0;
      return hint.behind === null && hint.ahead === null ? feed.hintAfter : 2;
    },
    furthest: () => furthest,
    tiesUnstable: () => tiesUnstable || intake.endedInside(),
  };
}

/** The rows of one moment, each once. */
function inOrder<Row>(items: readonly FeedItem<Row>[], direction: Direction): readonly FeedItem<Row>[] {
  const known = new Map(items.map((item) => [item.key, item]));
  return [...known.values()].sort((left, right) => compareKeys(left, right, direction));
}
