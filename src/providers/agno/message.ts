import { z } from 'zod';
import { flag, json, type ObjectShape, text, time } from '../shape.ts';
import * as wire from '../wire.ts';
import { toInstant, wireTime } from './instant.ts';

export const messageRow = z.object({
  id: wire.text,
  role: wire.text,
  name: wire.text,
  content: wire.json,
  reasoning_content: wire.text,
  created_at: wireTime,
  from_history: wire.flag,
  stop_after_tool_call: wire.flag,
  tool_calls: wire.json,
  tool_call_id: wire.text,
  tool_name: wire.text,
  tool_args: wire.json,
  tool_call_error: wire.flag,
  images: wire.json,
  audio: wire.json,
  videos: wire.json,
  files: wire.json,
  audio_output: wire.json,
  references: wire.json,
  metrics: wire.json,
  provider_data: wire.json,
});

export const messageShape: ObjectShape<z.infer<typeof messageRow>> = {
  name: 'AgnoMessage',
  description: 'A message of a session.',
  fields: {
    id: text('The id of the message.', (row) => row.id),
    role: text('Who wrote the message: `user`, `assistant` or `tool`.', (row) => row.role),
    name: text('The name of the author. Null when the message has none.', (row) => row.name),
    content: json('The content: a string, or an array of parts.', (row) => row.content),
    reasoningContent: text('The reasoning of the model before its answer.', (row) => row.reasoning_content),
    createdAt: time('When the message was written.', (row) => toInstant(row.created_at)),
    fromHistory: flag('Whether the message was copied from an earlier run.', (row) => row.from_history),
    stopAfterToolCall: flag('Whether the run stops after its tool calls.', (row) => row.stop_after_tool_call),
    toolCalls: json('The tool calls that the message asks for, as the platform sends them.', (row) => row.tool_calls),
    toolCallId: text('The id of the tool call whose result the message holds.', (row) => row.tool_call_id),
    toolName: text('The name of the tool that was called.', (row) => row.tool_name),
    toolArgs: json('The arguments of the tool call.', (row) => row.tool_args),
    toolCallError: flag('Whether the tool call failed.', (row) => row.tool_call_error),
    images: json('The images in the message, as the platform sends them.', (row) => row.images),
    audio: json('The audio recordings in the message, as the platform sends them.', (row) => row.audio),
    videos: json('The videos in the message, as the platform sends them.', (row) => row.videos),
    files: json('The files attached to the message, as the platform sends them.', (row) => row.files),
    audioOutput: json('The audio that the model answered with, as the platform sends it.', (row) => row.audio_output),
    references: json('The knowledge found for the message, as the platform sends it.', (row) => row.references),
    metrics: json('The metrics of the message, such as token counts and duration.', (row) => row.metrics),
    providerData: json('Additional data from the provider of the model.', (row) => row.provider_data),
  },
};
