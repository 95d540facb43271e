import type { Connection } from '../../connections/connection.ts';
import { type ListArguments, wholeListConnection } from '../../connections/whole-list.ts';
import type { OperationContext } from '../../context.ts';
import type { TeamRecord } from '../../domain/records.ts';

/** The teams of all sources, or of `only` this one. */
export function teamConnection(
  args: ListArguments,
  only: string | undefined,
  context: OperationContext,
): Promise<Connection<TeamRecord>> {
  return wholeListConnection(
    args,
    {
      name: 'teams',
      defaultOrder: 'CREATED_AT',
      async load(source) {
        const teams = await source.listTeams();
        for (const team of teams) context.loaders.team.prime(team, team);
        return teams;
      },
    },
    only,
    context,
  );
}
