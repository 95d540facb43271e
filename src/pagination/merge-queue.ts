import type { OpenSource } from './open-source.ts';
import { compareKeys, compareMoments, type Direction } from './order.ts';
import type { Reader } from './reader.ts';

/** All readers of a page as one queue. It reads on where the rows at hand do not decide whose row is next. */
export interface MergeQueue<Row> {
  /** The reader with the next row of all, once no other can hold an earlier one; null when there is none for this page. */
  next(want: number): Promise<Reader<Row> | null>;
  hasMore(): Promise<boolean>;
}

export function createMergeQueue<Row>(opened: readonly OpenSource<Row>[], direction: Direction): MergeQueue<Row> {
  const readers = opened.flatMap((source) => source.readers);

  /** False when none of them can be read on. */
  async function readOn(some: readonly Reader<Row>[], want: number): Promise<boolean> {
    const hungry = some.filter((reader) => reader.status() === 'hungry');
    if (hungry.length === 0) return false;
    await Promise.all(opened.map((source) => source.refill(hungry, want)));
    return true;
  }

  return {
    async next(want) {
      for (;;) {
        const best = earliest(readers, direction);
        const blocking = readers.filter((reader) => couldPrecede(reader, best, direction));
        if (blocking.length === 0) return best;
        if (!(await readOn(blocking, want))) return null;
      }
    },
    async hasMore() {
      for (;;) {
        if (readers.some((reader) => reader.hasMore() || reader.status() === 'stalled')) return true;
        if (!(await readOn(readers, 1))) return false;
      }
    },
  };
}

function earliest<Row>(readers: readonly Reader<Row>[], direction: Direction): Reader<Row> | null {
  let best: Reader<Row> | null = null;
  for (const reader of readers) {
    const item = reader.peek();
    const bestItem = best?.peek() ?? null;
    if (item === null) continue;
    if (bestItem === null || compareKeys(item.order, bestItem.order, direction) < 0) best = reader;
  }
  return best;
}

function couldPrecede<Row>(reader: Reader<Row>, best: Reader<Row> | null, direction: Direction): boolean {
  const status = reader.status();
  if (status !== 'hungry' && status !== 'stalled') return false;
  const bound = reader.bound();
  const item = best?.peek() ?? null;
  return item === null || bound === undefined || compareMoments(bound, item.order.moment, direction) <= 0;
}
