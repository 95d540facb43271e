import type { z } from 'zod';
import { UpstreamError } from '../../domain/errors.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { Direction } from '../../pagination/order.ts';
import { isSendable, path } from '../key.ts';
import { type AgentRow, agentPage, agentRow } from './agent.ts';
import { type AgentVersionRow, agentVersionPage, agentVersionRow } from './agent-version.ts';
import type { Page } from './page.ts';
import { explainList, explainRefusal } from './refusal.ts';
import { type SessionRow, sessionPage, sessionRow } from './session.ts';
import type { FoundrySettings } from './settings.ts';

export interface FoundryClient {
  listAgents(window: PageWindow): Promise<Page<AgentRow>>;
  getAgent(agentName: string): Promise<AgentRow | null>;
  getAgentVersion(agentName: string, version: string): Promise<AgentVersionRow | null>;
  listAgentVersions(agentName: string, window: PageWindow): Promise<Page<AgentVersionRow> | null>;
  /** Null when the platform does not know the agent, or no longer knows the id to continue after. */
  listSessions(agentName: string, window: PageWindow): Promise<Page<SessionRow> | null>;
  getSession(agentName: string, sessionId: string): Promise<SessionRow | null>;
}

/** `before` is never sent: what it means is not documented, and the opposite order does the same. */
export interface PageWindow {
  readonly order: Direction;
  readonly after: string | null;
  readonly limit: number;
}

export const maxPageSize = 100;

export function createFoundryClient(upstream: Upstream, { apiVersion, features }: FoundrySettings): FoundryClient {
  const query = { 'api-version': apiVersion };
  const headers = features === '' ? {} : { 'Foundry-Features': features };

  async function find<Value>(
    address: string | null,
    schema: z.ZodType<Value>,
    window?: PageWindow,
  ): Promise<Value | null> {
    return upstream.find(address, { query: { ...query, ...window }, headers, schema, explain: explainRefusal });
  }

  return {
    // Only hosted agents have sessions.
    listAgents: (window) =>
      upstream.get('/agents', {
        query: { ...query, kind: 'hosted', ...window },
        headers,
        schema: agentPage,
        explain: explainList,
      }),
    getAgent(agentName) {
      const answer = find(path`/agents/${agentName}`, agentRow);
      return canBeAgentName(agentName) ? answer : answer.catch(noneIfRefused);
    },
    getAgentVersion(agentName, version) {
      const answer = find(path`/agents/${agentName}/versions/${version}`, agentVersionRow);
      return canBeAgentName(agentName) && canBeVersion(version) ? answer : answer.catch(noneIfRefused);
    },
    listAgentVersions(agentName, window) {
      const answer = find(path`/agents/${agentName}/versions`, agentVersionPage, window);
      return canBeAgentName(agentName) ? answer : answer.catch(noneIfRefused);
    },
    listSessions(agentName, window) {
      // The id to continue after may come from a client too, in a cursor.
      const isSafe = window.after === null || isSendable(window.after);
      const address = isSafe ? path`/agents/${agentName}/endpoint/sessions` : null;
      const answer = find(address, sessionPage, window);
      return canBeAgentName(agentName) && window.after === null ? answer : answer.catch(noneIfRefused);
    },
    getSession(agentName, sessionId) {
      const answer = find(path`/agents/${agentName}/endpoint/sessions/${sessionId}`, sessionRow);
      return canBeAgentName(agentName) && canBeSessionId(sessionId) ? answer : answer.catch(noneIfRefused);
    },
  };
}

// Keys come from clients. One that cannot be a name is sent all the same; if the platform refuses it, there is no such thing.

function noneIfRefused(error: unknown): null {
  if (error instanceof UpstreamError && error.status === 400) return null;
  throw error;
}

function canBeAgentName(value: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(value);
}

function canBeVersion(value: string): boolean {
  return /^\d+$/.test(value);
}

function canBeSessionId(value: string): boolean {
  return /^[A-Za-z0-9_-]{8,128}$/.test(value);
}
