import { connect as connectSocket } from 'node:net';

export interface Connection {
  /** One request at a time. */
  ask(request: Buffer): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Head {
  readonly status: number;
  readonly bodyStart: number;
  /** Null when the body comes in chunks. */
  readonly length: number | null;
}

const lastChunk = Buffer.from('0\r\n\r\n');

/** A client over one connection that stays open. Like the emulator it is by hand so that it costs little. */
export async function connect(host: string, port: number): Promise<Connection> {
  const socket = connectSocket({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', resolve);
  });
  let received: Buffer = Buffer.alloc(0);
  let head: Head | null = null;
  let waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void } | null = null;

  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    head ??= toHead(received);
    if (head === null || !isWhole(received, head)) return;
    const { status, bodyStart, length } = head;
    const rest = received.subarray(bodyStart);
    const waiter = waiting;
    received = Buffer.alloc(0);
    head = null;
    waiting = null;
    waiter?.resolve({ status, body: length === null ? joinChunks(rest) : rest });
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('The candidate closed a connection.')));

  return {
    ask: (request) =>
      new Promise<Answer>((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function toHead(received: Buffer): Head | null {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const text = received.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return {
    status: Number(text.slice(9, 12)),
    bodyStart: end + 4,
    length: length === undefined ? null : Number(length),
  };
}

function isWhole(received: Buffer, { bodyStart, length }: Head): boolean {
  if (length !== null) return received.length >= bodyStart + length;
  return received.length >= bodyStart + lastChunk.length && received.subarray(-lastChunk.length).equals(lastChunk);
}

function joinChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
