import { z } from 'zod';
import type { Provider } from '../provider.ts';
import { createEverrunsClient } from './client.ts';
import { agentShape, sessionShape } from './mapping.ts';
import { createEverrunsSource } from './source.ts';

const settings = z.strictObject({
  organization: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .nullable()
    .default(null)
    .describe('The organization to ask for, sent as X-Org-Id; needed when the credential belongs to several.'),
});

export type EverrunsSettings = z.infer<typeof settings>;

export const everruns: Provider<EverrunsSettings> = {
  name: 'everruns',
  title: 'Everruns',
  settings,
  user: 'unsupported',
  types: { session: sessionShape, agent: agentShape, team: null, workflow: null, agentVersion: null },
  identify: () => ({ headers: {}, query: {} }),
  configure: (config) => ({
    connect: (upstream) => createEverrunsSource(config, createEverrunsClient(upstream, config.settings)),
    tryOut: (upstream) => createEverrunsClient(upstream, config.settings).listSessions(null, { offset: 0, limit: 1 }),
  }),
};
