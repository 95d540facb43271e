import { backwardConversation } from '../../conversation/backward-conversation.ts';
import type { Conversation, Stretch } from '../../conversation/conversation.ts';
import { forwardConversation } from '../../conversation/forward-conversation.ts';
import { UpstreamError } from '../../domain/errors.ts';
import type { MessageRecord } from '../../domain/message.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { once } from '../batch.ts';
import { ownerIdOf } from '../key.ts';
import { sessionGone } from '../message-parts.ts';
import { perAnswer } from '../per-answer.ts';
import type { SourceConfig } from '../provider.ts';
import type { AgentScopeClient, MessagesQuery } from './client.ts';
import { type MessageList, toMessage } from './message.ts';
import type { AgentScopeSettings } from './settings.ts';

/** Up to 2.0.4 the platform pages from the oldest message on, later from the newest back. */
type Way = 'forward' | 'backward';

/** Which way a platform paged when it was last asked: another version of it may answer next. Null before its first answer. */
export interface MessagePaging {
  way: Way | null;
}

interface MessagePage {
  readonly way: Way;
  /** Oldest first. */
  readonly messages: readonly MessageRecord[];
  readonly hasMore: boolean;
}

type Question = Pick<MessagesQuery, 'offset' | 'before' | 'limit'>;

const maxLimit = 200;

/** The longest page at the end where the platform begins, whichever that is. */
const plain: Question = { offset: null, before: null, limit: maxLimit };

/**
 * The state that lists ship up to 2.0.5 is not read for it: it is the memory of the model, which joins replies, cuts long
 * results, and is stored when a reply has ended, without those that failed.
 */
export function agentScopeConversation(
  { sourceId, key, nativeId: sessionId }: SessionRecord,
  { settings: { timezone, stateTimezone = timezone } }: SourceConfig<AgentScopeSettings>,
  client: AgentScopeClient,
  paging: MessagePaging,
): Conversation {
  const pages = new Map<string, Promise<MessagePage>>();

  async function read(question: Question): Promise<MessagePage> {
    const answer = await client.listMessages({ agentId: ownerIdOf(key), sessionId, ...question });
    if (answer === null) throw sessionGone(sourceId);
    const page = pageIn(answer, () => toPage(answer, question, stateTimezone));
    paging.way = page.way;
    return page;
  }

  function ask(question: Question): Promise<MessagePage> {
    return once(pages, JSON.stringify(question), () => read(question));
  }

  /** The page that answers a question which only platforms of this way understand. */
  async function askThisWay(way: Way, question: Question): Promise<MessagePage> {
    const page = await ask(question);
    if (page.way !== way) throw new OtherWayError(sourceId, page.way);
    return page;
  }

  /** The plain page, if it was asked for and is of a platform of this way. */
  async function knownPage(way: Way): Promise<MessagePage | null> {
    const page = await pages.get(JSON.stringify(plain));
    return page?.way === way ? page : null;
  }

  const conversations: Readonly<Record<Way, Conversation>> = {
    forward: forwardConversation({
      maxLimit,
      async read(offset, limit) {
        const known = await knownPage('forward');
        const isInside = known !== null && (offset + limit <= known.messages.length || !known.hasMore);
        if (isInside) return known.messages.slice(offset, offset + limit);
        const question = { offset: offset === 0 ? null : offset, before: null, limit };
        return (await askThisWay('forward', question)).messages;
      },
    }),
    backward: backwardConversation({
      maxLimit,
      async read(before, limit) {
        const known = await knownPage('backward');
        const page = known === null ? null : pageBefore(before, limit, known);
        return page ?? askThisWay('backward', { offset: null, before, limit });
      },
    }),
  };

  async function tell(how: (conversation: Conversation) => Promise<Stretch>): Promise<Stretch> {
    const way = paging.way ?? (await ask(plain)).way;
    try {
      return await how(conversations[way]);
    } catch (error) {
      if (!(error instanceof OtherWayError)) throw error;
      return how(conversations[error.way]);
    }
  }

  return {
    after(place, wanted) {
      // On the way to the beginning, where other versions begin.
      const isBeforeAll = place?.id === null && place.position === null;
      return tell((conversation) =>
        conversation.after(isBeforeAll && conversation === conversations.forward ? null : place, wanted),
      );
    },
    before: (place, wanted) => tell((conversation) => conversation.before(place, wanted)),
    count: async () => null,
  };
}

/** The platform is another version than when it was last asked, and answered something else than it was asked for. */
class OtherWayError extends UpstreamError {
  readonly way: Way;

  constructor(sourceId: string, way: Way) {
    super(sourceId, 'UPSTREAM_BAD_RESPONSE', { sentence: 'answers as several versions at once' });
    this.way = way;
  }
}

const pageIn = perAnswer<MessageList, MessagePage>();

function toPage(
  { messages, is_running, has_more }: MessageList,
  { before, limit }: Question,
  timezone: string,
): MessagePage {
  const way = has_more === null ? 'forward' : 'backward';
  const isFollowed = way === 'backward' && before !== null;
  return {
    way,
    messages: messages.map((row, index) => {
      const isOpen = is_running === true && !isFollowed && index === messages.length - 1;
      return toMessage(row, timezone, isOpen);
    }),
    hasMore: has_more ?? messages.length === limit,
  };
}

/** What a page has before one of its messages, or before the end; null when that may be less than is asked for. */
function pageBefore(before: string | null, limit: number, { messages, hasMore }: MessagePage) {
  const until = before === null ? messages.length : messages.findIndex(({ id }) => id === before);
  const isInside = until >= limit || (until >= 0 && !hasMore);
  return isInside ? { messages: messages.slice(0, until), hasMore } : null;
}
