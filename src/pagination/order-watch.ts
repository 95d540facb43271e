import type { FeedItem } from './feed.ts';

/**
 * Notices that a platform puts rows of one moment into a new order: two rows that one read has shown come the other way round in
 * a later one. Rows that only come and go leave the others in their order.
 */
export interface OrderWatch {
  note(items: readonly Pick<FeedItem<unknown>, 'key'>[]): void;
  hasSeenReordering(): boolean;
}

export function createOrderWatch(): OrderWatch {
  /** Where each row was seen last. */
  const sightings = new Map<string, { readonly read: number; readonly index: number }>();
  let reads = 0;
  let isReordered = false;

  return {
    note(items) {
      const furthest = new Map<number, number>();
      reads += 1;
      for (const [index, { key }] of items.entries()) {
        const before = sightings.get(key);
        sightings.set(key, { read: reads, index });
        if (before === undefined) continue;
        isReordered ||= before.index < (furthest.get(before.read) ?? 0);
        furthest.set(before.read, before.index);
      }
    },
    hasSeenReordering: () => isReordered,
  };
}
