import type { PageInfo } from '../../connections/connection.ts';
import type { Edge } from '../../connections/edge.ts';
import { type OutcomeError, type SourceOutcome, withAge } from '../../connections/outcome.ts';
import type { OperationContext } from '../../context.ts';
import type { Place } from '../../conversation/conversation.ts';
import { type MessagePage, readMessagePage } from '../../conversation/page.ts';
import { decodePlace, encodePlace } from '../../conversation/place-cursor.ts';
import type { MessageOfSession, MessageRecord, MessageRole } from '../../domain/message.ts';
import type { SessionRecord } from '../../domain/records.ts';
import { conversationOf } from '../../entities/conversation-of.ts';
import { readSession } from '../../entities/session-copy.ts';
import { type PageArguments, toPageRequest } from '../../pagination/arguments.ts';
import { fingerprintOf } from '../../pagination/cursor.ts';

export interface MessageArguments extends PageArguments {
  readonly roles?: readonly MessageRole[] | null | undefined;
}

export interface MessageConnection {
  readonly edges: readonly Edge<MessageOfSession>[];
  readonly pageInfo: PageInfo;
  /** Exact, or null. */
  totalCount(): Promise<number | null>;
  readonly outcome: SourceOutcome;
}

/** A page of the messages of a session. It fails as a whole: there is only one source. */
export async function sessionMessages(
  sessionAtHand: SessionRecord,
  { roles, ...pageArguments }: MessageArguments,
  context: OperationContext,
): Promise<MessageConnection> {
  const session = await readSession(sessionAtHand, context);
  const { sourceId, key } = session;
  const { walk, size, ...cursors } = toPageRequest(pageArguments);
  const conversation = conversationOf(session, context);
  if (typeof conversation === 'string') return unsupported(sourceId, conversation);
  const fingerprint = fingerprintOf({ sourceId, messagesOf: key, roles });
  const accepts = acceptsRoles(roles ?? null);
  const after = cursors.after === null ? null : decodePlace(cursors.after, fingerprint);
  const before = cursors.before === null ? null : decodePlace(cursors.before, fingerprint);
  const page = await readMessagePage(conversation, {
    walk,
    size,
    after,
    before,
    accepts,
    rows: context.paging.scanRows,
  });
  const edges = page.items.map(({ message, place }) => ({
    node: { session, message },
    cursor: () => encodePlace(place, fingerprint),
  }));
  const totalCount = async () => page.total ?? conversation.count(accepts ?? (() => true));
  const end = page.end === null ? null : encodePlace(page.end, fingerprint);
  return {
    edges,
    pageInfo: walk === 'forward' ? forwardInfo(page, edges, after, end) : backwardInfo(page, edges, before, end),
    totalCount,
    outcome: {
      sourceId,
      ...withAge(page.outOfRows || page.isCut ? 'PARTIAL' : 'COMPLETE', context.staleAgeOf(sourceId)),
      error: toError(page, sourceId),
      scanned: page.scanned,
      totalCount,
    },
  };
}

function acceptsRoles(roles: readonly MessageRole[] | null): ((message: MessageRecord) => boolean) | null {
  if (roles === null) return null;
  const wanted = new Set(roles);
  return ({ role }) => wanted.has(role);
}

type Edges = MessageConnection['edges'];

function forwardInfo({ more }: MessagePage, edges: Edges, after: Place | null, end: string | null): PageInfo {
  return {
    hasNextPage: async () => more,
    // The message of the cursor, at least, unless it only leads to the beginning.
    hasPreviousPage: async () => after !== null && after.id !== null,
    startCursor: () => edges[0]?.cursor() ?? null,
    endCursor: () => end,
  };
}

function backwardInfo({ more }: MessagePage, edges: Edges, before: Place | null, end: string | null): PageInfo {
  return {
    hasNextPage: async () => before !== null && before.id !== null,
    hasPreviousPage: async () => more,
    startCursor: () => end,
    endCursor: () => edges.at(-1)?.cursor() ?? null,
  };
}

function toError({ outOfRows, isCut }: MessagePage, sourceId: string): OutcomeError | null {
  if (!outOfRows && !isCut) return null;
  const rest = isCut ? 'those that were not searched are missing' : 'continue from the cursor of the page';
  const message = `Source "${sourceId}" has more messages to search than one page may read; ${rest}.`;
  return { code: 'SCAN_BUDGET_EXCEEDED', message, retryable: false };
}

function unsupported(sourceId: string, reason: string): MessageConnection {
  const totalCount = async () => null;
  const message = `Source "${sourceId}" ${reason}.`;
  return {
    edges: [],
    pageInfo: {
      hasNextPage: async () => false,
      hasPreviousPage: async () => false,
      startCursor: () => null,
      endCursor: () => null,
    },
    totalCount,
    outcome: {
      sourceId,
      status: 'UNSUPPORTED',
      ageMs: null,
      error: { code: 'MESSAGES_UNSUPPORTED', message, retryable: false },
      scanned: 0,
      totalCount,
    },
  };
}
