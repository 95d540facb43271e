import { UpstreamError } from '../../domain/errors.ts';
import { lazily } from '../../domain/lazily.ts';
import type { Upstream } from '../../http/upstream.ts';
import { withoutAgentVersions, withoutTeams, withoutWorkflows } from '../absent.ts';
import { ahead } from '../ahead.ts';
import { answerEach, once } from '../batch.ts';
import { createCollection, maxSingles } from '../collection.ts';
import { filteredHere, mayHaveAny } from '../filters.ts';
import { decodeKey, encodeKey } from '../key.ts';
import { createLookup, readerOf } from '../lookup.ts';
import { lookupFeed } from '../lookup-feed.ts';
import { perAnswer } from '../per-answer.ts';
import type { Selected, SourceConfig } from '../provider.ts';
import type { BatchResult, Capabilities, Source } from '../source.ts';
import { type EverrunsAgentRecord, toAgent } from './agent.ts';
import { createEverrunsClient, type EverrunsClient, maxPageSize, type PageWindow } from './client.ts';
import { everrunsConversation } from './conversation.ts';
import { everrunsFeeds } from './feeds.ts';
import { findRow } from './find-row.ts';
import { type EverrunsSessionRecord, type SessionRows, toSession } from './session.ts';
import type { EverrunsSettings } from './settings.ts';

const capabilities: Capabilities = {
  filters: {
    ...filteredHere,
    nativeIds: 'native',
    kinds: 'native',
    agentKeys: 'native',
    teamKeys: 'never',
    workflowKeys: 'never',
    userIds: 'never',
  },
  kinds: ['AGENT'],
  statuses: ['RUNNING', 'WAITING', 'IDLE', 'UNKNOWN'],
  orders: ['createdAt'],
  listsWhole: false,
  listsDeleted: false,
  total: true,
};

const sessionsOf = perAnswer<object, readonly EverrunsSessionRecord[]>();

export function createEverrunsSource(
  config: SourceConfig<EverrunsSettings>,
  upstream: Upstream,
  selected: Selected,
): Source {
  const client = createEverrunsClient(upstream, config.settings);
  const sessions = createLookup(readerOf(1, client.getSession, (row) => toSession(row, config.id)));
  const listed = new Map<string, EverrunsSessionRecord>();
  const pages = new Map<string, Promise<SessionRows | null>>();
  const agents = everrunsAgents(config.id, client);

  function remember(rows: readonly EverrunsSessionRecord[]): void {
    for (const session of rows) {
      listed.set(session.key, session);
      sessions.remember(session.key, session);
    }
  }

  /** Those that one answer holds; read before it is known which ones are asked for. */
  let readingAgents: Promise<void> | null = null;

  function readAgentsAhead(): void {
    readingAgents ??= agents.listIfShort();
    ahead(readingAgents);
  }

  async function agentsOf(keys: readonly string[]): Promise<BatchResult<EverrunsAgentRecord>> {
    try {
      await readingAgents;
    } catch (error) {
      // Each of them would hang, too.
      if (error instanceof UpstreamError && error.code === 'UPSTREAM_TIMEOUT') return keys.map(() => error);
    }
    return agents.findEach(keys);
  }

  function rememberWithAgents(rows: readonly EverrunsSessionRecord[]): void {
    remember(rows);
    const keys = new Set(rows.flatMap(({ agentKey }) => agentKey ?? []));
    // Of very many agents most will not be asked for.
    if (keys.size <= maxSingles) ahead(agentsOf([...keys]));
  }

  /** As lists show it, with what a lookup leaves out. */
  async function findListed(key: string): Promise<EverrunsSessionRecord | null> {
    const known = listed.get(key);
    if (known !== undefined) return known;
    const session = await sessions.find(key);
    if (session === null) return null;
    const agentId = session.row.agent_id;
    const readPage = (offset: number) => read(agentId, { offset, limit: maxPageSize }, remember);
    const readOnce = (offset: number) => once(pages, `${agentId ?? ''}/${offset}`, () => readPage(offset));
    return (await findRow(session, readOnce, maxPageSize)) ?? session;
  }

  /** The sessions of an agent, or of all; null when there can be no such agent. */
  async function read(
    agentId: string | null,
    { offset, limit }: PageWindow,
    keep: (rows: readonly EverrunsSessionRecord[]) => void,
  ): Promise<SessionRows | null> {
    const page = await client.listSessions(agentId, { offset, limit: Math.min(limit, maxPageSize) });
    if (page === null) return null;
    const rows = sessionsOf(page, () => page.data.map((row) => toSession(row, config.id)));
    keep(rows);
    return { rows, total: page.total };
  }

  return {
    id: config.id,
    name: config.name,
    provider: 'everruns',
    capabilities,
    async sessionFeeds(query) {
      const { filter } = query;
      if (!mayHaveAny(filter, { kinds: capabilities.kinds, user: upstream.user })) return [];
      if (filter.nativeIds !== null) {
        // Texts are searched in what only lists have.
        const find = filter.search === null ? sessions.find : findListed;
        return filter.nativeIds.map((id) =>
          lookupFeed({ sourceId: config.id, id, query, find: () => find(encodeKey(id)) }),
        );
      }
      const agentIds = filter.agentKeys?.flatMap((key) => decodeKey(key, 1) ?? []);
      const ofAll = agentIds === undefined;
      if (ofAll && selected.agents()) readAgentsAhead();
      return everrunsFeeds({
        sourceId: config.id,
        agentIds: ofAll ? null : new Set(agentIds),
        read: (agentId, window) => read(agentId, window, selected.agents() ? rememberWithAgents : remember),
      });
    },
    sessions: sessions.findEach,
    conversations: { of: (session) => everrunsConversation(session, client), unsupported: null },
    sessionDetails: (keys) => answerEach(keys, findListed),
    listAgents: agents.list,
    agents: agentsOf,
    ...withoutTeams,
    ...withoutWorkflows,
    ...withoutAgentVersions,
  };
}

/** Archived agents are not in the list, but the platform finds them by id. */
function everrunsAgents(sourceId: string, client: EverrunsClient) {
  const readFirst = lazily(() => client.listAgents({ offset: 0, limit: maxPageSize }));

  const collection = createCollection({
    async readAll() {
      const all = new Map<string, EverrunsAgentRecord>();
      for (let page = await readFirst(), read = 0; ; ) {
        for (const row of page.data) {
          const agent = toAgent(row, sourceId);
          all.set(agent.key, agent);
        }
        read += page.data.length;
        if (page.data.length === 0 || page.total === null || read >= page.total) return [...all.values()];
        page = await client.listAgents({ offset: read, limit: maxPageSize });
      }
    },
    // Newer versions of the platform also find agents by name.
    readOne: readerOf(1, client.getAgent, (row) => toAgent(row, sourceId)),
  });

  return {
    ...collection,
    /** Reads the list if it is no longer than one answer. */
    async listIfShort(): Promise<void> {
      const { data, total } = await readFirst();
      if (total === null || total <= data.length) await collection.list();
    },
  };
}
