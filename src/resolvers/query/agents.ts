import type { Connection } from '../../connections/connection.ts';
import { type ListArguments, wholeListConnection } from '../../connections/whole-list.ts';
import type { OperationContext } from '../../context.ts';
import type { AgentRecord } from '../../domain/records.ts';

/** The agents of all sources, or of `only` this one. */
export function agentConnection(
  args: ListArguments,
  only: string | undefined,
  context: OperationContext,
): Promise<Connection<AgentRecord>> {
  return wholeListConnection(
    args,
    {
      name: 'agents',
      defaultOrder: 'CREATED_AT',
      async load(source) {
        const agents = await source.listAgents();
        for (const agent of agents) context.loaders.agent.prime(agent, agent);
        return agents;
      },
    },
    only,
    context,
  );
}
