import { z } from 'zod';
import { hasStatus } from '../../domain/errors.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { Direction } from '../../pagination/order.ts';
import { isSendable, path } from '../key.ts';
import type { OrderField } from '../source.ts';
import { text } from '../wire.ts';
import { memberRows } from './member.ts';
import { explainRefusal } from './refusal.ts';
import { runRows } from './run.ts';
import { sessionPage, sessionRow } from './session.ts';
import type { AgnoSettings } from './settings.ts';
import { workflowRow } from './workflow.ts';

export interface SessionWindow {
  /** Null for all types, from 2.6 on. */
  readonly type: string | null;
  readonly componentId: string | null;
  readonly userId: string | null;
  readonly orderBy: OrderField;
  readonly direction: Direction;
  /** The first page is 1; the documented 0 is an error or the same page again. */
  readonly page: number;
  readonly size: number;
}

/** Versions before 2.3.23 fail for larger pages. */
export const maxPageSize = 100;

const sortColumns: Readonly<Record<OrderField, string>> = { createdAt: 'created_at', updatedAt: 'updated_at' };

const workflowRows = z.array(workflowRow);

const info = z.object({ agno_version: text });

export type AgnoClient = ReturnType<typeof createAgnoClient>;

export function createAgnoClient(upstream: Upstream, { dbId, table }: AgnoSettings) {
  const database = { db_id: dbId, table };
  const explain = explainRefusal;

  return {
    /** Null when the server does not say. */
    async readVersion() {
      try {
        return (await upstream.find('/info', { schema: info, kind: 'directory' }))?.agno_version ?? null;
      } catch (error) {
        // Older servers that require a credential answer this for every path that they do not have.
        if (hasStatus(error, 401, 403)) return null;
        throw error;
      }
    },
    /** Any one session, of the type that the server lists by default. */
    async peekSession() {
      const query = { limit: 1, page: 1, ...database };
      const { data } = await upstream.get('/sessions', { query, schema: sessionPage, explain });
      return data[0] ?? null;
    },
    /** `anew`: to see whether the platform answers, not what. */
    listSessions: ({ type, componentId, userId, orderBy, direction, page, size }: SessionWindow, anew = false) =>
      upstream.get([componentId, userId].every(isNoneOrSendable) ? '/sessions' : null, {
        query: {
          type,
          component_id: componentId,
          user_id: userId,
          sort_by: sortColumns[orderBy],
          sort_order: direction,
          limit: size,
          page,
          ...database,
        },
        schema: sessionPage,
        anew,
        explain,
      }),
    /**
     * The type may be null from 2.6 on: then only the shape of the answer shows it. Before, a missing type means agent, and any
     * session is then answered in the shape of an agent's.
     */
    getSession: (type: string | null, sessionId: string) =>
      upstream.find(path`/sessions/${sessionId}`, { query: { type, ...database }, schema: sessionRow, explain }),
    /** The whole conversation; null when there is no such session, or it is another user's. */
    listRuns: (type: string, sessionId: string) =>
      upstream.find(path`/sessions/${sessionId}/runs`, { query: { type, ...database }, schema: runRows, explain }),
    listAgents: () => upstream.get('/agents', { schema: memberRows, kind: 'directory', explain }),
    listTeams: () => upstream.get('/teams', { schema: memberRows, kind: 'directory', explain }),
    listWorkflows: () => upstream.get('/workflows', { schema: workflowRows, kind: 'directory', explain }),
    getWorkflow: (workflowId: string) =>
      upstream.find(path`/workflows/${workflowId}`, { schema: workflowRow, kind: 'directory', explain }),
  };
}

function isNoneOrSendable(id: string | null): boolean {
  return id === null || isSendable(id);
}
