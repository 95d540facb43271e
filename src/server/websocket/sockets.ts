import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorResponse, toErrorBody } from '../error-response.ts';
import type { TakeUpgrade } from '../http-server.ts';
import { checkUpgrade, type UpgradeRules } from './check-upgrade.ts';
import { type Connection, type ConnectionSettings, openConnection } from './connection.ts';
import type { AcceptSocket } from './load-web-sockets.ts';
import { closing } from './messages.ts';

export interface SocketSettings extends ConnectionSettings, UpgradeRules {
  readonly accept: AcceptSocket;
  readonly maxConnections: number;
}

/** The WebSockets that are open. */
export interface Sockets {
  readonly upgrade: TakeUpgrade;
  /** How many there are. */
  size(): number;
  /** Opens no more, lets what is under way end, and closes all. */
  close(): Promise<void>;
}

export function createSockets(settings: SocketSettings): Sockets {
  const connections = new Set<Connection>();
  let isClosing = false;

  function refusalOf(request: IncomingMessage): ErrorResponse | null {
    if (isClosing || (isFull() && oldestSilent() === null)) return tooMany;
    return checkUpgrade(request, settings);
  }

  function isFull(): boolean {
    return connections.size >= settings.maxConnections;
  }

  function oldestSilent(): Connection | null {
    for (const connection of connections) if (!connection.hasSpoken()) return connection;
    return null;
  }

  function add(opened: Connection): void {
    const silent = isFull() ? oldestSilent() : null;
    if (silent !== null) {
      connections.delete(silent);
      silent.drop();
    }
    connections.add(opened);
    void opened.ended.then(() => connections.delete(opened));
  }

  return {
    upgrade(request, connection, head) {
      const refusal = refusalOf(request);
      if (refusal !== null) return refuse(connection, refusal);
      const { url, headers } = request;
      settings.accept(request, connection, head, (socket) => {
        add(openConnection(socket, { url: `http://${headers.host}${url}`, headers }, settings));
      });
    },
    size: () => connections.size,
    async close() {
      isClosing = true;
      for (const connection of connections) connection.drain(closing.goingAway);
      await Promise.all([...connections].map(({ ended }) => ended));
    },
  };
}

const tooMany: ErrorResponse = {
  status: 503,
  code: 'TOO_MANY_CONNECTIONS',
  message: 'This server has no place for another WebSocket at the moment.',
  headers: { 'retry-after': '5' },
};

function refuse(connection: Duplex, error: ErrorResponse): void {
  const body = toErrorBody(error);
  const headers = {
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    ...error.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  connection.on('error', () => connection.destroy());
  // Nobody else ends it when the caller does not.
  const answer = [`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`, ...lines, '', body].join('\r\n');
  connection.end(answer, () => connection.destroy());
}
