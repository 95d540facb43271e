import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CatalogStoreError } from '../catalog-store-error.ts';
import type { SourceState } from '../store.ts';
import { unfollowed } from '../store.ts';
import type { Health } from './health.ts';
import type { Link, OpenLink } from './link.ts';
import { type Sql, sql, toArray } from './sql.ts';
import { fromMark, stateColumns, toStates } from './state.ts';
import type { Tables } from './tables.ts';
import { fromStored, toStored } from './text.ts';
import { createStoreError, toStoreError } from './to-store-error.ts';

/**
 * One connection of this process has the locks of all sources that it leads. The server lets go of them when the connection ends, so
 * another process has them a second later. That no two write at once does not rest on the locks alone: each lead has a name of its
 * own that the last one to take it leaves at the source, and only who finds the own name there writes.
 */
export interface Leader {
  take(sourceId: string, signal: AbortSignal): Promise<Lead>;
  close(): void;
}

export interface Lead {
  readonly lost: AbortSignal;
  /** What `work` does is kept as a whole, or nothing of it. The state cannot change meanwhile. */
  transaction<Result>(work: (link: Link, state: SourceState) => Promise<Result>): Promise<Result>;
  release(): Promise<void>;
}

/** How often locks are asked for that another process has; and that the connection shows that it lives. */
const beatMs = 1_000;
/** The server ends the connection of a process that hangs. It knows this setting since version 14. */
const endOfSilence = sql`
  select set_config(name, '15s', false) from pg_settings where name = 'idle_session_timeout'`;

const ids = z.array(z.object({ id: z.string() }));

export function createLeader(openLink: OpenLink, tables: Tables, health: Health): Leader {
  const waiting = new Map<string, (lead: Lead) => void>();
  const held = new Set<string>();
  let link: Link | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isBeating = false;
  /** Since the beat began. */
  let isAsked = false;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  /** A connection does one thing at a time. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }

  async function connect(): Promise<Link> {
    if (isClosed) throw createStoreError('CONNECTION_ENDED');
    const opened = openLink();
    opened.lost.addEventListener('abort', () => {
      link = null;
      held.clear();
    });
    link = opened;
    await opened.query(endOfSilence);
    return opened;
  }

  async function beat(): Promise<void> {
    isBeating = true;
    isAsked = false;
    try {
      await tables.use(() => inTurn(askForLocks));
      health.succeed('leading');
    } catch (error) {
      // A lock that is held without anybody knowing would never be let go.
      link?.close();
      if (!isClosed) health.fail('leading', toStoreError(error));
    }
    isBeating = false;
    schedule(isAsked ? 0 : beatMs);
  }

  function schedule(ms: number): void {
    clearTimeout(timer);
    if (isBeating || isClosed || waiting.size + held.size === 0) return;
    timer = setTimeout(() => void beat(), ms);
  }

  async function askForLocks(): Promise<void> {
    const current = link ?? (await connect());
    const wanted = toArray([...waiting.keys()].map(toStored));
    const taken = ids.parse(
      await current.query(
        sql`select id from unnest(${wanted}::text[]) as wanted (id) where pg_try_advisory_lock(${lockOf(sql`id`)})`,
      ),
    );
    for (const { id } of taken) {
      const name = randomUUID();
      await current.query(sql`
        insert into session_graph_source (id, retired, holder, version, forgotten, sessions, mark)
        values (${id}, false, ${name}, 0, 0, 0, ${fromMark(unfollowed)})
        on conflict (id) do update set retired = false, holder = excluded.holder`);
      const sourceId = fromStored(id);
      const give = waiting.get(sourceId);
      // Who asked may have given up meanwhile.
      if (give === undefined) {
        await unlock(current, id);
        continue;
      }
      waiting.delete(sourceId);
      held.add(sourceId);
      give(createLead(current, sourceId, name));
    }
  }

  function createLead(current: Link, sourceId: string, name: string): Lead {
    const id = toStored(sourceId);
    const ended = new AbortController();
    const lost = AbortSignal.any([current.lost, ended.signal]);
    let isLetGo = false;

    function end(reason: string): void {
      ended.abort(new CatalogStoreError(reason, 'This process does not lead the source any more.'));
    }

    /** Once, because a connection can have a lock several times. */
    async function letGo(): Promise<void> {
      if (isLetGo || current.lost.aborted) return;
      isLetGo = true;
      held.delete(sourceId);
      await unlock(current, id).catch(() => current.close());
    }

    async function run<Result>(work: (link: Link, state: SourceState) => Promise<Result>): Promise<Result> {
      lost.throwIfAborted();
      try {
        return await current.transaction(async () => {
          const found = await current.query(
            sql`select ${stateColumns} from session_graph_source where id = ${id} and holder = ${name} for update`,
          );
          const state = toStates(found).get(sourceId);
          if (state !== undefined) return work(current, state);
          end('LEAD_LOST');
          throw lost.reason;
        });
      } finally {
        if (ended.signal.aborted) await letGo();
      }
    }

    return {
      lost,
      transaction: (work) => tables.use(() => inTurn(() => run(work))),
      async release() {
        end('RELEASED');
        await inTurn(letGo);
      },
    };
  }

  return {
    take: (sourceId, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const stop = () => {
          waiting.delete(sourceId);
          reject(signal.reason);
        };
        signal.addEventListener('abort', stop);
        waiting.set(sourceId, (lead) => {
          signal.removeEventListener('abort', stop);
          resolve(lead);
        });
        isAsked = true;
        schedule(0);
      }),
    close() {
      isClosed = true;
      clearTimeout(timer);
      link?.close();
    },
  };
}

async function unlock(link: Link, id: string): Promise<void> {
  await link.query(sql`select pg_advisory_unlock(${lockOf(sql`${id}::text`)})`);
}

/** Locks are those of a database, in which other catalogs may be, in other schemas. */
function lockOf(id: Sql): Sql {
  return sql`hashtextextended('session_graph ' || current_schema() || ' ' || ${id}, 0)`;
}
