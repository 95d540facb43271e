import type { SessionKind } from '../../domain/records.ts';
import { decodeKey } from '../key.ts';
import { createLookup } from '../lookup.ts';
import type { AgnoClient } from './client.ts';
import type { AgnoDialect } from './dialect.ts';
import { type AgnoSessionRecord, fromType, kindOfShape, type SessionRow, toSingleSession, toType } from './session.ts';

export function createSessionFinder(sourceId: string, client: AgnoClient, readDialect: () => Promise<AgnoDialect>) {
  /** With what lists leave out. */
  const details = createLookup(read);
  const sessions = createLookup(details.find);
  const listedKeys = new Set<string>();

  async function read(key: string): Promise<AgnoSessionRecord | null> {
    const [type = null, sessionId] = decodeKey(key, 2) ?? [];
    const kind = fromType(type);
    if (sessionId === undefined || kind === null) return null;
    const row = await client.getSession(type, sessionId);
    if (row?.session_id !== sessionId) return null;
    const isSure = componentOf(row) !== null || listedKeys.has(key) || (await isOfKind(sessionId, kind));
    return isSure ? toSingleSession(row, kind, sourceId) : null;
  }

  /**
   * The platform answers any session in the shape of whatever type is asked for, without its component. Ids come from
   * clients, and a session must not be found under another kind than its own.
   */
  async function isOfKind(sessionId: string, kind: SessionKind): Promise<boolean> {
    if ((await readDialect()) === '2.9') {
      const row = await client.getSession(null, sessionId);
      return row !== null && kindOfShape(row) === kind;
    }
    const others = (['AGENT', 'TEAM', 'WORKFLOW'] as const).filter((other) => other !== kind);
    const rows = await Promise.all(others.map((other) => client.getSession(toType(other), sessionId)));
    return rows.every((row) => row === null || componentOf(row) === null);
  }

  return {
    sessions,
    details,
    /** Keeps a session of a list: it is not read again unless the list left something out. */
    remember(session: AgnoSessionRecord) {
      listedKeys.add(session.key);
      if (session.complete && sessions.known(session.key) === undefined) sessions.remember(session.key, session);
    },
  };
}

function componentOf({ agent_id, team_id, workflow_id }: SessionRow): string | null {
  return agent_id ?? team_id ?? workflow_id;
}
