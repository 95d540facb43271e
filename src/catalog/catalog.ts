import type { Clock } from './clock.ts';
import type { FollowedSource } from './followed-source.ts';
import { type FollowerSettings, follow } from './follower.ts';
import { createPace } from './pace.ts';
import type { CatalogStore } from './store.ts';

/** The copy of the sessions of some sources, and what keeps it up to date. */
export interface Catalog {
  readonly store: CatalogStore;
  /** Begins to follow the sources. */
  start(): void;
  /** Resolves once nothing more is asked or written. The store stays open. */
  close(): Promise<void>;
}

export interface CatalogSettings extends FollowerSettings {
  readonly sources: readonly FollowedSource[];
}

export function createCatalog({ sources, ...settings }: CatalogSettings): Catalog {
  const { store } = settings;
  const closing = new AbortController();
  let running: readonly Promise<void>[] = [];

  return {
    store,
    start() {
      if (closing.signal.aborted || running.length > 0) return;
      const followed = sources.map(({ id }) => id);
      running = [
        retain(followed, settings, closing.signal),
        ...sources.map((source) => follow(source, settings, closing.signal)),
      ];
    },
    async close() {
      closing.abort(new Error('The catalog is not followed any more.'));
      await Promise.all(running);
    },
  };
}

/** What is not followed any more is not kept. */
async function retain(
  sourceIds: readonly string[],
  { store, clock, report }: { store: CatalogStore; clock: Clock; report: (error: unknown) => void },
  signal: AbortSignal,
): Promise<void> {
  const pace = createPace();
  while (!signal.aborted) {
    try {
      await store.retain(sourceIds);
      return;
    } catch (error) {
      report(error);
      await clock.sleep(pace.after('failed'), signal).catch(() => {});
    }
  }
}
