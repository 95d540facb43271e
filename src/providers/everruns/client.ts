import type { z } from 'zod';
import type { ReadKind } from '../../domain/read-kind.ts';
import type { Upstream } from '../../http/upstream.ts';
import { isSendable, path } from '../key.ts';
import { findUnlessRefused } from '../lookup.ts';
import { agentPage, agentRow } from './agent.ts';
import { messageList } from './message.ts';
import { explainList, explainRefusal } from './refusal.ts';
import { sessionPage, sessionRow } from './session.ts';
import type { EverrunsSettings } from './settings.ts';

export interface PageWindow {
  readonly offset: number;
  readonly limit: number;
}

export const maxPageSize = 100;

export type EverrunsClient = ReturnType<typeof createEverrunsClient>;

export function createEverrunsClient(upstream: Upstream, { organization }: EverrunsSettings) {
  const headers = organization === null ? {} : { 'X-Org-Id': organization };

  async function find<Value>(
    address: string | null,
    schema: z.ZodType<Value>,
    kind: ReadKind,
    canBeId: boolean,
  ): Promise<Value | null> {
    return findUnlessRefused(upstream.find(address, { headers, schema, kind, explain: explainRefusal }), canBeId);
  }

  return {
    listAgents: (window: PageWindow) =>
      upstream.get('/v1/agents', {
        query: { ...window },
        headers,
        schema: agentPage,
        kind: 'directory',
        explain: explainList,
      }),
    getAgent: (agentId: string) => find(path`/v1/agents/${agentId}`, agentRow, 'directory', canBeId(agentId, 'agent')),
    /** Of one agent, or of all; null when there can be no such agent. */
    listSessions(agentId: string | null, window: PageWindow) {
      const query = { agent_id: agentId, ...window };
      const address = agentId === null || isSendable(agentId) ? '/v1/sessions' : null;
      const answer = upstream.get(address, { query, headers, schema: sessionPage, explain: explainList });
      return findUnlessRefused(answer, agentId === null || canBeId(agentId, 'agent'));
    },
    getSession: (sessionId: string) =>
      find(path`/v1/sessions/${sessionId}`, sessionRow, 'sessions', canBeId(sessionId, 'session')),
    /** The whole conversation. Null when the session is gone. */
    listMessages: (sessionId: string) =>
      find(path`/v1/sessions/${sessionId}/messages`, messageList, 'sessions', canBeId(sessionId, 'session')),
  };
}

function canBeId(value: string, prefix: string): boolean {
  return value.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(value.slice(prefix.length + 1));
}
