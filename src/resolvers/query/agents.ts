import type { Connection } from '../../connections/connection.ts';
import { listConnection } from '../../connections/whole-list.ts';
import type { OperationContext } from '../../context.ts';
import type { AgentRecord } from '../../domain/records.ts';
import type { PageArguments } from '../../pagination/arguments.ts';

export function agentConnection(
  page: PageArguments,
  sourceIds: readonly string[] | null,
  context: OperationContext,
): Promise<Connection<AgentRecord>> {
  return listConnection<AgentRecord>(
    page,
    {
      name: 'agents',
      orderOf: ({ createdAt }) => ({ moment: createdAt?.micros ?? null }),
      async load(source) {
        const agents = await source.listAgents();
        for (const agent of agents) context.loaders.agent.prime(agent, agent);
        return agents;
      },
    },
    sourceIds,
    context,
  );
}
