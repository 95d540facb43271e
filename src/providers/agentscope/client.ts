import type { Upstream } from '../../http/upstream.ts';
import { isSendable } from '../key.ts';
import * as wire from './wire.ts';

export interface AgentScopeClient {
  listAgents(): Promise<wire.AgentList>;
  /** Null when the agent does not exist, or is another user's. */
  listSessions(agentId: string): Promise<wire.SessionList | null>;
}

export function createAgentScopeClient(upstream: Upstream): AgentScopeClient {
  return {
    // Without the slash at the end both answer a redirect, to a host that may be wrong behind a proxy.
    listAgents: () => upstream.get('/agent/', { schema: wire.agentList }),
    listSessions: (agentId) =>
      upstream.find(isSendable(agentId) ? '/sessions/' : null, {
        query: { agent_id: agentId },
        schema: wire.sessionList,
      }),
  };
}
