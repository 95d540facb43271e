import { decodeCursor, encodeCursor } from '../../src/pagination/cursor.ts';
import type { CursorDraft } from '../../src/pagination/frontier.ts';
import { mergePage } from '../../src/pagination/merge.ts';
import type { MergedPage } from '../../src/pagination/merge-request.ts';
import type { Direction } from '../../src/pagination/order.ts';
import type { Row, SimulatedFeed, SimulationOptions } from './world.ts';
import { toSources } from './world.ts';

export const fingerprint = 'abcdef';

export interface PageAsked {
  readonly direction: Direction;
  readonly walk: 'forward' | 'backward';
  readonly size: number;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly scanRows?: number;
  readonly accepts?: (row: Row) => boolean;
  /** Whether the source says beforehand that `accepts` may refuse rows; a platform that ignores a filter does not. */
  readonly selective?: boolean;
  /** Sources whose feeds cannot be listed for this page. */
  readonly lost?: ReadonlySet<string>;
  readonly earliest?: number;
  readonly latest?: number;
}

/** One page, with its cursors written and read as a client would hand them back. */
export async function askPage(
  feeds: readonly SimulatedFeed[],
  options: SimulationOptions,
  asked: PageAsked,
): Promise<MergedPage<Row>> {
  const read = (cursor: string | null | undefined) =>
    cursor === null || cursor === undefined ? null : decodeCursor(cursor, fingerprint);
  return mergePage(toSources(feeds, options, asked), {
    direction: asked.direction,
    walk: asked.walk,
    size: asked.size,
    after: read(asked.after),
    before: read(asked.before),
    scanRows: asked.scanRows ?? 2000,
    concurrentReads: 16,
  });
}

export function write(place: (() => CursorDraft) | null): string | null {
  if (place === null) return null;
  const { cursor, hints, outlook } = place();
  return encodeCursor(cursor, hints, outlook, fingerprint);
}
