import { z } from 'zod';
import type { Link, OpenLink } from './link.ts';
import { type Sql, sql } from './sql.ts';

/** Asks what may take long, and lets the server end it when the signal is aborted. */
export type AskCancellable = (
  link: Link,
  statement: Sql,
  signal: AbortSignal | undefined,
) => Promise<readonly unknown[]>;

const pids = z.tuple([z.object({ pid: z.number() })]);

/**
 * Cancels by a statement on a connection of its own. The driver could cancel too, but when that fails it rejects a promise that
 * nobody has, which ends the process.
 */
export function createAskCancellable(openLink: OpenLink): AskCancellable {
  const known = new WeakMap<Link, number>();

  async function pidOf(link: Link): Promise<number> {
    const pid = known.get(link) ?? pids.parse(await link.query(sql`select pg_backend_pid() as pid`))[0].pid;
    known.set(link, pid);
    return pid;
  }

  async function cancel(pid: number): Promise<void> {
    const other = openLink();
    // Who cannot cancel waits for the end of the statement, which has a time of its own.
    await other.query(sql`select pg_cancel_backend(${pid}::integer)`).catch(() => {});
    other.close();
  }

  return async (link, statement, signal) => {
    if (signal === undefined) return link.query(statement);
    const pid = await pidOf(link);
    signal.throwIfAborted();
    let cancelling: Promise<void> | null = null;
    const stop = () => {
      cancelling = cancel(pid);
    };
    signal.addEventListener('abort', stop);
    try {
      return await link.query(statement);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', stop);
      // Else it could end the next statement of this link.
      await cancelling;
    }
  };
}
