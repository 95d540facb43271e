import type { Upstream } from '../../http/upstream.ts';
import { isSendable } from '../key.ts';
import { type AgentList, agentList } from './agent.ts';
import { type SessionList, sessionList } from './session.ts';

export interface AgentScopeClient {
  listAgents(): Promise<AgentList>;
  /** Null when the agent does not exist, or is another user's. */
  listSessions(agentId: string): Promise<SessionList | null>;
}

export function createAgentScopeClient(upstream: Upstream): AgentScopeClient {
  return {
    // Without the slash at the end both answer a redirect, to a host that may be wrong behind a proxy.
    listAgents: () => upstream.get('/agent/', { schema: agentList, kind: 'directory' }),
    listSessions: (agentId) =>
      upstream.find(isSendable(agentId) ? '/sessions/' : null, {
        query: { agent_id: agentId },
        schema: sessionList,
      }),
  };
}
