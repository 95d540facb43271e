import { z } from 'zod';
import type { MessagePart, MessageRole } from '../../domain/message.ts';
import * as wire from '../wire.ts';
import { wireTime } from './instant.ts';
import { mediaLists, medium, toFiles, toMediaFile } from './media.ts';
import { toContent, toToolCall, toToolResult } from './message-part.ts';

/** A message of a run. It says more than the same message does in the history of the session. */
export const runMessage = z.object({
  id: wire.text,
  role: wire.text,
  name: wire.text,
  content: wire.json,
  reasoning_content: wire.text,
  redacted_reasoning_content: wire.json,
  from_history: wire.flag,
  tool_calls: wire.list(z.unknown()),
  tool_call_id: wire.text,
  tool_name: wire.text,
  tool_call_error: wire.flag,
  ...mediaLists,
  audio_output: medium.nullable().catch(null).default(null),
  references: wire.json,
  metrics: wire.json,
  created_at: wireTime,
});

export type RunMessage = z.infer<typeof runMessage>;

export function toRole(role: string | null): MessageRole {
  switch (role) {
    case 'system':
    case 'developer':
      return 'SYSTEM';
    case 'user':
      return 'USER';
    case 'assistant':
      return 'ASSISTANT';
    case 'tool':
      return 'TOOL';
    default:
      return 'UNKNOWN';
  }
}

export function toParts(message: RunMessage): readonly MessagePart[] {
  const files = toFiles(message);
  if (toRole(message.role) === 'TOOL') return [...toToolResults(message), ...files];
  return [
    ...toReasoning(message),
    ...toContent(message.content),
    ...toAudioOutput(message),
    ...message.tool_calls.map(toToolCall),
    ...files,
    ...toReferences(message),
  ];
}

/** For some models 2.3 stores the results of all calls in one message, and them where calls are in other messages. */
const combinedResult = z.object({ tool_call_id: wire.text, tool_name: wire.text, content: wire.json });

function toToolResults({ content, tool_calls, tool_call_id, tool_name, tool_call_error }: RunMessage) {
  const isError = tool_call_error === true;
  const combined = z.array(combinedResult).nonempty().safeParse(tool_calls).data;
  if (combined === undefined) return [toToolResult({ toolCallId: tool_call_id, name: tool_name, content, isError })];
  return combined.map((each) =>
    toToolResult({ toolCallId: each.tool_call_id, name: each.tool_name, content: each.content, isError }),
  );
}

function toReasoning({ reasoning_content, redacted_reasoning_content }: RunMessage): readonly MessagePart[] {
  const open = reasoningPart(reasoning_content);
  if (redacted_reasoning_content === null || redacted_reasoning_content === '') return open;
  return [...open, { kind: 'reasoning', nativeType: 'redacted_reasoning_content', text: null, redacted: true }];
}

export function reasoningPart(text: string | null): readonly MessagePart[] {
  return text === null ? [] : [{ kind: 'reasoning', nativeType: 'reasoning_content', text, redacted: false }];
}

/** What a model says aloud has no other text than what was written down of it. */
function toAudioOutput({ audio_output: audio, content }: RunMessage): readonly MessagePart[] {
  if (audio === null) return [];
  const isSilent = content !== null && content !== '';
  const said: readonly MessagePart[] =
    isSilent || audio.transcript === null ? [] : [{ kind: 'text', nativeType: 'transcript', text: audio.transcript }];
  return [...said, toMediaFile(audio, { nativeType: 'audio_output', modality: 'AUDIO' })];
}

function toReferences({ references }: RunMessage): readonly MessagePart[] {
  return references === null ? [] : [{ kind: 'other', nativeType: 'references', data: references }];
}
