import type { SessionFilter } from '../../domain/filter.ts';
import { momentOf } from '../../domain/moment.ts';
import type { SessionKind } from '../../domain/records.ts';
import { numberedPagesFeed } from '../../pagination/dialects/numbered-pages.ts';
import type { Feed } from '../../pagination/feed.ts';
import { decodeKey, encodeKey, isSendable } from '../key.ts';
import type { SessionQuery } from '../source.ts';
import { type AgnoClient, type AgnoDialect, maxPageSize } from './client.ts';
import { type AgnoSessionRecord, toSession, toType } from './mapping.ts';
import { readAroundUnreadable } from './unreadable.ts';

export interface AgnoFeedsOptions {
  readonly sourceId: string;
  readonly client: AgnoClient;
  /** Whose sessions every request is confined to, if anyone's. */
  readonly user: string | null;
  readonly query: SessionQuery;
  readonly readDialect: () => Promise<AgnoDialect>;
  /** Told of every row that is read. */
  readonly remember: (session: AgnoSessionRecord) => void;
}

/** One list of the platform: all that is of this kind, component and user, each null for any. */
interface Selection {
  readonly kind: SessionKind | null;
  readonly componentId: string | null;
  readonly userId: string | null;
}

const allKinds: readonly SessionKind[] = ['AGENT', 'TEAM', 'WORKFLOW'];

/** From so many lists on it costs less to look at the users of rows here. */
const maxFeeds = 24;

export async function agnoFeeds(options: AgnoFeedsOptions): Promise<readonly Feed<AgnoSessionRecord>[]> {
  const { user, query, readDialect } = options;
  const components = await selectComponents(query.filter, readDialect);
  const users = selectUsers(query.filter.userIds, user);
  const tooMany = users.length > 1 && components.length * users.length > maxFeeds;
  const isLocal = components.some(isUnsendable) || users.some((userId) => userId !== null && !isSendable(userId));
  // Until 2.5 rows tell neither user nor component, so that only the platform can choose.
  if (!(tooMany || isLocal) || (await readDialect()) !== '2.9') {
    return components.flatMap((component) => users.map((userId) => agnoFeed({ ...component, userId }, options)));
  }
  const wider = isLocal ? withoutComponents(components) : components;
  return wider.map((component) => withoutTotal(agnoFeed({ ...component, userId: null }, options)));
}

type Component = Omit<Selection, 'userId'>;

async function selectComponents(
  filter: SessionFilter,
  readDialect: AgnoFeedsOptions['readDialect'],
): Promise<readonly Component[]> {
  const kinds = [...new Set(filter.kinds ?? allKinds)];
  const wanted = allKinds.filter((kind) => filter[keysOfKind[kind]] !== null);
  // A session is of one component, so none is of an agent and of a team.
  if (wanted.length > 1) return [];
  const [kind] = wanted;
  if (kind === undefined) {
    const inOneList = kinds.length === allKinds.length && (await readDialect()) === '2.9';
    return (inOneList ? [null] : kinds).map((each) => ({ kind: each, componentId: null }));
  }
  if (!kinds.includes(kind)) return [];
  const componentIds = (filter[keysOfKind[kind]] ?? []).flatMap((key) => decodeKey(key, 1) ?? []);
  return [...new Set(componentIds)].map((componentId) => ({ kind, componentId }));
}

const keysOfKind = {
  AGENT: 'agentKeys',
  TEAM: 'teamKeys',
  WORKFLOW: 'workflowKeys',
} as const satisfies Record<SessionKind, keyof SessionFilter>;

function isUnsendable({ componentId }: Component): boolean {
  return componentId !== null && !isSendable(componentId);
}

/** Of each kind all, for the rows to be looked at here: ids that could name something else are never sent. */
function withoutComponents(components: readonly Component[]): readonly Component[] {
  return [...new Set(components.map(({ kind }) => kind))].map((kind) => ({ kind, componentId: null }));
}

/** Whom a source is confined to is said by each request anyway; what a client asks for can't widen it. */
function selectUsers(userIds: readonly string[] | null, user: string | null): readonly (string | null)[] {
  if (userIds === null) return [null];
  if (user !== null) return userIds.includes(user) ? [null] : [];
  return [...new Set(userIds)];
}

function agnoFeed(selection: Selection, options: AgnoFeedsOptions): Feed<AgnoSessionRecord> {
  const { sourceId, client, user, query, remember } = options;
  const { kind, componentId, userId } = selection;
  const type = kind === null ? null : toType(kind);
  const listing = { sourceId, kind, componentId, userId: userId ?? user };
  return numberedPagesFeed({
    id: encodeKey(type ?? '', componentId ?? '', userId ?? ''),
    sourceId,
    keyOf: (session) => session.key,
    momentOf: (session) => momentOf(session, query.orderBy),
    directions: ['asc', 'desc'],
    maxSize: maxPageSize,
    async page({ direction, page, size }) {
      return readAroundUnreadable(read, { page, size });

      async function read(numbered: number, limit: number) {
        const window = { type, componentId, userId, orderBy: query.orderBy, direction, page: numbered, size: limit };
        const answer = await client.listSessions(window);
        const rows = answer.data.map((row) => toSession(row, listing));
        for (const session of rows) remember(session);
        return { rows, total: answer.meta.total_count };
      }
    },
  });
}

/** The platform counts rows that are not asked for as well. */
function withoutTotal(feed: Feed<AgnoSessionRecord>): Feed<AgnoSessionRecord> {
  return { ...feed, read: async (request) => ({ ...(await feed.read(request)), total: null }) };
}
