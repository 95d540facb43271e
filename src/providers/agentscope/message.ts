import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import type {
  MessageError,
  MessagePart,
  MessageRecord,
  MessageRole,
  MessageStatus,
  TokenUsage,
} from '../../domain/message.ts';
import { whenAsked } from '../message-parts.ts';
import * as sent from '../sent.ts';
import { json, type ObjectShape, objects, text, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { toParts } from './message-part.ts';

/** A row and the time zone of its times, which the platform leaves out. */
export interface Zoned<Row> {
  readonly row: Row;
  readonly timezone: string;
}

const usage = sent.part('AgentScopeUsage', 'The tokens that a message used.', {
  input_tokens: sent.float('Number of tokens that the model read.'),
  output_tokens: sent.float('Number of tokens that the model wrote.'),
});

const columns = {
  id: sent.text('The id of the message.'),
  name: sent.text('The name of the author.'),
  role: sent.text('The role of the author: `user`, `assistant` or `system`.'),
  content: wire.json,
  metadata: sent.json('Free-form data about the message.'),
  created_at: wire.text,
  finished_at: wire.text,
  usage: sent.object(usage, 'The tokens that the message used, if reported.'),
  finished_reason: sent.text('Why the message ended; from version 2.0.6.'),
  structured_output: sent.json('The answer as structured data, if it was requested; from version 2.0.6.'),
  error: sent.json('The error that ended the message, if there was one; from version 2.0.6.'),
};

export const message = sent.schemaOf(columns);

const messageRow = message.extend({ id: wire.id });

type MessageRow = z.infer<typeof messageRow>;

/** `has_more` is sent by those versions alone that page from the end back. */
export const messageList = z.object({
  messages: wire.list(messageRow),
  is_running: wire.flag,
  has_more: wire.flag,
});

export type MessageList = z.infer<typeof messageList>;

/** `isOpen` when the session is running and no message is known to follow. */
export function toMessage(row: MessageRow, timezone: string, isOpen: boolean): MessageRecord {
  const parts = whenAsked(() => toParts(row.content));
  return {
    id: row.id,
    nativeId: row.id,
    // A reply, from its first thought to its answer, is one message with the id of the reply.
    turnId: row.role === 'assistant' ? row.id : null,
    parentTurnId: null,
    role: toRole(row.role),
    nativeRole: row.role,
    name: row.name,
    status: toStatus(row, parts, isOpen),
    createdAt: parseInstant(row.created_at, timezone),
    finishedAt: parseInstant(row.finished_at, timezone),
    // The model of the session may have been another when the message was written.
    model: null,
    usage: row.usage === null ? null : toUsage(row.usage),
    error: toError(row.error),
    parts,
  };
}

/** The platform's own type has them as they are sent. */
function toUsage({ input_tokens, output_tokens }: z.output<typeof usage.schema>): TokenUsage {
  return { inputTokens: wire.int.parse(input_tokens), outputTokens: wire.int.parse(output_tokens) };
}

function toRole(role: string | null): MessageRole {
  switch (role) {
    case 'system':
      return 'SYSTEM';
    case 'user':
      return 'USER';
    case 'assistant':
      return 'ASSISTANT';
    default:
      return 'UNKNOWN';
  }
}

function toStatus(row: MessageRow, parts: () => readonly MessagePart[], isOpen: boolean): MessageStatus {
  if (row.error !== null) return 'FAILED';
  switch (row.finished_reason) {
    case null:
      // Up to 2.0.5 no reply has a reason; what others say is finished when it is said.
      return row.finished_at === null && row.role === 'assistant' ? toUnfinishedStatus(parts(), isOpen) : 'COMPLETED';
    case 'completed':
    case 'exceed_max_iters':
      return 'COMPLETED';
    case 'error':
      return 'FAILED';
    case 'interrupted':
      return 'CANCELLED';
    default:
      return 'UNKNOWN';
  }
}

/** A reply is stored when it stops: at its end, or to wait for somebody. */
function toUnfinishedStatus(parts: readonly MessagePart[], isOpen: boolean): MessageStatus {
  const states = new Set(parts.map((part) => (part.kind === 'toolCall' ? part.state : null)));
  if (states.has('WAITING_FOR_APPROVAL')) return 'WAITING';
  // 2.0.0 does not finish a reply that took too many rounds.
  return isOpen || states.has('RUNNING') ? 'IN_PROGRESS' : 'UNKNOWN';
}

const knownOfError = z.object({ type: wire.text, message: wire.text }).catch({ type: null, message: null });

function toError(error: unknown): MessageError | null {
  if (error === null) return null;
  if (typeof error === 'string') return { code: null, message: error };
  const { type, message } = knownOfError.parse(error);
  return { code: type, message };
}

const knownOfBlock = z
  .object({ type: wire.text, id: wire.text, text: wire.text })
  .catch({ type: null, id: null, text: null });

interface ContentBlock extends z.infer<typeof knownOfBlock> {
  readonly block: unknown;
}

function toContentBlocks(content: unknown): readonly ContentBlock[] {
  if (typeof content === 'string') return [{ type: 'text', id: null, text: content, block: content }];
  if (!Array.isArray(content)) return [];
  return content.map((block: unknown) => ({ ...knownOfBlock.parse(block), block }));
}

const contentBlockShape: ObjectShape<ContentBlock> = {
  name: 'AgentScopeContentBlock',
  description: 'One part of a message.',
  fields: {
    type: text(
      'The type of the block: `text`, `thinking`, `data`, `hint`, `tool_call`, `tool_result`, or one that a later version adds.',
      (block) => block.type,
    ),
    id: text('The id of the block.', (block) => block.id),
    text: text('The text of a `text` block.', (block) => block.text),
    block: json('The whole block, as the platform sends it.', (block) => block.block),
  },
};

export const messageShape: ObjectShape<Zoned<z.infer<typeof message>>> = {
  name: 'AgentScopeMessage',
  description: "A message of the conversation in the model's memory.",
  fields: sent.fieldsOf(columns, sent.rowOf, {
    content: objects(contentBlockShape, 'The content of the message, in order.', ({ row }) => {
      return toContentBlocks(row.content);
    }),
    createdAt: time('When the message was started.', ({ row, timezone }) => parseInstant(row.created_at, timezone)),
    finishedAt: time('When the message was finished; null while it is being written.', ({ row, timezone }) => {
      return parseInstant(row.finished_at, timezone);
    }),
  }),
};
