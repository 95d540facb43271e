import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { listen, type Run, run, runSandbox } from './process.ts';

export interface Replica {
  readonly port: number;
  readonly process: Run;
}

/** Two processes of the server in front of the same platforms, which are a third one. */
export interface Replicas {
  readonly pair: readonly [Replica, Replica];
  readonly gate: Gate;
  /** Another process with the same configuration, on the port of one that has ended. */
  startAgain(port: number): Promise<Replica>;
}

export async function withReplicas(
  writeFile: <Result>(text: string, use: (path: string) => Promise<Result>) => Promise<Result>,
  use: (replicas: Replicas) => Promise<void>,
): Promise<void> {
  const printed = await runSandbox(['--size', '240']).printed('Ctrl-C');
  const [, yaml = ''] = /# session-graph\.yaml\n(sources:\n[\s\S]+?)\n\n/.exec(printed) ?? [];
  const [, everruns = ''] = /^ {2}everruns +(http:\S+)/m.exec(printed) ?? [];
  const gate = await openGate(everruns);
  const limits = 'limits: { http: { attemptTimeoutMs: 90000, deadlineMs: 90000, listShareMs: 90000 } }';
  const configuration = `server: { log: { level: silent }, ${limits} }\n${yaml.replace(everruns, gate.url)}\n`;
  await writeFile(configuration, async (path) => {
    const start = async (port: number): Promise<Replica> => {
      const process = run(['--config', path, '--port', String(port)]);
      const url = /http:\/\/\S+\/graphql/.exec(await process.printed('Ctrl-C'))?.[0] ?? '';
      return { port: Number(new URL(url).port), process };
    };
    await use({
      pair: await Promise.all([start(0), start(0)]),
      gate,
      startAgain: start,
    });
  });
}

export interface Gate {
  readonly url: string;
  /** Holds the next request up. Resolves when it is there. */
  hold(): Promise<unknown>;
  release(): void;
}

/** Between the server and one platform. */
async function openGate(platform: string): Promise<Gate> {
  const { origin, pathname } = new URL(platform);
  let isHolding = false;
  let held: (() => void) | null = null;
  const server = createServer((request, response) => {
    const pass = () => forward(request, response, origin);
    if (!isHolding) return pass();
    isHolding = false;
    held = pass;
    server.emit('held');
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    hold() {
      isHolding = true;
      return once(server, 'held');
    },
    release() {
      held?.();
      held = null;
    },
  };
}

function forward(request: IncomingMessage, response: ServerResponse, origin: string): void {
  const { method, headers, url = '' } = request;
  const onward = httpRequest(`${origin}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
}

export interface Service {
  readonly port: number;
  /** The ports to which new connections go, in turn. */
  endpoints: readonly number[];
  /** The port to which each connection went. */
  readonly chosen: readonly number[];
}

/** Gives each connection to the next endpoint, as a Service of Kubernetes does: it knows nothing of HTTP and tries nothing twice. */
export async function openService(endpoints: readonly number[]): Promise<Service> {
  const chosen: number[] = [];
  const server = createTcpServer((client) => {
    const port = service.endpoints[chosen.length % service.endpoints.length] ?? 0;
    chosen.push(port);
    const target = connect(port, '127.0.0.1');
    client.pipe(target).pipe(client);
    client.on('error', () => target.destroy());
    target.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const service: Service = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    endpoints,
    chosen,
  };
  return service;
}

const page = z.object({
  data: z.object({
    sessions: z.object({
      nodes: z.array(
        z.object({ id: z.string(), createdAt: z.string().nullable(), source: z.object({ slug: z.string() }) }),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      outcomes: z.array(z.object({ status: z.literal('COMPLETE') })).length(5),
    }),
  }),
});

export type Page = z.infer<typeof page>['data']['sessions'];

const query = `query ($first: Int!, $after: String) {
  sessions(first: $first, after: $after) {
    nodes { id createdAt source { slug } }
    pageInfo { hasNextPage endCursor }
    outcomes { status }
  }
}`;

/** One page, over a connection of its own. */
export async function askPage(port: number, variables: { first: number; after: string | null }): Promise<Page> {
  // No answer of an earlier page is used again: a platform is asked for each.
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
  const request = httpRequest({ port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers, agent: false });
  request.end(JSON.stringify({ query, variables }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return page.parse(JSON.parse(text)).data.sessions;
}

export interface Walk {
  readonly rows: Page['nodes'];
  readonly isOver: boolean;
  /** Reads so many pages from the ports that this says. */
  go(pages: number, portOf: (page: number) => number): Promise<void>;
}

/** In pages of this size, or of 1 to 7 by turns. */
export function createWalk(size?: number): Walk {
  const rows: Page['nodes'] = [];
  let after: string | null = null;
  let isOver = false;
  let count = 0;
  return {
    rows,
    get isOver() {
      return isOver;
    },
    async go(pages, portOf) {
      for (let index = 0; index < pages && !isOver; index += 1) {
        const { nodes, pageInfo } = await askPage(portOf(count), { first: size ?? 1 + (count % 7), after });
        rows.push(...nodes);
        after = pageInfo.endCursor;
        isOver = !pageInfo.hasNextPage;
        count += 1;
      }
    },
  };
}
