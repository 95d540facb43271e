import { afterIdFeed } from '../../src/pagination/dialects/after-id.ts';
import { completeListFeed } from '../../src/pagination/dialects/complete-list.ts';
import { numberedPagesFeed } from '../../src/pagination/dialects/numbered-pages.ts';
import { offsetFeed } from '../../src/pagination/dialects/offset.ts';
import type { Feed } from '../../src/pagination/feed.ts';
import type { MergeSource } from '../../src/pagination/merge-request.ts';
import type { Direction } from '../../src/pagination/order.ts';
import { compareTimes } from './oracle.ts';

export interface Row {
  readonly sourceId: string;
  readonly key: string;
  readonly moment: number | null;
}

export type Style = 'offset' | 'pages' | 'after-id' | 'complete';

export const upstreamMaxRows = 100;

/** One simulated platform list: ordered by moment, its ties in a new order on every request. */
export interface SimulatedFeed {
  readonly sourceId: string;
  readonly id: string;
  readonly style: Style;
  readonly rows: Map<string, Row>;
  requests: number;
  rowsSent: number;
  /** When set, every request fails. */
  down: boolean;
  /** Called before each request is answered. */
  onRequest: () => void;
}

export interface SimulationOptions {
  readonly shuffles: boolean;
  /** What the platform says to an `after` id it does not know. */
  readonly unknownAfter: 'error' | 'empty';
  readonly random: () => number;
  /** May answer a read by what the same read was answered before. When not given, each is answered anew. */
  readonly recall?: Recall;
}

/** `isRepeated`: the same page has read it before. An operation that reads something again wants the answer of now. */
export type Recall = <Answer>(
  feed: SimulatedFeed,
  read: string,
  anew: () => Promise<Answer>,
  isRepeated: boolean,
) => Promise<Answer>;

export function createSimulatedFeed(sourceId: string, id: string, style: Style, rows: readonly Row[]): SimulatedFeed {
  return {
    sourceId,
    id,
    style,
    rows: new Map(rows.map((row) => [row.key, row])),
    requests: 0,
    rowsSent: 0,
    down: false,
    onRequest: () => undefined,
  };
}

export function toFeed(simulated: SimulatedFeed, options: SimulationOptions): Feed<Row> {
  const listing = {
    id: simulated.id,
    sourceId: simulated.sourceId,
    keyOf: (row: Row) => row.key,
    momentOf: (row: Row) => row.moment,
  };
  const { recall: remember = (_feed, _read, anew) => anew() } = options;
  const reads = new Set<string>();

  function recall<Answer>(read: string, anew: () => Promise<Answer>): Promise<Answer> {
    const isRepeated = reads.has(read);
    reads.add(read);
    return remember(simulated, read, anew, isRepeated);
  }

  async function answer(direction: Direction): Promise<readonly Row[]> {
    simulated.onRequest();
    simulated.requests += 1;
    await Promise.resolve();
    if (simulated.down) throw new Error(`${simulated.id} is down`);
    const rows = inOrder(simulated, direction);
    return options.shuffles ? shuffleTies(rows, options.random) : rows;
  }

  function sent<Rows extends readonly Row[]>(rows: Rows): Rows {
    simulated.rowsSent += rows.length;
    return rows;
  }

  switch (simulated.style) {
    case 'offset':
      return offsetFeed({
        ...listing,
        directions: ['desc'],
        maxRows: upstreamMaxRows,
        window: ({ direction, offset, limit }) =>
          recall(`${direction} ${offset} ${limit}`, async () => {
            const rows = await answer(direction);
            return { rows: sent(rows.slice(offset, offset + Math.min(limit, upstreamMaxRows))), total: rows.length };
          }),
      });
    case 'pages':
      return numberedPagesFeed({
        ...listing,
        directions: ['asc', 'desc'],
        maxSize: upstreamMaxRows,
        async page({ direction, page, size }) {
          if (page < 1 || size < 1 || size > upstreamMaxRows) throw new Error(`Page ${page} of ${size} is refused.`);
          return recall(`${direction} ${page} ${size}`, async () => {
            const rows = await answer(direction);
            return { rows: sent(rows.slice((page - 1) * size, page * size)), total: rows.length };
          });
        },
      });
    case 'after-id':
      return afterIdFeed({
        ...listing,
        maxRows: upstreamMaxRows,
        idOf: (row) => row.key,
        page: ({ direction, after, limit }) =>
          recall(`${direction} ${after} ${limit}`, async () => {
            const rows = await answer(direction);
            const index = after === null ? -1 : rows.findIndex((row) => row.key === after);
            if (after !== null && index < 0) return options.unknownAfter === 'error' ? null : { rows: [], more: false };
            const end = index + 1 + Math.min(limit, upstreamMaxRows);
            return { rows: sent(rows.slice(index + 1, end)), more: end < rows.length };
          }),
      });
    case 'complete':
      return completeListFeed({
        ...listing,
        load: () => recall('all', async () => sent(await answer('asc'))),
      });
  }
}

interface Ordered {
  readonly size: number;
  readonly lastKey: string | undefined;
  readonly rows: readonly Row[];
}

const known = new WeakMap<SimulatedFeed, Map<Direction, Ordered>>();

/** Sorted anew only after a change: whatever was put in since is last in the map, whatever was taken out made it smaller. */
function inOrder(simulated: SimulatedFeed, direction: Direction): readonly Row[] {
  const { rows } = simulated;
  let lastKey: string | undefined;
  for (const key of rows.keys()) lastKey = key;
  const byDirection = known.get(simulated) ?? new Map<Direction, Ordered>();
  const before = byDirection.get(direction);
  if (before !== undefined && before.size === rows.size && before.lastKey === lastKey) return before.rows;
  const sign = direction === 'asc' ? 1 : -1;
  const sorted = [...rows.values()].sort((left, right) => sign * compareTimes(left, right));
  byDirection.set(direction, { size: rows.size, lastKey, rows: sorted });
  known.set(simulated, byDirection);
  return sorted;
}

/** Rows of one moment, and only those, in a new order. */
function shuffleTies(rows: readonly Row[], random: () => number): readonly Row[] {
  const shuffled = [...rows];
  let first = 0;
  for (const [index, row] of rows.entries()) {
    if (row.moment !== rows[first]?.moment) first = index;
    const other = first + Math.floor(random() * (index - first + 1));
    const swapped = shuffled[other];
    if (swapped === undefined) continue;
    shuffled[other] = shuffled[index] ?? swapped;
    shuffled[index] = swapped;
  }
  return shuffled;
}

export interface SourcesAsked {
  readonly accepts?: (row: Row) => boolean;
  readonly selective?: boolean;
  readonly lost?: ReadonlySet<string>;
  readonly earliest?: number;
  readonly latest?: number;
}

/** Feeds are made anew for each page, as they are for each operation. */
export function toSources(
  feeds: readonly SimulatedFeed[],
  options: SimulationOptions,
  { accepts = () => true, selective = false, lost = new Set(), earliest, latest }: SourcesAsked = {},
): MergeSource<Row>[] {
  const sourceIds = [...new Set(feeds.map((feed) => feed.sourceId))];
  return sourceIds.map((sourceId) => ({
    sourceId,
    async open() {
      if (lost.has(sourceId)) throw new Error(`The feeds of ${sourceId} cannot be listed.`);
      return feeds.filter((feed) => feed.sourceId === sourceId).map((feed) => toFeed(feed, options));
    },
    accepts,
    selective,
    earliest,
    latest,
  }));
}

/** A small generator of numbers from 0 to 1 that gives the same ones for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
