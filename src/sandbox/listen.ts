import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type PlatformRequest, type Reply, toPlatformRequest } from './exchange.ts';
import type { Platform } from './platform.ts';
import { sendReply } from './send-reply.ts';

export interface ListenOptions {
  /** 0 is a free one. */
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Sends what the platform answers, unless whoever starts it wants to send something else. */
  readonly respond?: Respond;
}

export type Respond = (exchange: Exchange) => Promise<void>;

export interface Exchange {
  readonly request: PlatformRequest;
  readonly response: ServerResponse;
  readonly clientGone: AbortSignal;
  /** What the platform answers. */
  readonly answer: () => Reply;
}

export interface Listener {
  /** The base URL that a client is configured with. */
  readonly url: string;
  close(): Promise<void>;
}

export async function listen(
  platform: Platform,
  { port, tls, respond = sendAnswer }: ListenOptions,
): Promise<Listener> {
  const scheme = tls === undefined ? 'http' : 'https';

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const clientGone = new AbortController();
    response.once('close', () => clientGone.abort());
    incoming.resume();
    const { method = 'GET', url = '/', headers } = incoming;
    const request = toPlatformRequest(method, url, headers, scheme);
    await respond({ request, response, clientGone: clientGone.signal, answer: () => platform.answer(request) });
  };

  const handler = (incoming: IncomingMessage, response: ServerResponse): void => {
    serve(incoming, response).catch((error: unknown) => {
      process.stderr.write(`The sandbox failed: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('The sandbox itself failed.');
    });
  };

  const server = tls === undefined ? createServer(handler) : createTlsServer({ ...tls }, handler);
  // Node's 5 seconds would close idle connections just as a client picks them up again.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const chosen = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `${scheme}://127.0.0.1:${chosen}${platform.basePath}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function sendAnswer({ response, answer, clientGone }: Exchange): Promise<void> {
  return sendReply(response, answer(), clientGone);
}
