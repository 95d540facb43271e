import { z } from 'zod';
import type { FilePart, MessagePart } from '../../domain/message.ts';
import { toFile } from '../message-parts.ts';
import * as wire from '../wire.ts';

const text = z.string().nullable().default(null).catch(null);

const contentPart = z.object({
  type: text,
  text,
  refusal: text,
  image_url: text,
  file_id: text,
  file_url: text,
  file_data: text,
  filename: text,
  input_audio: wire.nullable(z.object({ data: z.string(), format: wire.text })).catch(null),
});

type ContentPart = z.output<typeof contentPart>;

/** The content of a message, and what a tool answered: a text, a part, or several. */
export function toContent(sent: unknown): readonly MessagePart[] {
  if (typeof sent === 'string') return [{ kind: 'text', nativeType: null, text: sent }];
  if (Array.isArray(sent)) return sent.map(toPart);
  return sent === null || sent === undefined ? [] : [toPart(sent)];
}

function toPart(sent: unknown): MessagePart {
  const part = contentPart.safeParse(sent).data;
  return (
    (part === undefined ? null : toKnownPart(part)) ?? { kind: 'other', nativeType: part?.type ?? null, data: sent }
  );
}

function toKnownPart(part: ContentPart): MessagePart | null {
  const { type: nativeType, text: said, refusal } = part;
  switch (nativeType) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return said === null ? null : { kind: 'text', nativeType, text: said };
    case 'refusal':
      return refusal === null ? null : { kind: 'text', nativeType, text: refusal };
    case 'input_image':
    case 'computer_screenshot':
      return toFilePart(part, 'IMAGE');
    case 'input_file':
      return toFilePart(part, 'DOCUMENT');
    case 'input_audio':
      return toFilePart(part, 'AUDIO');
    default:
      return null;
  }
}

function toFilePart(part: ContentPart, modality: FilePart['modality']): FilePart {
  const { type: nativeType, filename, file_id: fileId, image_url, file_url, file_data, input_audio } = part;
  const format = input_audio?.format ?? null;
  // The documents show `file_data` both as base64 alone and as a `data:` URL.
  const isDataUrl = file_data?.startsWith('data:') ?? false;
  return toFile({
    nativeType,
    modality,
    mediaType: format === null ? null : `audio/${format}`,
    filename,
    url: image_url ?? file_url ?? (isDataUrl ? file_data : null),
    fileId,
    base64: input_audio?.data ?? (isDataUrl ? null : file_data),
  });
}
