import type { Readable } from 'node:stream';

/** The body as text. When it is too large: null, and the download is aborted. */
export async function readText(
  body: Readable,
  options: { readonly declared: number; readonly maxBytes: number },
): Promise<string | null> {
  // Leaving the stream early destroys it, which undici reports as an error nobody waits for.
  body.on('error', () => {});
  if (options.declared > options.maxBytes) {
    body.destroy();
    return null;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > options.maxBytes) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, size));
}
