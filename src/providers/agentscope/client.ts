import type { Upstream } from '../../http/upstream.ts';
import { isSendable, path } from '../key.ts';
import { agentList } from './agent.ts';
import { messageList } from './message.ts';
import { sessionList, sessionListWithoutStates } from './session.ts';

export type AgentScopeClient = ReturnType<typeof createAgentScopeClient>;

export interface MessagesQuery {
  readonly agentId: string;
  readonly sessionId: string;
  /** From the oldest message on; ignored from 2.0.4.post1. */
  readonly offset: number | null;
  /** The id of a message: those before it are read. Ignored up to 2.0.4. */
  readonly before: string | null;
  /** From 1 to 200. */
  readonly limit: number;
}

export function createAgentScopeClient(upstream: Upstream, { keepState }: { readonly keepState: boolean }) {
  const schema = keepState ? sessionList : sessionListWithoutStates;

  return {
    // Without the slash at the end both answer a redirect, to a host that may be wrong behind a proxy.
    listAgents: (anew = false) => upstream.get('/agent/', { schema: agentList, kind: 'directory', anew }),
    /** Null when the agent does not exist, or is another user's. */
    listSessions(agentId: string) {
      const address = isSendable(agentId) ? '/sessions/' : null;
      return upstream.find(address, { query: { agent_id: agentId }, schema });
    },
    /** Null when the session does not exist, or is another user's. An agent that is not the session's is not refused. */
    listMessages({ agentId, sessionId, before, ...page }: MessagesQuery) {
      const isSafe = isSendable(agentId) && (before === null || isSendable(before));
      const address = isSafe ? path`/sessions/${sessionId}/messages` : null;
      return upstream.find(address, { query: { agent_id: agentId, before, ...page }, schema: messageList });
    },
  };
}
