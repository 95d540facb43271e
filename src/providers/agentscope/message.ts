import { z } from 'zod';
import { float, json, type ObjectShape, object, objects, text, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { toInstant, type Zoned } from './instant.ts';

const usage = z.object({ input_tokens: wire.number, output_tokens: wire.number });

export const message = z.object({
  id: wire.text,
  name: wire.text,
  role: wire.text,
  content: wire.json,
  metadata: wire.json,
  created_at: wire.text,
  finished_at: wire.text,
  usage: wire.nullable(usage),
  finished_reason: wire.text,
  structured_output: wire.json,
  error: wire.json,
});

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

const usageShape: ObjectShape<z.infer<typeof usage>> = {
  name: 'AgentScopeUsage',
  description: 'The tokens that a message used.',
  fields: {
    inputTokens: float('Number of tokens that the model read.', (row) => row.input_tokens),
    outputTokens: float('Number of tokens that the model wrote.', (row) => row.output_tokens),
  },
};

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
  fields: {
    id: text('The id of the message.', ({ row }) => row.id),
    name: text('The name of the author.', ({ row }) => row.name),
    role: text('The role of the author: `user`, `assistant` or `system`.', ({ row }) => row.role),
    content: objects(contentBlockShape, 'The content of the message, in order.', ({ row }) => {
      return toContentBlocks(row.content);
    }),
    metadata: json('Free-form data about the message.', ({ row }) => row.metadata),
    createdAt: time('When the message was started.', ({ row, timezone }) => toInstant(row.created_at, timezone)),
    finishedAt: time('When the message was finished; null while it is being written.', ({ row, timezone }) => {
      return toInstant(row.finished_at, timezone);
    }),
    usage: object(usageShape, 'The tokens that the message used, if reported.', ({ row }) => row.usage),
    finishedReason: text('Why the message ended; from version 2.0.6.', ({ row }) => row.finished_reason),
    structuredOutput: json('The answer as structured data, if it was requested; from version 2.0.6.', ({ row }) => {
      return row.structured_output;
    }),
    error: json('The error that ended the message, if there was one; from version 2.0.6.', ({ row }) => row.error),
  },
};
