import type { Provider } from '../provider.ts';
import { agentShape } from './agent.ts';
import { createAgentScopeClient } from './client.ts';
import type { MessagePaging } from './conversation.ts';
import { sessionShape } from './session.ts';
import { type AgentScopeSettings, settings } from './settings.ts';
import { createAgentScopeSource } from './source.ts';
import { teamShape } from './team.ts';

export const agentscope: Provider<AgentScopeSettings> = {
  name: 'agentscope',
  title: 'AgentScope',
  settings,
  user: 'required',
  types: { session: sessionShape, agent: agentShape, team: teamShape, workflow: null, agentVersion: null },
  // Its sessions do not say it.
  totalTokensOf: () => null,
  identify: (user) => ({ headers: { 'X-User-ID': user }, query: {} }),
  configure(config) {
    const paging: MessagePaging = { way: null };
    return {
      // Up to 2.0.5 a list ships the memory of the model in every session.
      connect: (upstream, selected) =>
        createAgentScopeSource(config, upstream, { keepState: selected.ofSessions('state'), paging }),
      tryOut: (upstream) => createAgentScopeClient(upstream, { keepState: false }).listAgents(),
    };
  },
};
