import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Puts a request back into its connection as it came, but without the wish for another protocol. */
export function unread(request: IncomingMessage, connection: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() !== 'upgrade' ? [`${name}: ${rawHeaders[index + 1]}`] : [],
  );
  const text = [`${method} ${url} HTTP/${httpVersion}`, ...lines, '', ''].join('\r\n');
  connection.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]));
}
