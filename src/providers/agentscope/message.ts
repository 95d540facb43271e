import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';
import * as sent from '../sent.ts';
import { json, type ObjectShape, objects, text, time } from '../shape.ts';
import * as wire from '../wire.ts';

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
