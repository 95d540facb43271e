import { z } from 'zod';
import type { Provider } from '../provider.ts';
import { createAgentScopeClient } from './client.ts';
import { agentShape, sessionShape, teamShape } from './mapping.ts';
import { createAgentScopeSource } from './source.ts';

const settings = z.strictObject({
  timezone: z
    .string()
    .refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin')
    .default('UTC')
    .describe(
      'The time zone of the times it sends without one, as an IANA name: that of its machine with Redis storage, UTC with ' +
        'SQL storage.',
    ),
});

export type AgentScopeSettings = z.infer<typeof settings>;

export const agentscope: Provider<AgentScopeSettings> = {
  name: 'agentscope',
  title: 'AgentScope',
  settings,
  user: 'required',
  types: { session: sessionShape, agent: agentShape, team: teamShape, workflow: null, agentVersion: null },
  // Up to 2.0.5 a list ships the whole conversation of every session.
  bulky: ['state'],
  identify: (user) => ({ headers: { 'X-User-ID': user }, query: {} }),
  configure: (config) => ({
    connect: (upstream, user, bulky = ['state']) =>
      createAgentScopeSource(config, createAgentScopeClient(upstream), { user, keepState: bulky.includes('state') }),
    tryOut: (upstream) => createAgentScopeClient(upstream).listAgents(),
  }),
};

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
