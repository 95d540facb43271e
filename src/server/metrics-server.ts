import type { ServerResponse } from 'node:http';
import type { ServerConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { readVersion } from '../config/version.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { toEndpointUrl } from './endpoint-url.ts';
import { createHttpServer } from './http-server.ts';

/**
 * Where Prometheus reads the metrics. They have a port of their own, so that who may reach the graph need not reach them, and
 * belong to the process: an app counts in them, and the next one goes on counting.
 */
export interface MetricsServer {
  readonly metrics: Metrics;
  /** Answers the URL, once it is served there. Throws a ConfigError when it cannot be. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export type MetricsAddress = NonNullable<ServerConfig['metrics']>;

const path = '/metrics';
const plain = { 'content-type': 'text/plain; charset=utf-8' };

/** Loads what counts, which a process without metrics does not need. */
export async function loadMetricsServer({ host, port }: MetricsAddress): Promise<MetricsServer> {
  const { createMetrics } = await import('../metrics/create-metrics.ts');
  const metrics = createMetrics(readVersion());
  const http = createHttpServer((request, response) => {
    const isAsked = request.method === 'GET' && request.url?.split('?')[0] === path;
    void (isAsked ? sendMetrics(metrics, response) : sendNothing(response));
  });
  return {
    metrics,
    async listen() {
      const openPort = await http.listen({ host, port }).catch((error: unknown) => {
        throw toConfigError(error, { host, port });
      });
      return toEndpointUrl({ host, path }, openPort);
    },
    close: http.close,
  };
}

async function sendMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  try {
    const text = await metrics.print();
    response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text);
  } catch (error) {
    response.writeHead(500, plain).end(`${error instanceof Error ? error.message : 'Internal server error'}\n`);
  }
}

function sendNothing(response: ServerResponse): void {
  response.writeHead(404, plain).end(`Only GET ${path} is answered here.\n`);
}

function toConfigError(error: unknown, { host, port }: MetricsAddress): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : null) {
    case 'EADDRINUSE':
      return new ConfigError([
        `server.metrics.port  Port ${port} on ${host} is in use. Stop the other process, or choose another port.`,
      ]);
    case 'EACCES':
      return new ConfigError([`server.metrics.port  No permission to listen on port ${port}. Choose one above 1023.`]);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError([`server.metrics.host  This machine has no address ${host}. Choose another.`]);
    default:
      return error;
  }
}
