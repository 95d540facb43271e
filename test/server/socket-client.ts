import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createClient, type ClientOptions as Options } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { changes } from './event-client.ts';

export interface SocketClient {
  /** The next result, `complete`, the errors with which the operation was refused, or the code with which the socket was closed. */
  next(): Promise<unknown>;
  /** Everything up to the next mark, without it, and the mark. */
  batch(): Promise<{ readonly changes: readonly unknown[]; readonly mark: string }>;
  /** Ends the operation. */
  leave(): void;
}

export interface Operation {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Caller extends Pick<Options, 'connectionParams'> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of the protocol's own library. Each has a connection for itself, which ends with the test. */
export function connect(url: string, { headers = {}, connectionParams }: Caller = {}) {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  const options = { url: toSocketUrl(url), webSocketImpl: Socket, retryAttempts: 0, lazyCloseTimeout: 1_000 };
  const client = createClient(connectionParams === undefined ? options : { ...options, connectionParams });
  onTestFinished(() => client.terminate());

  function start({ query = changes, ...operation }: Operation = {}): SocketClient {
    const results = client.iterate({ query, ...operation });

    async function next(): Promise<unknown> {
      try {
        const { value, done } = await results.next();
        return done === true ? 'complete' : value;
      } catch (error) {
        return error instanceof Error ? Promise.reject(error) : toEnd(error);
      }
    }

    return {
      next,
      async batch() {
        const told: unknown[] = [];
        for (;;) {
          const result = await next();
          const change = (result as { data?: { sessionsChanged: Readonly<Record<string, unknown>> } }).data
            ?.sessionsChanged;
          if (change === undefined) throw new Error(`No change: ${JSON.stringify(result)}`);
          if (change.__typename === 'SessionsMark') return { changes: told, mark: String(change.mark) };
          told.push(change);
        }
      },
      leave: () => void results.return?.(),
    };
  }

  return { start, ask: (operation: Operation) => start(operation).next(), close: () => client.terminate() };
}

function toEnd(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
}

export interface RawSocket {
  readonly socket: WebSocket;
  say(...messages: readonly (object | string)[]): void;
  /** The next message, parsed, or the code with which the socket was closed. */
  next(): Promise<unknown>;
}

export const hello = { type: 'connection_init' };

/** A socket without a client, for what no client does. */
export async function openRaw(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
  const socket = new WebSocket(toSocketUrl(url), 'graphql-transport-ws', { headers });
  onTestFinished(() => socket.terminate());
  const told: unknown[] = [];
  const waiting: ((value: unknown) => void)[] = [];
  const tell = (value: unknown) => {
    const wait = waiting.shift();
    if (wait === undefined) told.push(value);
    else wait(value);
  };
  socket.on('message', (data) => tell(JSON.parse(String(data))));
  socket.on('close', (code) => tell(code));
  await once(socket, 'open');
  return {
    socket,
    say(...messages) {
      for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    next: () => (told.length > 0 ? Promise.resolve(told.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** With what a request is answered that is to become a WebSocket. */
export async function refusal(url: string, headers: Readonly<Record<string, string>> = {}) {
  const wish = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'graphql-transport-ws',
  };
  const request = httpRequest(url, { headers: { ...wish, ...headers } }).end();
  request.on('upgrade', (_, connection) => {
    connection.destroy();
    request.emit('error', new Error('It is not refused.'));
  });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, errors: JSON.parse(text).errors };
}

function toSocketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}
