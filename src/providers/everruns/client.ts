import type { z } from 'zod';
import { UpstreamError } from '../../domain/errors.ts';
import type { Upstream } from '../../http/upstream.ts';
import { isSendable, path } from '../key.ts';
import type { EverrunsSettings } from './index.ts';
import { explainList, explainRefusal } from './refusal.ts';
import * as wire from './wire.ts';

export interface EverrunsClient {
  listAgents(window: PageWindow): Promise<wire.AgentPage>;
  getAgent(agentId: string): Promise<wire.Agent | null>;
  /** Of one agent, or of all; null when there can be no such agent. */
  listSessions(agentId: string | null, window: PageWindow): Promise<wire.SessionPage | null>;
  getSession(sessionId: string): Promise<wire.Session | null>;
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
      upstream.get('/v1/agents', { query: { ...window }, headers, schema: wire.agentPage, explain: explainList }),
    getAgent(agentId) {
      const answer = find(path`/v1/agents/${agentId}`, wire.agent);
      return canBeId(agentId, 'agent') ? answer : answer.catch(noneIfRefused);
    },
    listSessions(agentId, window) {
      const query = { agent_id: agentId, ...window };
      const address = agentId === null || isSendable(agentId) ? '/v1/sessions' : null;
      const answer = upstream.get(address, { query, headers, schema: wire.sessionPage, explain: explainList });
      return agentId === null || canBeId(agentId, 'agent') ? answer : answer.catch(noneIfRefused);
    },
    getSession(sessionId) {
      const answer = find(path`/v1/sessions/${sessionId}`, wire.session);
      return canBeId(sessionId, 'session') ? answer : answer.catch(noneIfRefused);
    },
  };
}

// Keys come from clients. What can't be an id is asked for all the same, but being refused then only means that it is none.

function noneIfRefused(error: unknown): null {
  if (error instanceof UpstreamError && error.status === 400) return null;
  throw error;
}

function canBeId(value: string, prefix: string): boolean {
  return value.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(value.slice(prefix.length + 1));
}
