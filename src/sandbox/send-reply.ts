import type { ServerResponse } from 'node:http';
import type { Reply } from './exchange.ts';

export async function sendReply(response: ServerResponse, reply: Reply, clientGone: AbortSignal): Promise<void> {
  if (typeof reply.body !== 'string') {
    response.writeHead(reply.status, reply.headers);
    await writePieces(response, reply.body, clientGone);
    return;
  }
  const length = reply.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(reply.body)) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  response.end(reply.body);
}

async function writePieces(response: ServerResponse, pieces: Iterable<string>, clientGone: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    if (clientGone.aborted) return;
    if (response.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        clientGone.removeEventListener('abort', done);
        resolve();
      };
      response.once('drain', done);
      clientGone.addEventListener('abort', done);
    });
  }
  response.end();
}
