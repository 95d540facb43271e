import { UpstreamError } from '../../domain/errors.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { Direction } from '../../pagination/order.ts';
import { isSendable, path } from '../key.ts';
import type { OrderField } from '../source.ts';
import type { AgnoSettings } from './index.ts';
import { explainRefusal } from './refusal.ts';
import * as wire from './wire.ts';

/** Until 2.5 each list is of one type and its rows tell neither type nor owner; from 2.6 rows tell, and one list has all. */
export type AgnoDialect = '2.3' | '2.9';

export interface AgnoClient {
  /** Null when nothing the server says tells. */
  detectDialect(): Promise<AgnoDialect | null>;
  listSessions(window: SessionWindow): Promise<wire.SessionPage>;
  /** Without a type, which is to be asked of 2.6 and later only, its shape tells which it is of. */
  getSession(type: string | null, sessionId: string): Promise<wire.Session | null>;
  listAgents(): Promise<wire.ComponentList>;
  listTeams(): Promise<wire.ComponentList>;
  listWorkflows(): Promise<readonly wire.Workflow[]>;
  getWorkflow(workflowId: string): Promise<wire.Workflow | null>;
}

export interface SessionWindow {
  /** Null for all types, which is to be asked of 2.6 and later only. */
  readonly type: string | null;
  readonly componentId: string | null;
  readonly userId: string | null;
  readonly orderBy: OrderField;
  readonly direction: Direction;
  /** The first page is 1; the documented 0 is an error or the same page again. */
  readonly page: number;
  readonly size: number;
}

/** Versions before 2.3.23 fail for more. */
export const maxPageSize = 100;

const sortColumns: Readonly<Record<OrderField, string>> = { createdAt: 'created_at', updatedAt: 'updated_at' };

export function createAgnoClient(upstream: Upstream, { dbId, table }: AgnoSettings): AgnoClient {
  const database = { db_id: dbId, table };

  async function readVersion(): Promise<string | null> {
    try {
      const info = await upstream.find('/info', { schema: wire.info });
      return info?.agno_version ?? null;
    } catch (error) {
      // Older servers with a credential answer so for any path they do not have.
      if (error instanceof UpstreamError && (error.status === 401 || error.status === 403)) return null;
      throw error;
    }
  }

  return {
    async detectDialect() {
      const byVersion = toDialect(await readVersion());
      if (byVersion !== null) return byVersion;
      const { data } = await upstream.get('/sessions', {
        query: { limit: 1, page: 1, ...database },
        schema: wire.sessionPage,
        explain: explainRefusal,
      });
      const [row] = data;
      if (row === undefined) return null;
      return row.session_type === null ? '2.3' : '2.9';
    },
    listSessions: ({ type, componentId, userId, orderBy, direction, page, size }) =>
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
        schema: wire.sessionPage,
        explain: explainRefusal,
      }),
    // Always with its type: until 2.5 a missing one means agent, and any session is then answered in the shape of one.
    getSession: (type, sessionId) =>
      upstream.find(path`/sessions/${sessionId}`, {
        query: { type, ...database },
        schema: wire.session,
        explain: explainRefusal,
      }),
    listAgents: () => upstream.get('/agents', { schema: wire.componentList, explain: explainRefusal }),
    listTeams: () => upstream.get('/teams', { schema: wire.componentList, explain: explainRefusal }),
    listWorkflows: () => upstream.get('/workflows', { schema: wire.workflowList, explain: explainRefusal }),
    getWorkflow: (workflowId) =>
      upstream.find(path`/workflows/${workflowId}`, { schema: wire.workflow, explain: explainRefusal }),
  };
}

function isNoneOrSendable(id: string | null): boolean {
  return id === null || isSendable(id);
}

/** A server that runs from its sources says 0.0.0, which tells nothing. */
function toDialect(version: string | null): AgnoDialect | null {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined || minor === undefined || major === '0') return null;
  return Number(major) > 2 || (major === '2' && Number(minor) >= 6) ? '2.9' : '2.3';
}
