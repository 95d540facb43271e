import { UpstreamError } from '../../domain/errors.ts';
import { offsetFeed } from '../../pagination/dialects/offset.ts';
import type { Feed } from '../../pagination/feed.ts';
import { encodeKey } from '../key.ts';
import { type EverrunsClient, maxPageSize } from './client.ts';
import { type EverrunsSessionRecord, toSession } from './mapping.ts';

export interface EverrunsFeedsOptions {
  readonly sourceId: string;
  readonly client: EverrunsClient;
  /** Null for the sessions of all agents. */
  readonly agentIds: ReadonlySet<string> | null;
  readonly isAgent: (agentKey: string) => Promise<boolean>;
  /** Told of every row that is read. */
  readonly remember: (session: EverrunsSessionRecord) => void;
}

/** One list of everything, or one for each agent asked for. */
export function everrunsFeeds(options: EverrunsFeedsOptions): readonly Feed<EverrunsSessionRecord>[] {
  const { sourceId, client, agentIds, isAgent, remember } = options;

  function sessionFeed(agentId: string | null): Feed<EverrunsSessionRecord> {
    const agentKey = agentId === null ? null : encodeKey(agentId);
    return offsetFeed({
      id: agentKey ?? 'all',
      sourceId,
      keyOf: (session) => session.key,
      momentOf: (session) => session.createdAt?.micros ?? null,
      directions: ['desc'],
      maxRows: maxPageSize,
      async window({ offset, limit }) {
        const page = await client.listSessions(agentId, { offset, limit: Math.min(limit, maxPageSize) });
        if (page === null) return { rows: [], total: 0, scanned: 0 };
        const rows = page.data.map((row) => toSession(row, sourceId));
        if (agentKey !== null && rows.some((session) => session.agentKey !== agentKey)) {
          return answerOfNoAgent(agentKey, rows.length);
        }
        for (const session of rows) remember(session);
        return { rows, total: page.total, scanned: rows.length };
      },
    });
  }

  /** One version of the platform drops the filter when it does not know the agent, and then lists everybody's sessions. */
  async function answerOfNoAgent(agentKey: string, scanned: number) {
    if (!(await isAgent(agentKey))) return { rows: [], total: 0, scanned };
    const cause = new Error('Sessions of one agent were asked for, those of others came too.');
    throw new UpstreamError(sourceId, 'UPSTREAM_BAD_RESPONSE', { cause });
  }

  return (agentIds === null ? [null] : [...agentIds]).map(sessionFeed);
}
