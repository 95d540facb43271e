import type { Upstream } from '../../http/upstream.ts';
import { isSendable } from '../key.ts';
import { agentList } from './agent.ts';
import { sessionList, sessionListWithoutStates } from './session.ts';

export type AgentScopeClient = ReturnType<typeof createAgentScopeClient>;

export function createAgentScopeClient(upstream: Upstream, { keepState }: { readonly keepState: boolean }) {
  const schema = keepState ? sessionList : sessionListWithoutStates;

  return {
    // Without the slash at the end both answer a redirect, to a host that may be wrong behind a proxy.
    listAgents: () => upstream.get('/agent/', { schema: agentList, kind: 'directory' }),
    /** Null when the agent does not exist, or is another user's. */
    listSessions(agentId: string) {
      const address = isSendable(agentId) ? '/sessions/' : null;
      return upstream.find(address, { query: { agent_id: agentId }, schema });
    },
  };
}
