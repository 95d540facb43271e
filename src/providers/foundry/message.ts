import type { MessagePart, MessageRecord, MessageRole, MessageStatus } from '../../domain/message.ts';
import { whenAsked } from '../message-parts.ts';
import { type Item, isWaiting, kindOf } from './item.ts';
import { toParts } from './message-part.ts';
import { type ResponseRow, timesOf, toError, toStatus, toUsage } from './response.ts';

export interface Entry {
  /** Unique in its session. */
  readonly id: string;
  readonly item: Item;
}

/** What an agent was asked, as messages. `later` is what comes after it, where calls may be answered. */
export function inputMessages(
  entries: readonly Entry[],
  response: ResponseRow,
  later: readonly Item[],
): readonly MessageRecord[] {
  const items = [...entries.map(({ item }) => item), ...later];
  return groupsOf(entries, 'UNKNOWN').map((group) => toMessage(group, response, items));
}

/** What it did about it. The last message of the agent has the outcome of the whole response. */
export function outputMessages(
  entries: readonly Entry[],
  response: ResponseRow,
  later: readonly Item[],
): readonly MessageRecord[] {
  const items = [...entries.map(({ item }) => item), ...later];
  const groups = groupsOf(entries, 'ASSISTANT');
  const last = groups.findLastIndex(({ role }) => role === 'ASSISTANT');
  const messages = groups.map((group, index) => {
    const message = toMessage(group, response, items);
    if (group.role !== 'ASSISTANT') return message;
    const name = group.first.item.agent_reference?.name ?? response.agent_reference?.name ?? null;
    const isRunning = toStatus(response.status) === 'IN_PROGRESS';
    const said = { ...(isRunning ? whileRunning(message) : message), name, model: response.model };
    return index === last ? { ...said, ...outcomeOf(response, message.status) } : said;
  });
  return last === -1 && hasFailed(response) ? [...messages, toFailure(response)] : messages;
}

/** What is not answered while the response goes on, the agent itself is working on. */
function whileRunning(message: MessageRecord): MessageRecord {
  const running = (part: MessagePart) =>
    part.kind === 'toolCall' && part.state === 'PENDING' ? { ...part, state: 'RUNNING' as const } : part;
  return { ...message, parts: whenAsked(() => message.parts().map(running)) };
}

/** How many messages these are, before anything is made of them. */
export function countOutputMessages(entries: readonly Entry[], response: ResponseRow): number {
  const groups = groupsOf(entries, 'ASSISTANT');
  const isSilent = groups.every(({ role }) => role !== 'ASSISTANT');
  return groups.length + (isSilent && hasFailed(response) ? 1 : 0);
}

interface Group {
  readonly role: MessageRole;
  readonly first: Entry;
  readonly entries: readonly Entry[];
  /** Where its first entry is. */
  readonly from: number;
}

/** What an agent does in one step is one message: its thoughts, its words, and the calls that follow from them. */
function groupsOf(entries: readonly Entry[], others: MessageRole): readonly Group[] {
  const starts = entries.flatMap((entry, index) => (isContinued(entries[index - 1], entry, others) ? [] : [index]));
  return starts.flatMap((from, index) => {
    const own = entries.slice(from, starts[index + 1]);
    const [first] = own;
    return first === undefined ? [] : [{ role: roleOf(first.item, others), first, entries: own, from }];
  });
}

function isContinued(before: Entry | undefined, { item }: Entry, others: MessageRole): boolean {
  if (before === undefined) return false;
  const isOfAgent = [before.item, item].every((each) => roleOf(each, others) === 'ASSISTANT');
  const isOfSame = before.item.agent_reference?.name === item.agent_reference?.name;
  const isInOrder = stageOf(item) >= stageOf(before.item) && !isMessage(before.item, item);
  return isOfAgent && isOfSame && isInOrder;
}

function isMessage(...items: readonly Item[]): boolean {
  return items.every((each) => kindOf(each) === 'message');
}

function stageOf(item: Item): number {
  switch (kindOf(item)) {
    case 'message':
      return 1;
    case 'call':
    case 'approvalRequest':
      return 2;
    default:
      return 0;
  }
}

/** `others` is the role of what does not say who it comes from. */
function roleOf(item: Item, others: MessageRole): MessageRole {
  switch (kindOf(item)) {
    case 'message':
      return toRole(item.role);
    case 'reasoning':
    case 'call':
    case 'approvalRequest':
      return 'ASSISTANT';
    case 'result':
      return 'TOOL';
    case 'approval':
      return 'USER';
    default:
      return others;
  }
}

function toRole(role: string | null): MessageRole {
  switch (role) {
    case 'user':
      return 'USER';
    case 'assistant':
      return 'ASSISTANT';
    case 'system':
    case 'developer':
      return 'SYSTEM';
    case 'tool':
      return 'TOOL';
    default:
      return 'UNKNOWN';
  }
}

function toMessage(
  { role, first, entries, from }: Group,
  response: ResponseRow,
  items: readonly Item[],
): MessageRecord {
  const isWaitedFor = entries.some(({ item }, index) => isWaiting(item, items.slice(from + index + 1)));
  return {
    id: first.id,
    nativeId: first.item.id,
    turnId: response.id,
    parentTurnId: null,
    role,
    nativeRole: entries.find(({ item }) => item.role !== null)?.item.role ?? null,
    name: null,
    status: isWaitedFor ? 'WAITING' : 'COMPLETED',
    createdAt: timesOf(response).createdAt,
    finishedAt: null,
    model: null,
    usage: null,
    error: null,
    parts: whenAsked(() => entries.flatMap(({ item }, index) => toParts(item, items.slice(from + index + 1)))),
  };
}

function outcomeOf(response: ResponseRow, own: MessageStatus) {
  const status = toStatus(response.status);
  return {
    status: own === 'WAITING' && !hasFailed(response) ? own : status,
    finishedAt: timesOf(response).finishedAt,
    usage: toUsage(response),
    error: hasFailed(response) ? toError(response) : null,
  };
}

function hasFailed({ status }: ResponseRow): boolean {
  return ['FAILED', 'CANCELLED'].includes(toStatus(status));
}

/** A response that ended before the agent said anything is a message all the same: it says why. */
function toFailure(response: ResponseRow): MessageRecord {
  return {
    id: `${response.id}/${response.output.length}`,
    nativeId: null,
    turnId: response.id,
    parentTurnId: null,
    role: 'ASSISTANT',
    nativeRole: null,
    name: response.agent_reference?.name ?? null,
    createdAt: timesOf(response).createdAt,
    model: response.model,
    ...outcomeOf(response, 'COMPLETED'),
    parts: () => [],
  };
}
