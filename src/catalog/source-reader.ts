import type { FollowedOperation, FollowedOrder, FollowedPage, FollowedSource } from './followed-source.ts';

/** Reads page after page. */
export interface SourceReader {
  page(order: FollowedOrder, after: string | null): Promise<FollowedPage>;
  operation(): FollowedOperation;
  /** Whether all pages of an operation cost no more than the first. */
  readsWhole(): boolean;
  /** Whether the next page may be one that was read already. */
  mayCostNothing(): boolean;
  /** How many requests were sent. */
  requests(): number;
}

/** A platform that has no pages is read whole in one operation, which goes on while its pages cost nothing more. */
export function createSourceReader(source: FollowedSource, signal: AbortSignal): SourceReader {
  let current: FollowedOperation | null = null;
  let ended = 0;

  function operation(): FollowedOperation {
    current ??= source.begin(signal);
    return current;
  }

  function end(reading: FollowedOperation): void {
    if (current !== reading) return;
    ended += reading.requests();
    current = null;
  }

  return {
    operation,
    readsWhole: () => operation().listsWhole,
    mayCostNothing: () => current !== null,
    requests: () => ended + (current?.requests() ?? 0),
    async page(order, after) {
      const reading = operation();
      const before = reading.requests();
      try {
        const page = await reading.page(order, after);
        const wasFree = before === 0 || reading.requests() === before;
        if (page.problem !== null || !wasFree) end(reading);
        return page;
      } catch (error) {
        end(reading);
        throw error;
      }
    },
  };
}
