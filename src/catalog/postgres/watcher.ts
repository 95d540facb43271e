import { z } from 'zod';
import type { Health } from './health.ts';
import type { Link, OpenLink } from './link.ts';
import type { Pool } from './pool.ts';
import { sql } from './sql.ts';
import type { Tables } from './tables.ts';
import { fromStored } from './text.ts';
import { toStoreError } from './to-store-error.ts';

/** Tells listeners of what other processes write, and this one. */
export interface Watcher {
  watch(listener: (sourceId: string) => void): () => void;
  close(): void;
}

/** How often the connection shows that it lives; without one, how often everything may have changed. */
const beatMs = 2_000;

const ids = z.array(z.object({ id: z.string() }));
const everySource = sql`select id from session_graph_source`;

export function createWatcher(openLink: OpenLink, pool: Pool, tables: Tables, health: Health): Watcher {
  const listeners = new Set<(sourceId: string) => void>();
  let link: Link | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  function tell(id: string): void {
    queueMicrotask(() => {
      for (const listener of listeners) listener(fromStored(id));
    });
  }

  function tellAll(answer: readonly unknown[]): void {
    for (const { id } of ids.parse(answer)) tell(id);
  }

  async function connect(): Promise<void> {
    if (isClosed) return;
    const opened = openLink({ onNotification: tell });
    opened.lost.addEventListener('abort', () => {
      if (link === opened) link = null;
    });
    link = opened;
    await opened.query(sql`listen session_graph`);
    // Of what happened before nobody was told.
    tellAll(await opened.query(everySource));
  }

  async function beat(): Promise<void> {
    try {
      if (link === null) await tables.use(connect);
      else await link.query(sql`select 1`);
      health.succeed('watching');
    } catch (error) {
      link?.close();
      if (!isClosed) {
        health.fail('watching', toStoreError(error));
        await pool.use((other) => other.query(everySource)).then(tellAll, () => {});
      }
    }
    timer = null;
    schedule(beatMs);
  }

  function schedule(ms: number): void {
    if (timer !== null || isClosed) return;
    if (listeners.size > 0) timer = setTimeout(() => void beat(), ms);
    else link?.close();
  }

  return {
    watch(listener) {
      const own = (sourceId: string) => listener(sourceId);
      listeners.add(own);
      schedule(0);
      return () => void listeners.delete(own);
    },
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      listeners.clear();
      link?.close();
    },
  };
}
