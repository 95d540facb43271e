import { z } from 'zod';
import type { SourceMark, SourceState } from '../store.ts';
import { type Sql, sql } from './sql.ts';
import { fromStored } from './text.ts';

/** By which processes tell each other that something of a source may have changed. */
export const channel = 'session_graph';

export const stateColumns: Sql = sql`id, version::float8, sessions::float8, mark`;

const rows = z.array(z.object({ id: z.string(), version: z.number(), sessions: z.number(), mark: z.string() }));
const moment = z.number().nullable();
const wholeMark = z.object({
  newest: moment,
  asOf: moment,
  sweptAt: moment,
  sweep: z.number(),
  behind: z.string().nullable(),
  copyOf: z.string().nullable(),
}) satisfies z.ZodType<SourceMark>;

export function toStates(answer: readonly unknown[]): ReadonlyMap<string, SourceState> {
  return new Map(
    rows.parse(answer).map(({ id, version, sessions, mark }) => {
      return [fromStored(id), { version, sessions, mark: wholeMark.parse(JSON.parse(mark)) }];
    }),
  );
}

/** JSON escapes what PostgreSQL cannot keep. */
export function fromMark(mark: SourceMark): string {
  return JSON.stringify(wholeMark.parse(mark));
}
