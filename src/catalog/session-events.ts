import { matchesFilter, type SessionFilter } from '../domain/filter.ts';
import type { EntityRef } from '../domain/records.ts';
import type { CatalogEntry } from './entry.ts';
import { batchSize, type Live, type LiveState } from './live.ts';
import { type Mark, markOf, type Position, toMarkText } from './mark.ts';
import type { CatalogChange, SourceState } from './store.ts';

export type SessionEvent =
  | { readonly kind: 'upserted'; readonly entry: CatalogEntry }
  | { readonly kind: 'gone'; readonly session: EntityRef; readonly deleted: boolean }
  | MarkEvent
  | { readonly kind: 'resync'; readonly reason: ResyncReason; readonly mark: string };

interface MarkEvent {
  readonly kind: 'mark';
  readonly mark: string;
  readonly states: ReadonlyMap<string, SourceState>;
}

export type ResyncReason = 'MARK_TOO_OLD' | 'CATALOG_REBUILT' | 'SOURCES_CHANGED';

export interface SessionEventsRequest {
  readonly live: Live;
  /** Whether a source is in the catalog. */
  readonly isFollowed: (sourceId: string) => boolean;
  /** By the id of the source; changes of other sources are not told. */
  readonly filters: ReadonlyMap<string, SessionFilter>;
  /** Null for what changes from now on. */
  readonly since: Mark | null;
  readonly signal: AbortSignal;
}

/**
 * What changes among the sessions that pass the filters. Takes nothing before the first event is asked for, and reads on only
 * when the last one was taken: until then, newer changes of a session take the place of older ones in the store.
 */
export async function* sessionEvents(request: SessionEventsRequest): AsyncGenerator<SessionEvent, void> {
  if (request.signal.aborted) return;
  const leave = request.live.enter();
  try {
    yield* follow(request);
  } finally {
    leave();
  }
}

async function* follow(request: SessionEventsRequest): AsyncGenerator<SessionEvent, void> {
  const { live, filters, since, signal } = request;
  const first = await newest(live, since);
  const refused = since === null ? null : reasonToReload(since, first, request);
  let known = since === null || refused !== null ? markHere(first, filters) : only(since, filters);
  let told = outcomesOf(first, filters);
  yield refused === null ? markEvent(known, first) : resync(refused, known);
  while (!signal.aborted) {
    const turn = live.turn();
    const now = await newest(live, known);
    const outcomes = outcomesOf(now, filters);
    const lost = reasonToReload(known, now, request);
    if (lost === null && outcomes === told && changedSince(known, now).length === 0) {
      await live.after(turn, signal);
      continue;
    }
    const next = lost === null ? yield* changesUpTo(now, known, request) : null;
    known = next ?? markHere(now, filters);
    told = outcomes;
    yield next === null ? resync(lost ?? 'MARK_TOO_OLD', known) : markEvent(known, now);
  }
}

/** Tells one batch of each source, and gives back what is known then. Null when older changes are not kept any more. */
async function* changesUpTo(
  now: LiveState,
  known: Mark,
  { live, filters }: SessionEventsRequest,
): AsyncGenerator<SessionEvent, Mark | null> {
  const positions = new Map(known.positions);
  for (const [sourceId, position] of changedSince(known, now)) {
    const filter = filters.get(sourceId);
    const changes = await live.changes(sourceId, position.version);
    if (changes === null || filter === undefined) return null;
    for (const change of changes) {
      const event = toEvent(change, { sourceId, filter, position });
      if (event !== null) yield event;
    }
    positions.set(sourceId, positionAfter(changes, position, versionIn(now, sourceId)));
  }
  return { epoch: known.epoch, positions };
}

/** What several subscribers were told may be older than what this one knows of. */
async function newest(live: Live, known: Mark | null): Promise<LiveState> {
  const now = await live.now();
  return known !== null && isAhead(known, now) ? live.newerThan(now) : now;
}

function isAhead({ epoch, positions }: Mark, now: LiveState): boolean {
  return epoch === now.epoch && [...positions].some(([sourceId, { version }]) => version > versionIn(now, sourceId));
}

function reasonToReload(
  mark: Mark,
  now: LiveState,
  { filters, isFollowed }: SessionEventsRequest,
): ResyncReason | null {
  if (mark.epoch !== now.epoch) return 'CATALOG_REBUILT';
  const isWithoutSome = [...filters.keys()].some((sourceId) => !mark.positions.has(sourceId));
  if (isWithoutSome || ![...mark.positions.keys()].every(isFollowed)) return 'SOURCES_CHANGED';
  return isAhead(mark, now) ? 'CATALOG_REBUILT' : null;
}

/** Where sources have moved on from. */
function changedSince({ positions }: Mark, now: LiveState): readonly (readonly [sourceId: string, from: Position])[] {
  return [...positions].filter(([sourceId, { version }]) => version !== versionIn(now, sourceId));
}

/** Where to read on. A full batch ends at its last change; any other reaches to what was the version before it was read. */
function positionAfter(changes: readonly CatalogChange[], position: Position, latest: number): Position {
  const last = changes.at(-1)?.version ?? position.version;
  if (changes.length === batchSize) return { version: last, settled: position.settled };
  const version = Math.max(last, latest);
  return { version, settled: version };
}

interface Subscriber {
  readonly sourceId: string;
  readonly filter: SessionFilter;
  readonly position: Position;
}

/** Null for a session that neither matched nor matches. */
function toEvent(change: CatalogChange, { sourceId, filter, position }: Subscriber): SessionEvent | null {
  const { entry, key } = change;
  if (entry !== null && matchesFilter(entry, filter)) return { kind: 'upserted', entry };
  if (!mayHaveMatched(change, filter, position)) return null;
  return { kind: 'gone', session: { sourceId, key }, deleted: entry === null };
}

/** Whether it may have matched when the subscriber was last told of it. */
function mayHaveMatched(
  { before, beforeVersion }: CatalogChange,
  filter: SessionFilter,
  { settled }: Position,
): boolean {
  if (before === undefined || beforeVersion > settled) return true;
  return before !== null && matchesFilter(before, filter);
}

type Filters = SessionEventsRequest['filters'];

function markHere({ epoch, states }: LiveState, filters: Filters): Mark {
  return markOf(epoch, states, filters.keys());
}

function only({ epoch, positions }: Mark, filters: Filters): Mark {
  return { epoch, positions: new Map([...positions].filter(([sourceId]) => filters.has(sourceId))) };
}

function markEvent(mark: Mark, { states }: LiveState): MarkEvent {
  return { kind: 'mark', mark: toMarkText(mark), states };
}

function resync(reason: ResyncReason, mark: Mark): SessionEvent {
  return { kind: 'resync', reason, mark: toMarkText(mark) };
}

function versionIn({ states }: LiveState, sourceId: string): number {
  return states.get(sourceId)?.version ?? 0;
}

/** Whether each source is complete and kept up. Its time alone goes on all the while, and is not told. */
function outcomesOf({ states }: LiveState, filters: Filters): string {
  const marks = [...filters.keys()].map((sourceId) => states.get(sourceId)?.mark ?? null);
  return JSON.stringify(marks.map((mark) => [mark?.behind, mark?.sweptAt === null]));
}
