import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { PlatformRequest, Reply } from '../../src/sandbox/exchange.ts';
import { sendReply } from '../../src/sandbox/send-reply.ts';

export type RecordedRequest = Pick<PlatformRequest, 'method' | 'url' | 'headers'>;

export type FaultKind =
  | 'status'
  | 'html'
  | 'wrong-content-type'
  | 'truncated-json'
  | 'other-shape'
  | 'reset'
  | 'reset-mid-body'
  | 'black-hole'
  | 'slow-headers'
  | 'slow-body'
  | 'huge-body'
  | 'redirect'
  | 'delay';

export interface Fault {
  /** Default: every request. */
  readonly match?: (request: RecordedRequest) => boolean;
  /** Default: until it is lifted. */
  readonly times?: number;
  readonly kind: FaultKind;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
  readonly bytes?: number;
  readonly location?: string;
}

const foreverMs = 2_147_483_647;
const htmlPage =
  '<html>\r\n<head><title>Gateway</title></head>\r\n<body>\r\n<center><h1>Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

interface FaultTarget {
  readonly response: ServerResponse;
  /** What the platform would have answered. */
  readonly answer: () => Reply;
  readonly errorReply: (status: number) => Reply;
  readonly clientGone: AbortSignal;
}

export async function sendFault(fault: Fault, target: FaultTarget): Promise<void> {
  const { response, clientGone } = target;
  const changed = (reply: Reply): Promise<void> => sendReply(response, withOverrides(reply, fault), clientGone);
  switch (fault.kind) {
    case 'status':
      return changed(target.errorReply(fault.status ?? 500));
    case 'html':
      return changed({ status: 200, headers: { 'content-type': 'text/html' }, body: htmlPage });
    case 'wrong-content-type': {
      const reply = target.answer();
      return changed({ ...reply, headers: { ...reply.headers, 'content-type': 'text/plain; charset=utf-8' } });
    }
    case 'truncated-json': {
      const body = wholeBody(target.answer());
      return changed({ ...target.answer(), body: body.slice(0, Math.floor(body.length / 2)) });
    }
    case 'other-shape':
      return changed({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"message":"Welcome"}' });
    case 'redirect':
      return changed({ status: 302, headers: { location: fault.location ?? 'http://elsewhere.invalid/' }, body: '' });
    case 'reset':
      return cutConnection(response);
    case 'reset-mid-body':
      return resetMidBody(response, withOverrides(target.answer(), fault));
    case 'black-hole':
      return;
    case 'slow-headers':
      return slowHeaders(response, target.answer(), fault.delayMs ?? foreverMs, clientGone);
    case 'slow-body':
      return slowBody(response, withOverrides(target.answer(), fault), fault.delayMs ?? foreverMs, clientGone);
    case 'huge-body':
      return sendReply(response, { ...hugeHead, body: hugeJson(fault.bytes ?? 100 * 1024 * 1024) }, clientGone);
    case 'delay':
      if (await waited(fault.delayMs ?? 100, clientGone)) await changed(target.answer());
  }
}

const hugeHead = { status: 200, headers: { 'content-type': 'application/json' } } as const;

function withOverrides(reply: Reply, fault: Fault): Reply {
  return {
    status: fault.status ?? reply.status,
    headers: { ...reply.headers, ...fault.headers },
    body: fault.body ?? reply.body,
  };
}

function wholeBody(reply: Reply): string {
  return typeof reply.body === 'string' ? reply.body : [...reply.body].join('');
}

async function waited(ms: number, clientGone: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal: clientGone });
    return true;
  } catch (error) {
    if (clientGone.aborted) return false;
    throw error;
  }
}

function cutConnection(response: ServerResponse): void {
  const socket = response.socket;
  if (socket === null) return;
  // A TLS socket has no TCP handle of its own to reset.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

async function resetMidBody(response: ServerResponse, reply: Reply): Promise<void> {
  const body = Buffer.from(wholeBody(reply));
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.byteLength) });
  await new Promise<void>((resolve) => response.write(body.subarray(0, body.byteLength >> 1), () => resolve()));
  cutConnection(response);
}

/** Past Node's own response, which cannot stop between the status line and the headers. */
async function slowHeaders(
  response: ServerResponse,
  reply: Reply,
  delayMs: number,
  clientGone: AbortSignal,
): Promise<void> {
  const socket = response.socket;
  if (socket === null) return;
  const body = wholeBody(reply);
  socket.write(`HTTP/1.1 ${reply.status} Slow\r\n`);
  if (!(await waited(delayMs, clientGone))) return;
  const headers = { ...reply.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`${lines.join('')}\r\n${body}`);
}

/** A trickle rather than one long pause: each piece would reset a client's idle timeout, only a deadline helps. */
async function slowBody(
  response: ServerResponse,
  reply: Reply,
  delayMs: number,
  clientGone: AbortSignal,
): Promise<void> {
  const body = Buffer.from(wholeBody(reply));
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.byteLength) });
  const pause = Math.min(Math.ceil(delayMs / 20), 1000);
  const pauses = Math.max(1, Math.ceil(delayMs / pause));
  let sent = 0;
  for (let step = 1; step <= pauses; step += 1) {
    const until = Math.floor((body.byteLength * step) / (pauses + 1));
    if (until > sent) response.write(body.subarray(sent, until));
    sent = Math.max(sent, until);
    if (!(await waited(pause, clientGone))) return;
  }
  response.end(body.subarray(sent));
}

function* hugeJson(bytes: number): Generator<string> {
  const piece = `"${'x'.repeat(65_533)}",`;
  yield '{"data":[';
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
  yield '""]}';
}
