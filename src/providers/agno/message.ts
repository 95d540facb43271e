import { z } from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { flag, json, type ObjectShape, text, time } from '../shape.ts';
import { toInstant } from './instant.ts';
import * as read from './read.ts';

export const messageWire = z.object({
  id: read.text,
  role: read.text,
  name: read.text,
  content: read.json,
  reasoning_content: read.text,
  created_at: read.time,
  from_history: read.flag,
  stop_after_tool_call: read.flag,
  tool_calls: read.json,
  tool_call_id: read.text,
  tool_name: read.text,
  tool_args: read.json,
  tool_call_error: read.flag,
  images: read.json,
  audio: read.json,
  videos: read.json,
  files: read.json,
  audio_output: read.json,
  references: read.json,
  metrics: read.json,
  provider_data: read.json,
});

export interface Message {
  readonly id: string | null;
  readonly role: string | null;
  readonly name: string | null;
  readonly content: unknown;
  readonly reasoningContent: string | null;
  readonly createdAt: Instant | null;
  readonly fromHistory: boolean | null;
  readonly stopAfterToolCall: boolean | null;
  readonly toolCalls: unknown;
  readonly toolCallId: string | null;
  readonly toolName: string | null;
  readonly toolArgs: unknown;
  readonly toolCallError: boolean | null;
  readonly images: unknown;
  readonly audio: unknown;
  readonly videos: unknown;
  readonly files: unknown;
  readonly audioOutput: unknown;
  readonly references: unknown;
  readonly metrics: unknown;
  readonly providerData: unknown;
}

export function toMessage(row: z.infer<typeof messageWire>): Message {
  return {
    id: row.id,
    role: row.role,
    name: row.name,
    content: row.content,
    reasoningContent: row.reasoning_content,
    createdAt: toInstant(row.created_at),
    fromHistory: row.from_history,
    stopAfterToolCall: row.stop_after_tool_call,
    toolCalls: row.tool_calls,
    toolCallId: row.tool_call_id,
    toolName: row.tool_name,
    toolArgs: row.tool_args,
    toolCallError: row.tool_call_error,
    images: row.images,
    audio: row.audio,
    videos: row.videos,
    files: row.files,
    audioOutput: row.audio_output,
    references: row.references,
    metrics: row.metrics,
    providerData: row.provider_data,
  };
}

const asSent = 'As the platform sends them.';

export const messageShape: ObjectShape<Message> = {
  name: 'AgnoMessage',
  description: 'A message of a session.',
  fields: {
    id: text('The id of the message.', (message) => message.id),
    role: text('Who wrote it: `user`, `assistant` or `tool`.', (message) => message.role),
    name: text('The name of its author. Null when the message has none.', (message) => message.name),
    content: json('The content: a text, or an array of parts.', (message) => message.content),
    reasoningContent: text('What the model thought before it answered.', (message) => message.reasoningContent),
    createdAt: time('When it was written.', (message) => message.createdAt),
    fromHistory: flag('Whether it was copied from an earlier run.', (message) => message.fromHistory),
    stopAfterToolCall: flag('Whether the run ends after the tools it calls.', (message) => message.stopAfterToolCall),
    toolCalls: json(`The tools it calls. ${asSent}`, (message) => message.toolCalls),
    toolCallId: text('The call that it answers, for a message of a tool.', (message) => message.toolCallId),
    toolName: text('The tool that answers, for a message of a tool.', (message) => message.toolName),
    toolArgs: json('The arguments of that call.', (message) => message.toolArgs),
    toolCallError: flag('Whether that call failed.', (message) => message.toolCallError),
    images: json(`The images in it. ${asSent}`, (message) => message.images),
    audio: json(`The sound recordings in it. ${asSent}`, (message) => message.audio),
    videos: json(`The videos in it. ${asSent}`, (message) => message.videos),
    files: json(`The files attached to it. ${asSent}`, (message) => message.files),
    audioOutput: json('The sound that the model answered with, as the platform sends it.', (message) => {
      return message.audioOutput;
    }),
    references: json(`The knowledge that was looked up for it. ${asSent}`, (message) => message.references),
    metrics: json('What it cost, as the platform counts: tokens, seconds.', (message) => message.metrics),
    providerData: json('What only the provider of the model sends.', (message) => message.providerData),
  },
};
