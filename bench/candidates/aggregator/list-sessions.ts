import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts';
import type { List, Position, Source } from './platform.ts';
import { compareRows, type Row, type Status } from './row.ts';

export interface PageOptions {
  readonly first: number;
  readonly after: string | null;
  readonly statuses: readonly Status[] | null;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  /** The cursor of one of the rows. */
  readonly cursorOf: (row: Row) => string;
}

interface Reading {
  readonly list: List;
  /** All that was read, in the order of the platform. */
  readonly rows: readonly Row[];
  readonly positionAfter: (count: number) => Position;
  readonly candidates: readonly Row[];
}

/** The sources that can have such sessions. */
export function sourcesWith(statuses: PageOptions['statuses'], sources: readonly Source[]): readonly Source[] {
  return sources.filter((source) => statuses?.some((status) => source.statuses.includes(status)) ?? true);
}

/**
 * All lists at the same time, each from where the cursor left it; what came is sorted together, and the first rows are the
 * page. A list goes on until it has a page of its own, so no list can lack a row that belongs here.
 */
export async function listSessions(sources: readonly Source[], options: PageOptions): Promise<Page> {
  const cursor = options.after === null ? null : decodeCursor(options.after);
  const bySource = await Promise.all(
    sources.map(async (source) => {
      const lists = await source.lists();
      return Promise.all(lists.map((list) => readList(list, cursor, options)));
    }),
  );
  const readings = bySource.flat();
  const sorted = readings.flatMap(({ candidates }) => candidates).sort(compareRows);
  return {
    rows: sorted.slice(0, options.first),
    hasNextPage: sorted.length > options.first,
    cursorOf: (row) => encodeCursor(row, positionsAt(row, readings)),
  };
}

async function readList(list: List, cursor: Cursor | null, { first, statuses }: PageOptions): Promise<Reading> {
  const start = cursor?.positions[list.id] ?? null;
  // A filter leaves rows out, so larger windows cost fewer requests.
  const wanted = statuses === null ? first + 1 : 100;
  const windows: { readonly from: number; readonly positionAfter: (count: number) => Position }[] = [];
  const rows: Row[] = [];
  const candidates: Row[] = [];
  for (let position = start; ; ) {
    const window = await list.read(position, wanted);
    windows.push({ from: rows.length, positionAfter: window.positionAfter });
    for (const row of window.rows) {
      rows.push(row);
      const isLeft = cursor === null || compareRows(row, cursor) > 0;
      if (isLeft && (statuses?.includes(row.status) ?? true)) candidates.push(row);
    }
    if (candidates.length > first || !window.hasMore) break;
    position = window.positionAfter(window.rows.length);
  }
  return {
    list,
    rows,
    candidates,
    positionAfter(count) {
      const window = windows.findLast(({ from }) => from < count);
      return window === undefined ? start : window.positionAfter(count - window.from);
    },
  };
}

/**
 * Where each list goes on after a row: at its first row of the same moment, because platforms order those as they like.
 * The place in the cursor then tells which of them the client has.
 */
function positionsAt({ moment }: Row, readings: readonly Reading[]): Readonly<Record<string, Position>> {
  const positions: Record<string, Position> = {};
  for (const { list, rows, positionAfter } of readings) {
    let newer = 0;
    while (newer < rows.length && (rows[newer]?.moment ?? '') > moment) newer += 1;
    const position = positionAfter(newer);
    if (position !== null) positions[list.id] = position;
  }
  return positions;
}
