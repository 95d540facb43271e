import { UpstreamError } from '../../domain/errors.ts';
import { momentsBy } from '../../domain/moment.ts';
import { afterIdFeed } from '../../pagination/dialects/after-id.ts';
import type { Feed } from '../../pagination/feed.ts';
import { encodeKey } from '../key.ts';
import { perAnswer } from '../per-answer.ts';
import { type FoundryClient, maxPageSize } from './client.ts';
import { hasMore } from './page.ts';
import { type FoundryListing, type FoundrySessionRecord, toSession } from './session.ts';

export interface FoundryFeedsOptions {
  readonly listing: FoundryListing;
  readonly client: FoundryClient;
  readonly agentNames: ReadonlySet<string>;
  /** Whether the platform listed these agents, so that each should have a list of sessions. */
  readonly areListed: boolean;
  /** Called with every session that is read. */
  readonly remember: (session: FoundrySessionRecord) => void;
}

const sessionsOf = perAnswer<object, readonly FoundrySessionRecord[]>();

/** One list for each agent: the platform has none over all agents. */
export function foundryFeeds(options: FoundryFeedsOptions): readonly Feed<FoundrySessionRecord>[] {
  const { listing, client, agentNames, areListed, remember } = options;
  return [...agentNames].map((name) =>
    afterIdFeed<FoundrySessionRecord>({
      id: encodeKey(name),
      sourceId: listing.sourceId,
      keyOf: (session) => session.key,
      momentOf: momentsBy.createdAt,
      idOf: (session) => session.nativeId,
      maxRows: maxPageSize,
      async page({ direction, after, limit }) {
        const page = await client.listSessions(name, { order: direction, after, limit: Math.min(limit, maxPageSize) });
        if (page === null && after !== null) return null;
        if (page === null) {
          // Without an id that could be gone, it is the agent that is gone, and its sessions with it; unless it is still there.
          if (!areListed || (await client.getAgent(name, true)) === null) return { rows: [], more: false };
          throw new UpstreamError(listing.sourceId, 'UPSTREAM_NOT_FOUND');
        }
        const rows = sessionsOf(page, () => page.data.map((row) => toSession(row, name, listing)));
        for (const session of rows) remember(session);
        return { rows, more: hasMore(page, after) };
      },
    }),
  );
}
