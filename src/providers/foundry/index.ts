import type { Provider } from '../provider.ts';
import { agentShape } from './agent.ts';
import { agentVersionShape } from './agent-version.ts';
import { createFoundryClient } from './client.ts';
import { sessionShape } from './session.ts';
import { type FoundrySettings, settings } from './settings.ts';
import { createFoundrySource } from './source.ts';

export const foundry: Provider<FoundrySettings> = {
  name: 'foundry',
  title: 'Azure AI Foundry',
  settings,
  user: 'optional',
  types: { session: sessionShape, agent: agentShape, team: null, workflow: null, agentVersion: agentVersionShape },
  // Its sessions do not say it.
  totalTokensOf: () => null,
  identify: (user, { userHeader }) => ({ headers: { [userHeader]: user }, query: {} }),
  configure: (config) => ({
    connect: (upstream) => createFoundrySource(config, upstream),
    tryOut: (upstream) =>
      createFoundryClient(upstream, config.settings).listAgents({ order: 'desc', after: null, limit: 1 }),
  }),
};
