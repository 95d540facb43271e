/** How many bytes a text in base64 stands for, which may be in several lines. */
export function byteLengthOf(base64: string): number {
  return Buffer.byteLength(base64.replaceAll(/[\r\n]+/g, ''), 'base64');
}

/** Shorter texts may be words that only look like base64, and cost nobody anything. */
const minLength = 1_024;

/** The same JSON with a note in place of each file that is written out in it. */
export function withoutFiles(value: unknown): unknown {
  if (typeof value === 'string') return withoutFile(value);
  if (Array.isArray(value)) return value.map(withoutFiles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutFiles(each)]));
}

/** The same text, or a note in its place if it is nothing but a file in base64. */
export function withoutFile(text: string): string {
  if (text.length < minLength) return text;
  const url = splitDataUrl(text);
  const base64 = url === null ? text : url.content;
  const isFile = url === null || url.inBase64;
  return isFile && isBase64(base64) ? `(${byteLengthOf(base64)} bytes in base64, left out)` : text;
}

/** In one line, or in lines of the length that MIME has. */
function isBase64(text: string): boolean {
  return /^(?:[\w+/-]{76}\r?\n)*[\w+/-]+={0,2}(?:\r?\n)?$/.test(text);
}

/** The media type and content of a `data:` URL, in base64 however it is written; null for any other. */
export function readDataUrl(url: string): { readonly mediaType: string | null; readonly base64: string } | null {
  const parts = splitDataUrl(url);
  if (parts === null) return null;
  const { mediaType, inBase64, content } = parts;
  return { mediaType, base64: inBase64 ? content : unescaped(content).toString('base64') };
}

interface DataUrl {
  readonly mediaType: string | null;
  readonly inBase64: boolean;
  readonly content: string;
}

/** Without a regular expression over the whole: it may be megabytes of text that only begins like one. */
function splitDataUrl(text: string): DataUrl | null {
  const comma = /^data:/i.test(text) ? text.indexOf(',') : -1;
  if (comma === -1) return null;
  const [mediaType = '', ...parameters] = text.slice('data:'.length, comma).split(';');
  return {
    mediaType: mediaType === '' ? null : mediaType,
    inBase64: parameters.at(-1)?.toLowerCase() === 'base64',
    content: text.slice(comma + 1),
  };
}

function unescaped(text: string): Buffer {
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replaceAll(/%([\da-f]{2})/gi, (_, byte: string) =>
    String.fromCharCode(Number.parseInt(byte, 16)),
  );
  return Buffer.from(plain, 'latin1');
}
