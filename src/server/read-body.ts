import { badRequest, tooLarge } from './request-error.ts';

/**
 * The text of a request's body, of so many bytes at the most. Yoga's own limit leads every body through two streams, which costs
 * more than all else that is done with it; here only a body is counted piece by piece that does not say how long it is.
 */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const declared = request.headers.get('content-length');
  if (declared !== null && !/^\d+$/.test(declared)) throw badRequest('Content-Length header is invalid.');
  if (Number(declared) > maxBytes) throw tooLarge();
  const text = declared === null ? await readPieces(request, maxBytes) : await request.text();
  if (Buffer.byteLength(text) > maxBytes) throw tooLarge();
  return text;
}

async function readPieces({ body }: Request, maxBytes: number): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new TextDecoder().decode(Buffer.concat(chunks, size));
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
}
