import { z } from 'zod';
import type { Provider } from '../provider.ts';
import { createAgentScopeClient } from './client.ts';
import { agentShape, sessionShape, teamShape } from './mapping.ts';
import { createAgentScopeSource } from './source.ts';

const timezone = z.string().refine(isTimezone, 'must be the name of a time zone, such as Europe/Berlin');

const settings = z.strictObject({
  timezone: timezone
    .default('UTC')
    .describe(
      'AgentScope sends times without a time zone. This is the one, as an IANA name, of the times of sessions, agents and ' +
        "teams. With SQL storage: `UTC`. With Redis storage: that of AgentScope's machine.",
    ),
  stateTimezone: timezone
    .optional()
    .describe(
      "The time zone of the times inside a session's `state`, which are those of its tasks and messages: that of AgentScope's " +
        'machine, with either storage. Default: the value of `timezone`. So it must be set for SQL storage on a machine that ' +
        'does not run in UTC.',
    ),
});

export type AgentScopeSettings = z.infer<typeof settings>;

export const agentscope: Provider<AgentScopeSettings> = {
  name: 'agentscope',
  title: 'AgentScope',
  settings,
  user: 'required',
  types: { session: sessionShape, agent: agentShape, team: teamShape, workflow: null, agentVersion: null },
  identify: (user) => ({ headers: { 'X-User-ID': user }, query: {} }),
  configure: (config) => ({
    // Up to 2.0.5 a list ships the whole conversation of every session.
    connect: (upstream, user, selects) =>
      createAgentScopeSource(config, createAgentScopeClient(upstream), { user, keepState: selects('state') }),
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
