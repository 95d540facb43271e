import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { unread } from './unread.ts';

/** Gets the request, its connection, and what has been read of that behind the request. */
export type TakeUpgrade = (request: IncomingMessage, connection: Duplex, head: Buffer) => void;

export interface HttpServer {
  /** Answers the port, once it listens there. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number>;
  /** Who takes over the connections that are to become WebSockets. Null for nobody: such a request is answered like any other. */
  onUpgrade(take: TakeUpgrade | null): void;
  /** Takes no new connections, lets every request be answered, and waits for that. */
  close(): Promise<void>;
}

// Longer than what is usual for proxies in front, which else send a request just as the connection is closed.
const keepAliveMs = 65_000;
// A request may have been on its way when the last one was answered.
const graceMs = 200;

export function createHttpServer(listener: RequestListener): HttpServer {
  const running = new Set<ServerResponse>();
  let isClosing = false;
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: 30_000, headersTimeout: 10_000 },
    (request, response) => {
      running.add(response);
      if (isClosing) response.setHeader('connection', 'close');
      response.once('close', () => running.delete(response));
      listener(request, response);
    },
  );

  async function drain(): Promise<void> {
    for (;;) {
      for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
      server.closeIdleConnections();
      await Promise.all([...running].map((response) => once(response, 'close')));
      await new Promise((resolve) => setTimeout(resolve, graceMs));
      if (running.size === 0) break;
    }
    // What is left has sent nothing, or not even a whole head: browsers open such connections in advance.
    server.closeAllConnections();
  }

  return {
    async listen({ host, port }) {
      server.listen(port, host);
      await once(server, 'listening');
      const address = server.address();
      return isAddress(address) ? address.port : port;
    },
    onUpgrade(take) {
      server.removeAllListeners('upgrade');
      if (take === null) return;
      server.on('upgrade', (request, connection, head) => {
        if (request.headers.upgrade?.toLowerCase() === 'websocket') return take(request, connection, head);
        // Two would read and write there at once.
        if ([...running].some(({ socket }) => socket === connection)) return connection.destroy();
        // Some clients of HTTP/2 ask for it with their first request; Node gives us that too.
        unread(request, connection, head);
        server.emit('connection', connection);
      });
    },
    async close() {
      if (isClosing || !server.listening) return;
      isClosing = true;
      const closed = once(server, 'close');
      server.close();
      await drain();
      await closed;
    },
  };
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
