import { momentsBy } from '../../domain/moment.ts';
import { offsetFeed } from '../../pagination/dialects/offset.ts';
import type { Feed } from '../../pagination/feed.ts';
import { encodeKey } from '../key.ts';
import { maxPageSize, type PageWindow } from './client.ts';
import type { EverrunsSessionRecord, SessionRows } from './session.ts';

export interface EverrunsFeedsOptions {
  readonly sourceId: string;
  /** Null for the sessions of all agents. */
  readonly agentIds: ReadonlySet<string> | null;
  /** The sessions of this agent, or of all; null when there can be no such agent. */
  readonly read: (agentId: string | null, window: PageWindow) => Promise<SessionRows | null>;
}

const none: SessionRows = { rows: [], total: 0 };

/**
 * One list of all sessions, or one for each agent asked for. Some versions of the platform ignore the agent, or ignore one that
 * they do not know, and answer with the sessions of all agents. Such a list is walked whole, because leaving rows out would
 * move every offset; whoever merges the feeds drops the rows of other agents.
 */
export function everrunsFeeds(options: EverrunsFeedsOptions): readonly Feed<EverrunsSessionRecord>[] {
  const { sourceId, agentIds, read } = options;
  /** The first list that is read. When it is everybody's it serves all agents, so that the others need not be read. */
  let first: Promise<{ readonly agentId: string | null; readonly isEverybodys: boolean }> | null = null;

  function sessionFeed(agentId: string | null): Feed<EverrunsSessionRecord> {
    const agentKey = agentId === null ? null : encodeKey(agentId);
    let isEverybodys = false;

    const isOther = (session: EverrunsSessionRecord) => agentKey !== null && session.agentKey !== agentKey;

    async function readOwn(window: PageWindow): Promise<SessionRows> {
      const page = (await read(agentId, window)) ?? none;
      isEverybodys ||= page.rows.some(isOther);
      return page;
    }

    async function window(request: PageWindow): Promise<SessionRows> {
      if (first === null) {
        const page = readOwn(request);
        const isFirst = () => ({ agentId, isEverybodys });
        first = page.then(isFirst, isFirst);
        return page;
      }
      const known = await first;
      if (!known.isEverybodys) {
        const page = await readOwn(request);
        // Other feeds give these rows, so that here they must be refused even if their agent is asked for.
        return {
          ...page,
          rows: page.rows.map((session) => (isOther(session) ? { ...session, agentKey: null } : session)),
        };
      }
      return known.agentId === agentId ? readOwn(request) : none;
    }

    const feed = offsetFeed<EverrunsSessionRecord>({
      id: agentKey ?? 'all',
      sourceId,
      keyOf: (session) => session.key,
      momentOf: momentsBy.createdAt,
      directions: ['desc'],
      maxRows: maxPageSize,
      window,
    });
    return {
      ...feed,
      async read(request) {
        const page = await feed.read(request);
        return isEverybodys ? { ...page, total: null } : page;
      },
    };
  }

  return (agentIds === null ? [null] : [...agentIds]).map(sessionFeed);
}
