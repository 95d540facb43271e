import { createServer, type Socket } from 'node:net';

const endOfHead = '\r\n\r\n';

/**
 * HTTP/1.1 as far as clients that only read need it: requests without a body, on connections that stay open. node:http would
 * cost several times as much, and what it costs here the candidates would seem to cost.
 */
export async function listen(respond: (head: string) => Buffer, delayMs: () => number): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => serve(socket, respond, delayMs));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}

function serve(socket: Socket, respond: (head: string) => Buffer, delayMs: () => number): void {
  let unread = '';
  const send = (answer: Buffer): void => {
    if (!socket.destroyed) socket.write(answer);
  };
  socket.on('data', (chunk: Buffer) => {
    unread += chunk.toString('latin1');
    for (;;) {
      const end = unread.indexOf(endOfHead);
      if (end === -1) return;
      const head = unread.slice(0, end);
      unread = unread.slice(end + endOfHead.length);
      const answer = respond(head);
      const delay = delayMs();
      if (delay === 0) send(answer);
      else setTimeout(send, delay, answer);
    }
  });
  // A client that goes away is its own affair.
  socket.on('error', () => socket.destroy());
}
