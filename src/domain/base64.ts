/** How many bytes a text in base64 stands for. */
export function byteLengthOf(base64: string): number {
  const padding = /={0,2}$/.exec(base64)?.[0].length ?? 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

/** Shorter texts may be words that only look like base64, and cost nobody anything. */
const minLength = 1_024;

const dataUrl = /^data:([^;,]*)[^,]*;base64,/i;

/** The same JSON with a note in place of each file that is written out in it. */
export function withoutFiles(value: unknown): unknown {
  if (typeof value === 'string') return withoutFile(value);
  if (Array.isArray(value)) return value.map(withoutFiles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutFiles(each)]));
}

function withoutFile(text: string): string {
  if (text.length < minLength) return text;
  const base64 = text.replace(dataUrl, '');
  if (!/^[\w+/-]+={0,2}$/.test(base64)) return text;
  return `(${byteLengthOf(base64)} bytes in base64, left out)`;
}

/** The media type and content of a `data:` URL; null for any other. */
export function readDataUrl(url: string): { readonly mediaType: string | null; readonly base64: string } | null {
  const [head, mediaType = ''] = dataUrl.exec(url) ?? [];
  return head === undefined ? null : { mediaType: mediaType === '' ? null : mediaType, base64: url.slice(head.length) };
}
