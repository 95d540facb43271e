import { z } from 'zod';
import type { FileModality, FilePart } from '../../domain/message.ts';
import { toFile } from '../message-parts.ts';
import * as wire from '../wire.ts';

/** An image, a video, a recording or a document. Where the platform keeps it elsewhere, a reference leads to it. */
export const medium = z.object({
  id: wire.text,
  url: wire.text,
  filepath: wire.text,
  content: wire.text,
  mime_type: wire.text,
  filename: wire.text,
  name: wire.text,
  transcript: wire.text,
  media_reference: wire.nullable(z.object({ url: wire.text, mime_type: wire.text, filename: wire.text })),
});

const media = wire.list(medium.nullable().catch(null)).catch([]);

/** What messages, runs and inputs of runs have; only inputs say `audios`. */
export const mediaLists = { images: media, videos: media, audio: media, audios: media, files: media };

type MediaLists = { readonly [Name in keyof typeof mediaLists]: z.infer<typeof media> };

export type Medium = z.infer<typeof medium>;

interface Kind {
  readonly nativeType: string;
  readonly modality: FileModality;
}

const kinds: Readonly<Record<keyof MediaLists, Kind>> = {
  images: { nativeType: 'image', modality: 'IMAGE' },
  videos: { nativeType: 'video', modality: 'VIDEO' },
  audio: { nativeType: 'audio', modality: 'AUDIO' },
  audios: { nativeType: 'audio', modality: 'AUDIO' },
  files: { nativeType: 'file', modality: 'DOCUMENT' },
};

const names = ['images', 'videos', 'audio', 'audios', 'files'] as const;

export function mediaOf(lists: MediaLists): readonly Medium[] {
  return names.flatMap((name) => lists[name].filter((each) => each !== null));
}

/** Those alone that are not among the excluded. */
export function toFiles(lists: MediaLists, excluded: ReadonlySet<string> = new Set()): readonly FilePart[] {
  return names.flatMap((name) =>
    lists[name]
      .filter((each) => each !== null)
      .filter(({ id }) => id === null || !excluded.has(id))
      .map((each) => toMediaFile(each, kinds[name])),
  );
}

export function toMediaFile(sent: Medium, { nativeType, modality }: Kind): FilePart {
  const { id, url, filepath, content, mime_type, filename, name, media_reference: reference } = sent;
  const mediaType = mime_type ?? reference?.mime_type ?? null;
  return toFile({
    nativeType,
    modality,
    mediaType,
    filename: filename ?? name ?? reference?.filename ?? filepath?.split(/[/\\]/).at(-1) ?? null,
    url: url ?? reference?.url ?? null,
    fileId: id,
    base64: content === null ? null : toBase64(content, mediaType),
  });
}

/** The platform sends the content of text files as it is, and of all others in base64. */
function toBase64(content: string, mediaType: string | null): string {
  const isBase64 = mediaType?.startsWith('text/') !== true && /^[\w+/-]+={0,2}$/.test(content);
  return isBase64 ? content : Buffer.from(content).toString('base64');
}
