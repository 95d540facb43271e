import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { PlatformModel, PlatformRequest } from './exchange.ts';
import { sendFault, sendReply } from './faults.ts';
import type { Fault, PlatformOptions, RecordedRequest, RunningPlatform } from './platform.ts';

const REQUESTS_KEPT = 20_000;

interface ActiveFault {
  readonly fault: Fault;
  left: number;
}

export async function listen(model: PlatformModel, options: PlatformOptions): Promise<RunningPlatform> {
  const scheme = options.tls ? 'https' : 'http';
  const requests: RecordedRequest[] = [];
  let faults: readonly ActiveFault[] = [];

  const takeFault = (request: RecordedRequest): Fault | null => {
    const active = faults.find(({ fault, left }) => left > 0 && (fault.match?.(request) ?? true));
    if (active === undefined) return null;
    active.left -= 1;
    return active.fault;
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const clientGone = new AbortController();
    response.once('close', () => clientGone.abort());
    incoming.resume();
    const recorded = toRecorded(incoming);
    if (requests.length >= REQUESTS_KEPT) requests.splice(0, REQUESTS_KEPT / 2);
    requests.push(recorded);
    const answer = () => model.answer(toRequest(recorded, scheme));
    const fault = takeFault(recorded);
    if (fault === null) return sendReply(response, answer(), clientGone.signal);
    const errorReply = (status: number) => model.errorReply(status);
    return sendFault(fault, { response, answer, errorReply, clientGone: clientGone.signal });
  };

  const handler = (incoming: IncomingMessage, response: ServerResponse): void => {
    serve(incoming, response).catch((error: unknown) => {
      process.stderr.write(`Sandbox ${options.platform}: ${error instanceof Error ? error.stack : error}\n`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('The sandbox itself failed.');
    });
  };

  const server: Server = options.tls ? createTlsServer({ ...options.tls }, handler) : createServer(handler);
  // Node's 5 seconds would close idle connections just as a client picks them up again.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    platform: options.platform,
    dialect: model.dialect,
    url: `${scheme}://127.0.0.1:${port}${model.basePath}`,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    fail: (fault) => {
      const active: ActiveFault = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults = [...faults, active];
      return () => {
        faults = faults.filter((other) => other !== active);
      };
    },
    heal: () => {
      faults = [];
    },
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
    addSession: model.addSession,
    updateSession: model.updateSession,
    deleteSession: model.deleteSession,
    addAgent: model.addAgent,
    deleteAgent: model.deleteAgent,
    sessionIds: model.sessionIds,
    agentIds: model.agentIds,
    ownerOf: model.ownerOf,
    agentOf: model.agentOf,
  };
}

function toRecorded(incoming: IncomingMessage): RecordedRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers };
}

function toRequest(recorded: RecordedRequest, scheme: string): PlatformRequest {
  const mark = recorded.url.indexOf('?');
  const rawPath = mark === -1 ? recorded.url : recorded.url.slice(0, mark);
  const rawQuery = mark === -1 ? '' : recorded.url.slice(mark + 1);
  return {
    method: recorded.method,
    segments: rawPath.split('/').slice(1).map(decodeSegment),
    rawPath,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    origin: `${scheme}://${recorded.headers.host ?? ''}`,
    header: (name) => recorded.headers[name],
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign is taken literally, as the Python and Rust servers do.
    return segment;
  }
}
