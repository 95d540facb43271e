import { z } from 'zod';
import type { Provider } from '../provider.ts';
import { type AgnoClient, type AgnoDialect, createAgnoClient } from './client.ts';
import { agentShape, sessionShape, teamShape, workflowShape } from './mapping.ts';
import { createAgnoSource } from './source.ts';

const settings = z
  .strictObject({
    dbId: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('The id of the database to read, where the AgentOS has several.'),
    table: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('The table of sessions in that database, where it has several; only together with dbId.'),
    dialect: z
      .enum(['auto', '2.3', '2.9'])
      .default('auto')
      .describe(
        'The version whose API the server speaks: 2.3 for those before 2.6, 2.9 for 2.6 and later; auto to find out.',
      ),
  })
  .refine(({ dbId, table }) => table === null || dbId !== null, {
    path: ['table'],
    message: 'is only understood together with dbId',
  });

export type AgnoSettings = z.infer<typeof settings>;

export const agno: Provider<AgnoSettings> = {
  name: 'agno',
  title: 'Agno AgentOS',
  settings,
  user: 'optional',
  types: { session: sessionShape, agent: agentShape, team: teamShape, workflow: workflowShape, agentVersion: null },
  identify: (user) => ({ headers: {}, query: { user_id: user } }),
  configure(config) {
    const dialectOf = createDialectMemory(config.settings.dialect);
    return {
      connect(upstream, user) {
        const client = createAgnoClient(upstream, config.settings);
        return createAgnoSource(config, client, { user, readDialect: () => dialectOf(client) });
      },
      // The session of one type, because older versions list no others at once.
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

/**
 * A server keeps its version, so it is asked until it has told once. While nothing tells, what older versions understand is
 * right for all.
 */
function createDialectMemory(setting: AgnoSettings['dialect']): (client: AgnoClient) => Promise<AgnoDialect> {
  let remembered: AgnoDialect | null = setting === 'auto' ? null : setting;
  return async (client) => {
    remembered ??= await client.detectDialect();
    return remembered ?? '2.3';
  };
}
