import { z } from 'zod';
import type { Provider } from '../provider.ts';
import { createFoundryClient } from './client.ts';
import { agentShape, agentVersionShape, sessionShape } from './mapping.ts';
import { createFoundrySource } from './source.ts';

const settings = z.strictObject({
  apiVersion: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('v1')
    .describe('The API version to ask for.'),
  features: z
    .string()
    .regex(/^[\x20-\x7e]*$/)
    .default('AgentEndpoints=V1Preview')
    .describe('The preview features to opt in to, sent as Foundry-Features; empty to send none.'),
  userHeader: z
    .enum(['x-ms-user-isolation-key', 'x-ms-user-identity'])
    .default('x-ms-user-isolation-key')
    .describe('The header that names the user, when the source has one.'),
});

export type FoundrySettings = z.infer<typeof settings>;

export const foundry: Provider<FoundrySettings> = {
  name: 'foundry',
  title: 'Azure AI Foundry',
  settings,
  user: 'optional',
  types: { session: sessionShape, agent: agentShape, team: null, workflow: null, agentVersion: agentVersionShape },
  identify: (user, { userHeader }) => ({ headers: { [userHeader]: user }, query: {} }),
  configure: (config) => ({
    connect: (upstream, user) => createFoundrySource(config, createFoundryClient(upstream, config.settings), user),
    tryOut: (upstream) =>
      createFoundryClient(upstream, config.settings).listAgents({ order: 'desc', after: null, limit: 1 }),
  }),
};
