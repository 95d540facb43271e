import type { Provider } from '../provider.ts';
import { agentShape } from './agent.ts';
import { createAgnoClient } from './client.ts';
import { createDialectMemory } from './dialect.ts';
import { type AgnoSessionRecord, sessionShape, totalTokensOf } from './session.ts';
import { type AgnoSettings, settings } from './settings.ts';
import { createAgnoSource } from './source.ts';
import { teamShape } from './team.ts';
import { workflowShape } from './workflow.ts';

export const agno: Provider<AgnoSettings> = {
  name: 'agno',
  title: 'Agno AgentOS',
  settings,
  user: 'optional',
  types: { session: sessionShape, agent: agentShape, team: teamShape, workflow: workflowShape, agentVersion: null },
  totalTokensOf: ({ row }: AgnoSessionRecord) => totalTokensOf(row),
  identify: (user) => ({ headers: {}, query: { user_id: user } }),
  configure(config) {
    const dialectOf = createDialectMemory(config.settings.dialect);
    return {
      connect: (upstream, selected) => createAgnoSource(config, upstream, { dialectOf, selected }),
      // Of one type, because versions before 2.6 have no list of all.
      tryOut: (upstream) =>
        createAgnoClient(upstream, config.settings).listSessions({
          type: 'agent',
          componentId: null,
          userId: null,
          orderBy: 'createdAt',
          direction: 'desc',
          page: 1,
          size: 1,
        }),
    };
  },
};
