import type { SessionFilter } from '../../domain/filter.ts';
import { momentsBy } from '../../domain/moment.ts';
import type { SessionKind } from '../../domain/records.ts';
import { numberedPagesFeed } from '../../pagination/dialects/numbered-pages.ts';
import type { Feed } from '../../pagination/feed.ts';
import { mayHaveAny } from '../filters.ts';
import { decodeKey, encodeKey, isSendable } from '../key.ts';
import { perAnswer } from '../per-answer.ts';
import type { SessionQuery } from '../source.ts';
import { type AgnoClient, maxPageSize } from './client.ts';
import type { AgnoDialect } from './dialect.ts';
import { type AgnoSessionRecord, toSession, toType } from './session.ts';
import { beyondEnd, readAroundUnreadable } from './unreadable.ts';

export interface AgnoFeedsOptions {
  readonly sourceId: string;
  readonly client: AgnoClient;
  /** The user to whom every request is confined, if any. */
  readonly user: string | null;
  readonly query: SessionQuery;
  readonly readDialect: () => Promise<AgnoDialect>;
  /** Called with every session that is read. */
  readonly remember: (session: AgnoSessionRecord) => void;
}

const sessionsOf = perAnswer<object, readonly AgnoSessionRecord[]>();

/** One list of the platform: the sessions of this kind, component and user, each null for any. */
interface Selection {
  readonly kind: SessionKind | null;
  readonly componentId: string | null;
  readonly userId: string | null;
}

const allKinds: readonly SessionKind[] = ['AGENT', 'TEAM', 'WORKFLOW'];

/** With more lists than this, it costs less to filter the users here. */
const maxFeeds = 24;

export async function agnoFeeds(options: AgnoFeedsOptions): Promise<readonly Feed<AgnoSessionRecord>[]> {
  const { user, query, readDialect } = options;
  if (!mayHaveAny(query.filter, { kinds: allKinds, user })) return [];
  const components = await selectComponents(query.filter, readDialect);
  const users = selectUsers(query.filter.userIds, user);
  const tooMany = users.length > 1 && components.length * users.length > maxFeeds;
  const isLocal = components.some(isUnsendable) || users.some((userId) => userId !== null && !isSendable(userId));
  // Before 2.6 rows name neither user nor component, so only the platform can filter by them.
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
  // A session belongs to one component, so none belongs to both an agent and a team.
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

/** Lists of whole kinds, to be filtered here: an id that could name something else is never sent. */
function withoutComponents(components: readonly Component[]): readonly Component[] {
  return [...new Set(components.map(({ kind }) => kind))].map((kind) => ({ kind, componentId: null }));
}

/** Each request of a confined source already names its user, and a filter cannot widen that. */
function selectUsers(userIds: readonly string[] | null, user: string | null): readonly (string | null)[] {
  return userIds === null || user !== null ? [null] : [...new Set(userIds)];
}

function agnoFeed(selection: Selection, options: AgnoFeedsOptions): Feed<AgnoSessionRecord> {
  const { sourceId, client, user, query, remember } = options;
  const { kind, componentId, userId } = selection;
  const type = kind === null ? null : toType(kind);
  const listing = { sourceId, kind, componentId, userId: userId ?? user };
  return numberedPagesFeed<AgnoSessionRecord>({
    id: encodeKey(type ?? '', componentId ?? '', userId ?? ''),
    sourceId,
    keyOf: (session) => session.key,
    momentOf: momentsBy[query.orderBy],
    directions: ['asc', 'desc'],
    maxSize: maxPageSize,
    async page({ direction, page, size }) {
      return readAroundUnreadable(read, { page, size });

      async function read(numbered: number, limit: number) {
        const window = { type, componentId, userId, orderBy: query.orderBy, direction, page: numbered, size: limit };
        const answer = await client.listSessions(window, numbered === beyondEnd);
        const rows = sessionsOf(answer, () => answer.data.map((row) => toSession(row, listing)));
        for (const session of rows) remember(session);
        return { rows, total: answer.meta.total_count };
      }
    },
  });
}

/** The platform also counts the sessions that are filtered out here. */
function withoutTotal(feed: Feed<AgnoSessionRecord>): Feed<AgnoSessionRecord> {
  return { ...feed, read: async (request) => ({ ...(await feed.read(request)), total: null }) };
}
