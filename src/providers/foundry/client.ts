import type { z } from 'zod';
import type { ReadKind } from '../../domain/read-kind.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { Direction } from '../../pagination/order.ts';
import { isSendable, path } from '../key.ts';
import { findUnlessRefused } from '../lookup.ts';
import { agentPage, agentRow } from './agent.ts';
import { agentVersionPage, agentVersionRow } from './agent-version.ts';
import { explainList, explainRefusal } from './refusal.ts';
import { inputItemPage, responsePage } from './response.ts';
import { sessionPage, sessionRow } from './session.ts';
import type { FoundrySettings } from './settings.ts';

/** `before` is never sent: what it means is not documented, and the opposite order does the same. */
export interface PageWindow {
  readonly order: Direction;
  readonly after: string | null;
  readonly limit: number;
}

interface FindOptions {
  readonly kind: ReadKind;
  readonly canBe: boolean;
  readonly window?: PageWindow;
  readonly anew?: boolean;
}

export const maxPageSize = 100;

export type FoundryClient = ReturnType<typeof createFoundryClient>;

export function createFoundryClient(upstream: Upstream, { apiVersion, features }: FoundrySettings) {
  const version = { 'api-version': apiVersion };
  const headers = features === '' ? {} : { 'Foundry-Features': features };

  async function find<Value>(
    address: string | null,
    schema: z.ZodType<Value>,
    { kind, canBe, window, anew = false }: FindOptions,
  ): Promise<Value | null> {
    const query = { ...version, ...window };
    const options = { query, headers, schema, kind, anew, explain: explainRefusal };
    return findUnlessRefused(upstream.find(address, options), canBe);
  }

  return {
    listAgents(window: PageWindow) {
      // Only hosted agents have sessions.
      const query = { ...version, kind: 'hosted', ...window };
      return upstream.get('/agents', { query, headers, schema: agentPage, kind: 'directory', explain: explainList });
    },
    getAgent: (agentName: string, anew = false) =>
      find(path`/agents/${agentName}`, agentRow, { kind: 'directory', canBe: canBeAgentName(agentName), anew }),
    getAgentVersion: (agentName: string, version: string) =>
      find(path`/agents/${agentName}/versions/${version}`, agentVersionRow, {
        kind: 'directory',
        canBe: canBeAgentName(agentName) && canBeVersion(version),
      }),
    listAgentVersions: (agentName: string, window: PageWindow) =>
      find(path`/agents/${agentName}/versions`, agentVersionPage, {
        kind: 'directory',
        canBe: canBeAgentName(agentName),
        window,
      }),
    /** Null when the platform does not know the agent, or no longer knows the id to continue after. */
    listSessions(agentName: string, window: PageWindow) {
      // The id to continue after may come from a client too, in a cursor.
      const isSafe = window.after === null || isSendable(window.after);
      const address = isSafe ? path`/agents/${agentName}/endpoint/sessions` : null;
      const canBe = canBeAgentName(agentName) && window.after === null;
      return find(address, sessionPage, { kind: 'sessions', canBe, window });
    },
    getSession: (agentName: string, sessionId: string) =>
      find(path`/agents/${agentName}/endpoint/sessions/${sessionId}`, sessionRow, {
        kind: 'sessions',
        canBe: canBeAgentName(agentName) && canBeSessionId(sessionId),
      }),
    listResponses(agentName: string, window: PageWindow) {
      const query = { ...version, agent_name: agentName, ...window };
      return upstream.get('/openai/v1/responses', { query, headers, schema: responsePage, explain: explainList });
    },
    /** Null when the response is gone. */
    listInputItems: (responseId: string, window: PageWindow) =>
      find(path`/openai/v1/responses/${responseId}/input_items`, inputItemPage, {
        kind: 'sessions',
        canBe: true,
        window,
      }),
  };
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
