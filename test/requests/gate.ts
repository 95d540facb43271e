import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface Gate {
  /** Where to ask instead of the platform. */
  readonly url: string;
  /** How many matching requests were unanswered at once at the most. */
  readonly seen: { readonly peak: number };
  close(): Promise<void>;
}

/**
 * Stands before a platform and holds the requests that match until so many are held, then opens for good. Whoever asks for
 * one after the other never gets an answer.
 */
export async function startGate(
  platformUrl: string,
  { width, match }: { readonly width: number; readonly match: (url: string) => boolean },
): Promise<Gate> {
  const { origin, pathname } = new URL(platformUrl);
  const seen = { peak: 0 };
  const held: (() => void)[] = [];
  let isOpen = false;
  let unanswered = 0;

  function pass(incoming: IncomingMessage, response: ServerResponse, onAnswer: () => void): void {
    const outgoing = request(`${origin}${incoming.url}`, { headers: incoming.headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        onAnswer();
        response.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks));
      });
    });
    outgoing.on('error', () => response.destroy());
    outgoing.end();
  }

  const server = createServer((incoming, response) => {
    if (!match(incoming.url ?? '')) return pass(incoming, response, () => {});
    unanswered += 1;
    seen.peak = Math.max(seen.peak, unanswered);
    held.push(() =>
      pass(incoming, response, () => {
        unanswered -= 1;
      }),
    );
    isOpen ||= held.length >= width;
    if (isOpen) for (const release of held.splice(0)) release();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${pathname === '/' ? '' : pathname}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
