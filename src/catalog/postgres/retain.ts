import { z } from 'zod';
import { unfollowed } from '../store.ts';
import type { Link } from './link.ts';
import { sql, toArray } from './sql.ts';
import { channel, fromMark } from './state.ts';
import { toStored } from './text.ts';

/** So many at once, so that no statement takes as long as it may. */
const chunkSize = 5_000;
const ids = z.array(z.object({ id: z.string() }));

/** A source that is not kept any more leaves its version, so that a later one of the same id goes on from there. */
export async function retain(link: Link, sourceIds: readonly string[]): Promise<void> {
  const kept = toArray(sourceIds.map(toStored));
  await link.transaction(async () => {
    const retired = ids.parse(
      await link.query(sql`
        update session_graph_source
        set retired = true, holder = null, version = version + 1, forgotten = version + 1, sessions = 0, mark = ${fromMark(unfollowed)}
        where not retired and id <> all(${kept}) returning id`),
    );
    for (const { id } of retired) {
      await link.query(sql`delete from session_graph_past where source = ${id}`);
      let removed: readonly unknown[];
      do {
        removed = await link.query(sql`
          delete from session_graph_entry where source = ${id} and digest in (
            select digest from session_graph_entry where source = ${id} limit ${chunkSize}) returning digest`);
      } while (removed.length === chunkSize);
      await link.query(sql`select pg_notify(${channel}, ${id})`);
    }
  });
}
