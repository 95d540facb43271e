import type { Provider } from '../provider.ts';
import { agentShape } from './agent.ts';
import { createEverrunsClient } from './client.ts';
import { type EverrunsSessionRecord, sessionShape } from './session.ts';
import { type EverrunsSettings, settings } from './settings.ts';
import { createEverrunsSource } from './source.ts';
import { totalTokensOf } from './usage.ts';

export const everruns: Provider<EverrunsSettings> = {
  name: 'everruns',
  title: 'Everruns',
  settings,
  user: 'unsupported',
  types: { session: sessionShape, agent: agentShape, team: null, workflow: null, agentVersion: null },
  totalTokensOf: ({ row }: EverrunsSessionRecord) => totalTokensOf(row.usage),
  identify: () => ({ headers: {}, query: {} }),
  configure: (config) => ({
    connect: (upstream, selected) => createEverrunsSource(config, upstream, selected),
    tryOut: (upstream) => createEverrunsClient(upstream, config.settings).listSessions(null, { offset: 0, limit: 1 }),
  }),
};
