import type { IncomingHttpHeaders } from 'node:http';
import type { WebSocket } from 'ws';
import type { Admit } from '../admission.ts';
import type { Log } from '../log.ts';
import { longestTimer } from '../longest-timer.ts';
import { createRunning } from '../running.ts';
import type { Viewers } from '../viewers.ts';
import { toConnectionHeaders } from './connection-headers.ts';
import { acknowledgement, type ClientMessage, type Closing, closing, readMessage } from './messages.ts';
import { toMessages, toRequest } from './operation.ts';
import { createOutbox } from './outbox.ts';

export interface ConnectionSettings {
  readonly admit: Admit;
  readonly viewers: Viewers;
  /** Answers an operation like any other request. */
  readonly answer: (request: Request) => Promise<Response>;
  /** The headers that `connection_init` may bring. */
  readonly headersToInitialise: readonly string[];
  /** How many operations may be under way. */
  readonly maxOperations: number;
  readonly log: Log;
}

/** The request that became a WebSocket. */
export interface Upgraded {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Connection {
  /** Whether the caller has said anything of who calls. */
  hasSpoken(): boolean;
  /** Hangs up at once. */
  drop(): void;
  /** Begins no more operations, lets those under way end, then closes. Whoever reads nothing is not waited for. */
  drain(why: Closing): void;
  /** Resolves once it is closed and nothing is under way. */
  readonly ended: Promise<void>;
}

const initialisationMs = 3_000;

/** Speaks the protocol with one caller. Of each operation one message at a time is sent; the next is made when it was taken. */
export function openConnection(socket: WebSocket, upgraded: Upgraded, settings: ConnectionSettings): Connection {
  const { url } = upgraded;
  const outbox = createOutbox(socket);
  const operations = new Map<string, AbortController>();
  const running = createRunning();
  // With those that were completed before their last message was taken.
  let underWay = 0;
  // Null until it is known who calls.
  let headers: Headers | null = null;
  let isInitialised = false;
  let isDraining = false;
  let expiry: NodeJS.Timeout | undefined;
  const tooLate = setTimeout(close, initialisationMs, closing.initialisedTooLate);

  function receive(message: ClientMessage | null): void {
    switch (message?.type) {
      case 'connection_init':
        start(initialise(message.payload));
        break;
      case 'subscribe':
        begin(message.id, message.body);
        break;
      case 'complete':
        end(message.id);
        break;
      case 'ping':
        outbox.pong();
        break;
      case 'pong':
        break;
      case undefined:
        close(closing.badMessage);
    }
  }

  async function initialise(payload: Readonly<Record<string, unknown>>): Promise<void> {
    if (isInitialised) return close(closing.initialisedTwice);
    isInitialised = true;
    clearTimeout(tooLate);
    const all = toConnectionHeaders(upgraded.headers, payload, settings.headersToInitialise);
    if (all === null) return close(closing.badMessage);
    const request = new Request(url, { headers: all });
    const refusal = await settings.admit(request);
    if (refusal !== null) return close(refusal.status === 401 ? closing.forbidden : closing.tryAgainLater);
    if (socket.readyState !== socket.OPEN) return;
    const { until } = settings.viewers.of(request);
    // From then on its operations would be refused. A new connection can bring a new token.
    if (until !== null) expiry = setTimeout(drain, Math.min(until - Date.now(), longestTimer), closing.forbidden);
    headers = all;
    await outbox.send(acknowledgement);
  }

  function begin(id: string, body: string): void {
    if (headers === null) close(closing.notInitialised);
    else if (operations.has(id)) close(closing.idInUse);
    else if (underWay >= settings.maxOperations) close(closing.tryAgainLater);
    // Clients send what was not answered again over another connection.
    else if (!isDraining) start(run(id, toRequest(url, headers, body)));
  }

  function end(id: string): void {
    operations.get(id)?.abort();
    operations.delete(id);
  }

  async function run(id: string, request: (signal: AbortSignal) => Request): Promise<void> {
    const leaving = new AbortController();
    const { signal } = leaving;
    operations.set(id, leaving);
    underWay += 1;
    try {
      const answer = await settings.answer(request(signal));
      for await (const message of toMessages(id, answer)) {
        if (signal.aborted) break;
        await outbox.send(message);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      underWay -= 1;
      if (operations.get(id) === leaving) operations.delete(id);
    }
  }

  function start(work: Promise<void>): void {
    running.add(work).catch((error: unknown) => {
      settings.log.failure(null, error);
      close(closing.failed);
    });
  }

  function close({ code, reason }: Closing): void {
    socket.close(code, reason);
  }

  function drain(why: Closing): void {
    if (isDraining || socket.readyState === socket.CLOSED) return;
    isDraining = true;
    outbox.hurry();
    void running.ended().then(() => close(why));
  }

  const ended = new Promise((resolve) => socket.once('close', resolve)).then(() => {
    clearTimeout(tooLate);
    clearTimeout(expiry);
    for (const id of operations.keys()) end(id);
    return running.ended();
  });
  socket.on('message', (data, isBinary) => receive(isBinary ? null : readMessage(String(data))));
  // What breaks the protocol of WebSockets closes it too.
  socket.on('error', () => {});
  return { hasSpoken: () => isInitialised, drop: () => socket.terminate(), drain, ended };
}
