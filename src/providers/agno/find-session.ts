import { UpstreamError } from '../../domain/errors.ts';
import type { SessionKind } from '../../domain/records.ts';
import { decodeKey } from '../key.ts';
import { createLookup } from '../lookup.ts';
import type { AgnoClient } from './client.ts';
import type { AgnoDialect } from './dialect.ts';
import { type AgnoSessionRecord, fromType, kindOfShape, type SessionRow, toSingleSession, toType } from './session.ts';

const allKinds = ['AGENT', 'TEAM', 'WORKFLOW'] as const;

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
    const others = allKinds.filter((other) => other !== kind);
    const rows = await Promise.all(others.map((other) => client.getSession(toType(other), sessionId)));
    return rows.every((row) => row === null || componentOf(row) === null);
  }

  /** By its id alone, which is unique in a database. */
  async function findByNativeId(sessionId: string): Promise<AgnoSessionRecord | null> {
    const found = (await readDialect()) === '2.9' ? await readOfAnyKind(sessionId) : await readOfEachKind(sessionId);
    if (found === null) return null;
    details.remember(found.key, found);
    remember(found);
    return found;
  }

  async function readOfAnyKind(sessionId: string): Promise<AgnoSessionRecord | null> {
    const row = await client.getSession(null, sessionId);
    return row?.session_id === sessionId ? toSingleSession(row, kindOfShape(row), sourceId) : null;
  }

  /** The shape that names a component is the true one. */
  async function readOfEachKind(sessionId: string): Promise<AgnoSessionRecord | null> {
    const read = await Promise.all(
      allKinds.map(async (kind) => ({ kind, row: await client.getSession(toType(kind), sessionId) })),
    );
    const rows = read.flatMap(({ kind, row }) => (row?.session_id === sessionId ? [{ kind, row }] : []));
    const own = rows.find(({ row }) => componentOf(row) !== null);
    if (own !== undefined) return toSingleSession(own.row, own.kind, sourceId);
    if (rows.length === 0) return null;
    throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE', {
      sentence: 'has this session, but does not say whether it is one of an agent, a team or a workflow',
    });
  }

  /** Keeps a session whose kind is known: it is not read again unless what was read left something out. */
  function remember(session: AgnoSessionRecord): void {
    listedKeys.add(session.key);
    if (session.complete && sessions.known(session.key) === undefined) sessions.remember(session.key, session);
  }

  return {
    sessions,
    details,
    findByNativeId,
    remember,
  };
}

function componentOf({ agent_id, team_id, workflow_id }: SessionRow): string | null {
  return agent_id ?? team_id ?? workflow_id;
}
