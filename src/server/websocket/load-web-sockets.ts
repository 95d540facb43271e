import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { protocol } from './messages.ts';

/** Makes a WebSocket of a connection. A request that is none for that is answered, and nothing is accepted. */
export type AcceptSocket = (
  request: IncomingMessage,
  connection: Duplex,
  head: Buffer,
  accepted: (socket: WebSocket) => void,
) => void;

/** Who does not close a socket in turn is not waited for longer. */
const closeTimeout = 1_000;

/** Null when the optional package `ws` is not installed. Loaded only here, because most servers do without. */
export function loadWebSockets(): ((maxMessageBytes: number) => AcceptSocket) | null {
  const require = createRequire(import.meta.url);
  let ws: typeof import('ws');
  try {
    ws = require('ws');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
  return (maxPayload) => {
    const options = {
      noServer: true,
      clientTracking: false,
      maxPayload,
      closeTimeout,
      handleProtocols: () => protocol,
    };
    const server = new ws.WebSocketServer(options);
    return (request, connection, head, accepted) => server.handleUpgrade(request, connection, head, accepted);
  };
}
