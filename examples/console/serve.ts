import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { toConfig } from '../../src/config/load-config.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { createApp } from '../../src/server/app.ts';
import { documentsFile, siteFolder } from './build.ts';

export interface ConsoleServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Options {
  readonly port: number;
  /** Of `server` in the graph's configuration. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether all sources are copied to the catalog. */
  readonly catalog?: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The graph at /graphql and the console everywhere else, on one port of the loopback address. */
export async function serveConsole(
  { sources }: Pick<Sandbox, 'sources'>,
  { port, settings = {}, catalog = true }: Options,
): Promise<ConsoleServer> {
  const graph = createApp(
    toConfig({
      server: {
        log: { level: 'warn' },
        catalog: { requestsPerMinute: 6_000 },
        trustedDocuments: documentsFile,
        ...settings,
      },
      sources: sources.map(({ id, provider, platform, settings: own }) => ({
        id,
        provider,
        url: platform.url,
        catalog,
        ...own,
      })),
    }),
  );
  const server = createServer((request, response) => {
    const isForGraph = request.url === '/graphql';
    void (isForGraph ? graph.handler(request, response) : sendFile(request, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  graph.follow();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await graph.close();
    },
  };
}

async function sendFile({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(url, 'http://localhost');
  const extension = extname(pathname);
  // Every page of the console is the same file; the page reads the rest of the URL.
  const path = types[extension] === undefined ? '/index.html' : normalize(pathname);
  try {
    const body = await readFile(join(siteFolder, path));
    response.writeHead(200, {
      'content-type': types[extname(path)],
      'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('There is no such file.\n');
  }
}
