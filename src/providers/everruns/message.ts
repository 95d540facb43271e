import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type {
  MessagePart,
  MessageRecord,
  MessageRole,
  MessageStatus,
  ToolCallState,
  ToolResultPart,
} from '../../domain/message.ts';
import type { SessionStatus } from '../../domain/records.ts';
import { toArguments, toFile, toText, whenAsked, withResults } from '../message-parts.ts';
import * as wire from '../wire.ts';

const messageRow = z.object({
  id: wire.id,
  role: wire.text,
  content: wire.json,
  thinking: wire.text,
  created_at: wire.text,
});

type MessageRow = z.infer<typeof messageRow>;

export const messageList = z.object({ data: wire.list(messageRow) });

/** What is known of a part depends on its type; all else of it stays as it was sent. */
const part = z
  .object({
    type: wire.text,
    text: wire.text,
    url: wire.text,
    base64: wire.text,
    media_type: wire.text,
    image_id: wire.text,
    filename: wire.text,
    id: wire.text,
    name: wire.text,
    arguments: wire.json,
    tool_call_id: wire.text,
    result: wire.json,
    error: wire.json,
  })
  .nullable()
  .catch(null);

/** The platform stores messages when they are finished; what a session waits for is the last call without a result. */
export function toMessages(rows: readonly MessageRow[], sessionStatus: SessionStatus): readonly MessageRecord[] {
  const messages = withResults(rows.map(toMessage));
  const last = messages.findLastIndex(({ role }) => role === 'ASSISTANT');
  return messages.map((message, index) => (index === last ? toLastMessage(message, sessionStatus) : message));
}

function toMessage({ id, role, content, thinking, created_at }: MessageRow): MessageRecord {
  return {
    id,
    nativeId: id,
    turnId: null,
    parentTurnId: null,
    role: toRole(role),
    nativeRole: role,
    name: null,
    status: 'COMPLETED',
    createdAt: parseInstant(created_at),
    finishedAt: null,
    model: null,
    usage: null,
    error: null,
    parts: whenAsked(() => [...toThinking(thinking), ...toContent(content)]),
  };
}

function toRole(role: string | null): MessageRole {
  switch (role) {
    case 'system':
      return 'SYSTEM';
    case 'user':
      return 'USER';
    case 'agent':
    case 'assistant':
      return 'ASSISTANT';
    case 'tool_result':
      return 'TOOL';
    default:
      return 'UNKNOWN';
  }
}

function toLastMessage(message: MessageRecord, sessionStatus: SessionStatus): MessageRecord {
  const open = openStates[sessionStatus];
  const isOpen = open !== undefined && message.parts().some(isUnanswered);
  if (!isOpen) return message;
  const parts = message.parts().map((each) => (isUnanswered(each) ? { ...each, state: open.call } : each));
  return { ...message, status: open.message, parts: () => parts };
}

/** What a call without a result is doing while its session does this. */
const openStates: Partial<
  Readonly<Record<SessionStatus, { readonly message: MessageStatus; readonly call: ToolCallState }>>
> = {
  WAITING: { message: 'WAITING', call: 'WAITING_FOR_APPROVAL' },
  RUNNING: { message: 'IN_PROGRESS', call: 'RUNNING' },
};

function isUnanswered(each: MessagePart): boolean {
  return each.kind === 'toolCall' && each.result === null;
}

function toThinking(thinking: string | null): readonly MessagePart[] {
  return thinking === null ? [] : [{ kind: 'reasoning', nativeType: 'thinking', text: thinking, redacted: false }];
}

function toContent(content: unknown): readonly MessagePart[] {
  if (typeof content === 'string') return [{ kind: 'text', nativeType: null, text: content }];
  if (Array.isArray(content)) return content.map(toPart);
  return content === null ? [] : [toPart(content)];
}

function toPart(sent: unknown): MessagePart {
  const row = part.parse(sent);
  const nativeType = row?.type ?? null;
  switch (nativeType) {
    case 'text':
      return { kind: 'text', nativeType, text: row?.text ?? '' };
    case 'image':
    case 'image_file':
      return toFile({
        nativeType,
        modality: 'IMAGE',
        mediaType: row?.media_type ?? null,
        filename: row?.filename ?? null,
        url: row?.url ?? null,
        fileId: row?.image_id ?? null,
        base64: row?.base64 ?? null,
      });
    case 'tool_call':
      return {
        kind: 'toolCall',
        nativeType,
        toolCallId: row?.id ?? null,
        name: row?.name ?? null,
        ...toArguments(row?.arguments),
        state: 'UNKNOWN',
        result: null,
      };
    case 'tool_result':
      return toResult(nativeType, row?.tool_call_id ?? null, row?.result ?? null, row?.error ?? null);
    default:
      return { kind: 'other', nativeType, data: sent };
  }
}

function toResult(nativeType: string, toolCallId: string | null, result: unknown, error: unknown): ToolResultPart {
  const isError = error !== null && error !== '';
  const said = isError ? error : result;
  const text = said === null ? null : toText(said);
  const output = typeof result === 'string' ? null : result;
  return { kind: 'toolResult', nativeType, toolCallId, name: null, text, output, isError };
}
