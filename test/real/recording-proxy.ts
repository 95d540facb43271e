import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Reply } from '../../src/sandbox/exchange.ts';
import type { SubjectControl } from '../contract.ts';
import type { Fault, RecordedRequest } from '../sandbox-controls/faults.ts';
import { sendFault } from '../sandbox-controls/faults.ts';

export interface RecordingProxy extends SubjectControl {
  readonly url: string;
  close(): Promise<void>;
}

const anyReply: Reply = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"data":[],"meta":{"total_count":0}}',
};

/** In front of a real server: tells what it was asked, and fails for it on command. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  let fault: Fault | null = null;

  const server = createServer((incoming, response) => {
    const headers = incoming.headers as RecordedRequest['headers'];
    requests.push({ method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers });
    if (fault === null) forward(target, incoming, response);
    else failFor(fault, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    fail(next) {
      fault = next;
      return () => {
        fault = null;
      };
    },
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function forward(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { hostname, port } = new URL(target);
  const outgoing = request({
    hostname,
    port,
    method: incoming.method,
    path: incoming.url,
    headers: incoming.headers,
    setHost: false,
  });
  outgoing.once('error', () => response.destroy());
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  incoming.pipe(outgoing);
}

/** Instead of the server, which may take longer than the caller waits. */
function failFor(fault: Fault, response: ServerResponse): Promise<void> {
  const clientGone = new AbortController();
  response.once('close', () => clientGone.abort());
  return sendFault(fault, {
    response,
    answer: () => anyReply,
    errorReply: (status) => ({ ...anyReply, status }),
    clientGone: clientGone.signal,
  });
}
