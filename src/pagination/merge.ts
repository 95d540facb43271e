import { UpstreamError } from '../domain/errors.ts';
import { type Boundary, compareBoundaries, head, laterBoundary } from './boundary.ts';
import { createFrontier } from './frontier.ts';
import { createMergeQueue } from './merge-queue.ts';
import type { MergedItem, MergedPage, MergeRequest, MergeSource } from './merge-request.ts';
import { openSource, reportOf, startOf, totalOf } from './open-source.ts';
import { reverse } from './order.ts';
import type { Reader } from './reader.ts';
import { turned, type WalkFrame } from './walk-frame.ts';

/**
 * Merges any number of ordered feeds into one ordered page, from either end or from a cursor. A row is given only when no feed
 * can still hold an earlier one. A feed that fails keeps its own place in the cursor and catches up when it is back.
 *
 * Newest first, two rows a page: feed A holds 10:00 and 08:00, feed B 09:00 and 07:00. Page 1 is A's 10:00, since B has nothing
 * later than 09:00, then B's 09:00; its cursor says "after B's 09:00". Now B fails: page 2 is A's 08:00, and its cursor says
 * "after A's 08:00, but B is after its 09:00". When B is back, page 3 is its 07:00, and whatever it had between 09:00 and 08:00.
 *
 * The way of a row: a read of its feed shows it (reader.ts), its group becomes whole (receiver.ts), it is asked for (intake.ts), no
 * feed can hold an earlier one (merge-queue.ts), and the place after it is known (frontier.ts).
 */
export async function mergePage<Row>(
  sources: readonly MergeSource<Row>[],
  request: MergeRequest,
): Promise<MergedPage<Row>> {
  const isForward = request.walk === 'forward';
  const direction = isForward ? request.direction : reverse(request.direction);
  const [begin, end] = isForward ? [request.after, request.before] : [request.before, request.after];
  const beginBoundary = begin === null ? head : turned({ isForward }, begin.boundary);
  const frame: WalkFrame = { direction, isForward, begin, beginBoundary, end, scanRows: request.scanRows };
  const opened = await Promise.all(sources.map((source) => openSource(source, request, frame)));
  const readers = opened.flatMap((source) => source.readers);
  const lostSources = opened.filter(({ error }) => error !== null).map(({ source }) => source.sourceId);
  const frontier = createFrontier(
    frame,
    readers,
    new Map(lostSources.map((sourceId) => [sourceId, startOf(frame, sourceId, null)])),
  );
  const queue = createMergeQueue(opened, direction);
  const items: MergedItem<Row>[] = [];
  while (items.length < request.size) {
    const reader = await queue.next(request.size - items.length + 1);
    const item = reader?.peek() ?? null;
    if (reader === null || item === null) break;
    reader.take();
    frontier.pass(reader, item);
    items.push({ row: item.row, sourceId: item.order.sourceId, cursor: frontier.here() });
  }
  const more = await queue.hasMore();
  const stalled = items.length < request.size ? readers.filter((reader) => reader.status() === 'stalled') : [];
  const reports = new Map(opened.map((source) => [source.source.sourceId, reportOf(source, { items, stalled })]));
  if (stalled.length > 0) {
    const places = stalled.map((reader) => reader.progress());
    frontier.moveTo(places.reduce((least, place) => (compareBoundaries(place, least, direction) < 0 ? place : least)));
  } else if (items.length < request.size && [...reports.values()].some(({ owes, advanced }) => owes && advanced)) {
    // All but those that failed are at their end. Were it not said, the next page would look through the same rows again.
    frontier.moveTo(endOf(frame, readers));
    // Going up, an end like this one is looked for again with every page. With more feeds than an operation has requests that
    // would be the same ones each time, so those that are done stay done.
    if (!frontier.hasLeftBegin() && readers.some(wasOutOfRequests)) frontier.moveTo({ at: 'end' });
  }
  const endCursor = frontier.hasMoved() ? frontier.end() : null;
  // The last row's cursor and the page's are the same, unless the page looked at more than it gave.
  const last = items.at(-1);
  if (last !== undefined && endCursor !== null && items.length === request.size)
    items.splice(-1, 1, { ...last, cursor: endCursor });
  return {
    items: isForward ? items : items.reverse(),
    more,
    sawBehind: readers.some((reader) => reader.report().sawBehind),
    end: endCursor,
    sources: reports,
    async totalOf(sourceId) {
      const source = opened.find((each) => each.source.sourceId === sourceId);
      if (source === undefined || source.error !== null) return null;
      await source.refill(
        source.readers.filter((reader) => reader.status() !== 'failed' && !reader.hasRead()),
        1,
      );
      return totalOf(source);
    },
  };
}

/**
 * Where the walk ends at the latest: at the other cursor, or at the end of the list. Going up, new rows come after all that is
 * known, so the list has no end to stay at but the furthest row that was seen.
 */
function endOf<Row>(frame: WalkFrame, readers: readonly Reader<Row>[]): Boundary {
  const { direction, beginBoundary, end } = frame;
  if (end !== null) return turned(frame, end.boundary);
  if (direction === 'desc') return { at: 'end' };
  return readers
    .filter((reader) => reader.status() === 'ended')
    .map((reader) => reader.furthest())
    .reduce((left, right) => laterBoundary(left, right, direction), beginBoundary);
}

function wasOutOfRequests<Row>(reader: Reader<Row>): boolean {
  const { error } = reader.report();
  return error instanceof UpstreamError && error.code === 'UPSTREAM_BUDGET_EXCEEDED';
}
