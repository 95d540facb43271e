import type { z } from 'zod';
import { UpstreamError } from '../../domain/errors.ts';
import type { Upstream } from '../../http/upstream.ts';
import { isSendable, path } from '../key.ts';
import { type AgentPage, type AgentRow, agentPage, agentRow } from './agent.ts';
import { explainList, explainRefusal } from './refusal.ts';
import { type SessionPage, type SessionRow, sessionPage, sessionRow } from './session.ts';
import type { EverrunsSettings } from './settings.ts';

export interface EverrunsClient {
  listAgents(window: PageWindow): Promise<AgentPage>;
  getAgent(agentId: string): Promise<AgentRow | null>;
  /** Of one agent, or of all; null when there can be no such agent. */
  listSessions(agentId: string | null, window: PageWindow): Promise<SessionPage | null>;
  getSession(sessionId: string): Promise<SessionRow | null>;
}

export interface PageWindow {
  readonly offset: number;
  readonly limit: number;
}

export const maxPageSize = 100;

export function createEverrunsClient(upstream: Upstream, { organization }: EverrunsSettings): EverrunsClient {
  const headers = organization === null ? {} : { 'X-Org-Id': organization };

  async function find<Value>(address: string | null, schema: z.ZodType<Value>): Promise<Value | null> {
    return upstream.find(address, { headers, schema, explain: explainRefusal });
  }

  return {
    listAgents: (window) =>
      upstream.get('/v1/agents', { query: { ...window }, headers, schema: agentPage, explain: explainList }),
    getAgent(agentId) {
      const answer = find(path`/v1/agents/${agentId}`, agentRow);
      return canBeId(agentId, 'agent') ? answer : answer.catch(noneIfRefused);
    },
    listSessions(agentId, window) {
      const query = { agent_id: agentId, ...window };
      const address = agentId === null || isSendable(agentId) ? '/v1/sessions' : null;
      const answer = upstream.get(address, { query, headers, schema: sessionPage, explain: explainList });
      return agentId === null || canBeId(agentId, 'agent') ? answer : answer.catch(noneIfRefused);
    },
    getSession(sessionId) {
      const answer = find(path`/v1/sessions/${sessionId}`, sessionRow);
      return canBeId(sessionId, 'session') ? answer : answer.catch(noneIfRefused);
    },
  };
}

// Keys come from clients. One that cannot be an id is sent all the same; if the platform refuses it, there is no such thing.

function noneIfRefused(error: unknown): null {
  if (error instanceof UpstreamError && error.status === 400) return null;
  throw error;
}

function canBeId(value: string, prefix: string): boolean {
  return value.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(value.slice(prefix.length + 1));
}
