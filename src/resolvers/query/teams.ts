import type { Connection } from '../../connections/connection.ts';
import { listConnection } from '../../connections/whole-list.ts';
import type { OperationContext } from '../../context.ts';
import type { TeamRecord } from '../../domain/records.ts';
import type { PageArguments } from '../../pagination/arguments.ts';

export function teamConnection(
  page: PageArguments,
  sourceIds: readonly string[] | null,
  context: OperationContext,
): Promise<Connection<TeamRecord>> {
  return listConnection<TeamRecord>(
    page,
    {
      name: 'teams',
      orderOf: ({ createdAt }) => ({ moment: createdAt?.micros ?? null }),
      async load(source) {
        const teams = await source.listTeams();
        for (const team of teams) context.loaders.team.prime(team, team);
        return teams;
      },
    },
    sourceIds,
    context,
  );
}
