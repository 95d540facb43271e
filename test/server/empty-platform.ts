import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { listen } from './process.ts';

export interface EmptyPlatform {
  /** For a source of Everruns. */
  readonly url: string;
  /** How many connections are open. */
  connections(): number;
  /** From now on requests are held; resolves with what lets the first of them be answered, once it has come. */
  hold(): Promise<() => void>;
}

/** A platform without sessions. What servers ask by themselves is answered at once, whatever is held. */
export async function startEmptyPlatform(): Promise<EmptyPlatform> {
  const sockets = new Set<Socket>();
  let isHolding = false;
  const platform = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = () =>
      response.setHeader('content-type', 'application/json').end('{"data":[],"total":0,"offset":0,"limit":1}');
    if (isHolding && request.headers['x-request-id'] !== 'start') platform.emit('held', answer);
    else answer();
  });
  // Only whoever asks may close a connection.
  platform.keepAliveTimeout = 600_000;
  platform.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listen(platform);
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => sockets.size,
    async hold() {
      isHolding = true;
      const [answer] = (await once(platform, 'held')) as [() => void];
      return answer;
    },
  };
}
