import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { App } from '../../src/server/app.ts';
import { startGate } from '../requests/gate.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { open, unshared } from './ask.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Served {
  readonly app: App;
  readonly url: URL;
  readonly platform: RunningPlatform;
}

async function startEverruns(): Promise<RunningPlatform> {
  const platform = await startPlatform({ platform: 'everruns', sessions: 20 });
  closers.push(() => platform.close());
  return platform;
}

async function serveSource(platformUrl: string, server: object = {}): Promise<Omit<Served, 'platform'>> {
  const { app } = open({
    server: { ...unshared, ...server },
    sources: [{ id: 'runs', provider: 'everruns', url: platformUrl }],
  });
  const url = new URL(await app.listen());
  closers.push(() => app.close());
  return { app, url };
}

async function serve(server: object = {}): Promise<Served> {
  const platform = await startEverruns();
  return { ...(await serveSource(platform.url, server)), platform };
}

const query = '{ sessions(first: 1) { nodes { __typename } outcomes { status } } }';
const data = { data: { sessions: { nodes: [{ __typename: 'EverrunsSession' }], outcomes: [{ status: 'COMPLETE' }] } } };

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

function post(url: URL, { headers = {}, agent }: Sent = {}) {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(agent === undefined ? {} : { agent }),
  });
  request.end(JSON.stringify({ query }));
  return request;
}

async function answerTo(request: ReturnType<typeof post>) {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

describe('over HTTP', () => {
  test('answers, and passes the id of the request on', async () => {
    const { url, platform } = await serve();
    const { status, headers, text } = await answerTo(post(url, { headers: { 'x-request-id': 'r-9' } }));
    expect([status, headers['x-request-id'], JSON.parse(text)]).toEqual([200, 'r-9', data]);
    expect(platform.requests.map((request) => request.headers['x-request-id'])).toEqual(['r-9']);
  });

  test('answers to no other name than that of this machine, unless others may ask', async () => {
    const { url } = await serve();
    const named = async (host: string) => {
      const { status, text } = await answerTo(post(url, { headers: { host } }));
      return [status, JSON.parse(text).errors?.[0].extensions.code];
    };
    expect(await named(`localhost:${url.port}`)).toEqual([200, undefined]);
    expect(await named(`rebound.example:${url.port}`)).toEqual([403, 'FORBIDDEN']);
    const open = await serve({ allowAnonymous: true });
    expect((await answerTo(post(open.url, { headers: { host: 'graph.example' } }))).status).toBe(200);
  });

  test('answers requests without a valid address by 400, not by a stack', async () => {
    const { url } = await serve();
    for (const [target, host] of [
      ['/graphql', 'a b'],
      ['/graphql', '::'],
      ['/graphql', '/'],
      ['/graphql', '\\'],
      ['//', 'localhost'],
      ['http://x/graphql', 'localhost'],
    ]) {
      const socket = connect(Number(url.port), '127.0.0.1');
      socket.end(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      let text = '';
      for await (const chunk of socket) text += chunk;
      expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(text).not.toContain('at ');
    }
  });

  test('stops asking platforms when the caller hangs up', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const sources = [{ id: 'silent', provider: 'everruns', url: `http://127.0.0.1:${portOf(silent)}` }];
    // Longer than the test may take: only the hanging up can end the request.
    const { app } = open({ server: { limits: { http: { attemptTimeoutMs: 90_000, deadlineMs: 90_000 } } }, sources });
    const url = new URL(await app.listen());
    closers.push(
      async () => silent.closeAllConnections(),
      async () => silent.close(),
      () => app.close(),
    );
    const request = post(url);
    request.on('error', () => undefined);
    const [, response] = (await once(silent, 'request')) as [IncomingMessage, ServerResponse];
    request.destroy();
    await once(response, 'close');
  });
});

describe('health', () => {
  test('is not the same as being of use', async () => {
    const { app, platform } = await serve({
      limits: { http: { breakerFailures: 1, breakerOpenMs: 60_000, retries: 0 } },
    });
    const get = async (path: string) => {
      const answer = await app.fetch(new Request(`http://localhost${path}`));
      return [answer.status, await answer.json()];
    };
    expect([await get('/health'), await get('/ready')]).toEqual([
      [200, { status: 'ok' }],
      [200, { status: 'ok' }],
    ]);
    platform.fail({ kind: 'status', status: 500 });
    await app.fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      }),
    );
    expect([await get('/health'), await get('/ready')]).toEqual([
      [200, { status: 'ok' }],
      [503, { status: 'unavailable', reason: 'No source answers correctly. See the log.' }],
    ]);
  });
});

describe('closing', () => {
  test('lets a running request be answered, takes no new one, and does not wait for idle connections', async () => {
    const { url: platformUrl } = await startEverruns();
    let isHeld = false;
    const gate = await startGate(platformUrl, { width: 2, match: () => isHeld });
    closers.push(() => gate.close());
    const { app, url } = await serveSource(gate.url);
    const agent = new Agent({ keepAlive: true });
    await answerTo(post(url, { agent }));
    const silent = connect(Number(url.port), '127.0.0.1');
    await once(silent, 'connect');
    isHeld = true;
    const running = answerTo(post(url));
    while (gate.seen.peak < 1) await new Promise((resolve) => setImmediate(resolve));

    const closing = app.close();
    await expect(answerTo(post(url))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const ready = await app.fetch(new Request('http://localhost/ready'));
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'The process is stopping.' },
    ]);
    // The second request opens the gate for the first.
    await fetch(gate.url);
    const { status, headers, text } = await running;
    expect([status, headers.connection, JSON.parse(text)]).toEqual([200, 'close', data]);
    await closing;
    agent.destroy();
    silent.destroy();
  });

  test('can be asked for twice', async () => {
    const { app } = await serve();
    await Promise.all([app.close(), app.close()]);
  });
});
