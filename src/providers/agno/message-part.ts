import { z } from 'zod';
import type { MessagePart, ToolResultPart } from '../../domain/message.ts';
import { toArguments, toFile, toText } from '../message-parts.ts';
import * as wire from '../wire.ts';

const address = z
  .union([z.string().transform((url) => ({ url })), z.object({ url: wire.text })])
  .nullish()
  .catch(null);

/** Content is in the words of OpenAI, where it is more than text. */
const contentPart = z
  .object({
    type: wire.text,
    text: wire.text,
    image_url: address,
    video_url: address,
    input_audio: wire.nullable(z.object({ data: wire.text, format: wire.text })),
    file: wire.nullable(z.object({ file_data: wire.text, file_id: wire.text, filename: wire.text })),
  })
  .nullable()
  .catch(null);

const toolCall = z.object({
  id: wire.text,
  type: wire.text,
  function: z.object({ name: wire.text, arguments: wire.json }),
});

/** The answer of the model as data has no type of its own: the model wrote it as text. */
export function toContent(content: unknown): readonly MessagePart[] {
  if (content === null || content === undefined || content === '') return [];
  if (Array.isArray(content)) return content.map(toContentPart);
  return [{ kind: 'text', nativeType: null, text: toText(content) }];
}

function toContentPart(sent: unknown): MessagePart {
  if (typeof sent === 'string') return { kind: 'text', nativeType: null, text: sent };
  const row = contentPart.parse(sent);
  const nativeType = row?.type ?? null;
  const file = { nativeType, mediaType: null, filename: null, url: null, fileId: null, base64: null };
  switch (nativeType) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return { kind: 'text', nativeType, text: row?.text ?? '' };
    case 'image_url':
    case 'input_image':
      return toFile({ ...file, modality: 'IMAGE', url: row?.image_url?.url ?? null });
    case 'video_url':
      return toFile({ ...file, modality: 'VIDEO', url: row?.video_url?.url ?? null });
    case 'input_audio':
      return toFile({ ...file, modality: 'AUDIO', base64: row?.input_audio?.data ?? null });
    case 'file': {
      const { file_data: data = null, file_id: fileId = null, filename = null } = row?.file ?? {};
      const content = data?.startsWith('data:') ? { url: data } : { base64: data };
      return toFile({ ...file, ...content, modality: 'DOCUMENT', fileId, filename });
    }
    default:
      return { kind: 'other', nativeType, data: sent };
  }
}

export function toToolCall(sent: unknown): MessagePart {
  const { data: call } = toolCall.safeParse(sent);
  if (call === undefined) return { kind: 'other', nativeType: contentPart.parse(sent)?.type ?? null, data: sent };
  return {
    kind: 'toolCall',
    nativeType: call.type,
    toolCallId: call.id,
    name: call.function.name,
    ...toArguments(call.function.arguments),
    state: 'UNKNOWN',
    result: null,
  };
}

export interface ToolAnswer {
  readonly toolCallId: string | null;
  readonly name: string | null;
  readonly content: unknown;
  readonly isError: boolean;
}

export function toToolResult({ toolCallId, name, content, isError }: ToolAnswer): ToolResultPart {
  const isText = typeof content === 'string' || content === null || content === undefined;
  const texts = Array.isArray(content)
    ? toContent(content).flatMap((part) => (part.kind === 'text' ? [part.text] : []))
    : [];
  const text = texts.length > 0 ? texts.join('\n') : isText ? (content ?? null) : toText(content);
  return { kind: 'toolResult', nativeType: null, toolCallId, name, text, output: isText ? null : content, isError };
}
