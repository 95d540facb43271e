import type { OperationContext } from '../context.ts';
import type { EntityRecord } from '../domain/records.ts';
import type { PageArguments } from '../pagination/arguments.ts';
import { completeListFeed } from '../pagination/dialects/complete-list.ts';
import type { Source } from '../providers/source.ts';
import { type Connection, toConnection } from './connection.ts';

/** Agents, teams: lists that platforms give whole. */
export async function listConnection<Row extends EntityRecord>(
  pageArguments: PageArguments,
  list: {
    readonly name: string;
    readonly orderOf: (row: Row) => { readonly moment: number | null };
    readonly load: (source: Source) => Promise<readonly Row[]>;
  },
  sourceIds: readonly string[] | null,
  context: OperationContext,
): Promise<Connection<Row>> {
  const sources = [...context.sources.values()].filter(({ id }) => sourceIds === null || sourceIds.includes(id));
  return toConnection(
    {
      identity: { list: list.name, sourceIds },
      direction: 'desc',
      sources: sources.map((source) => ({
        ask: true,
        countable: true,
        source: {
          sourceId: source.id,
          open: async () => [
            completeListFeed<Row>({
              id: list.name,
              sourceId: source.id,
              keyOf: (row) => row.key,
              momentOf: (row) => list.orderOf(row).moment,
              load: () => list.load(source),
            }),
          ],
          accepts: () => true,
          selective: false,
        },
      })),
    },
    pageArguments,
    context,
  );
}
