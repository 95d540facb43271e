import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { version } from '../../src/http/version.ts';

const root = join(import.meta.dirname, '..', '..');
const processes: ChildProcess[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Run {
  readonly child: ChildProcess;
  /** Resolves with what was printed once it holds this. */
  printed(text: string): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const { SESSION_GRAPH_CONFIG: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src', 'main.ts'), ...words], {
    cwd: root,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    child,
    ended,
    async printed(text) {
      while (!out.includes(text)) {
        await Promise.race([once(child.stdout ?? child, 'data'), ended]);
        if (child.exitCode !== null && !out.includes(text)) throw new Error(`It ended: ${err}`);
      }
      return out;
    },
  };
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function withFile<Result>(text: string, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-main-'));
  const path = join(folder, 'session-graph.yaml');
  writeFileSync(path, text);
  return use(path).finally(() => rmSync(folder, { recursive: true }));
}

it('serves the sandbox without any configuration, says where, and ends cleanly when asked to', async () => {
  const { child, printed, ended } = run(['--port', '0']);
  const greeting = await printed('Ctrl-C');
  expect(greeting.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')).toMatchInlineSnapshot(`
    "Session Graph answers GraphQL at http://HOST/graphql
    GraphiQL, with example queries, is at http://HOST/graphql in a browser.

    It reads 5 sources of sample data, platforms simulated in this process:
      foundry             Azure AI Foundry, http://HOST
      everruns            Everruns, http://HOST
      agentscope-records  AgentScope, http://HOST
      agentscope-views    AgentScope, http://HOST
      agno                Agno AgentOS, http://HOST

    For your own platforms, write a configuration (see README.md) and start with --config <file>.
    Ctrl-C stops it.
    "
  `);
  const url = /http:\/\/\S+\/graphql/.exec(greeting)?.[0] ?? '';
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sources { sourceId sessions(first: 1) { nodes { __typename } } } }' }),
  });
  const { data } = (await answer.json()) as {
    data: { sources: { sourceId: string; sessions: { nodes: unknown[] } }[] };
  };
  expect(data.sources.map(({ sourceId, sessions }) => [sourceId, sessions.nodes.length])).toEqual([
    ['foundry', 1],
    ['everruns', 1],
    ['agentscope-records', 1],
    ['agentscope-views', 1],
    ['agno', 1],
  ]);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

it('says in one sentence that a port is taken', async () => {
  const port = await listen(createServer());
  const { code, out, err } = await run(['--port', String(port)]).ended;
  expect([code, out, err]).toEqual([
    1,
    '',
    `Port ${port} on 127.0.0.1 is taken: choose another with --port, or stop what uses it.\n`,
  ]);
});

it('lists everything that is wrong with its configuration', async () => {
  await withFile('server: { port: x }\nsources: [{ id: a, provider: b }]\n', async (path) => {
    const { code, out, err } = await run([], { SESSION_GRAPH_CONFIG: path }).ended;
    expect([code, out]).toEqual([1, '']);
    expect(err.replaceAll(path, 'session-graph.yaml')).toMatchInlineSnapshot(`
      "session-graph.yaml:1  server.port  must be a number
      session-graph.yaml:2  sources[0].provider  must be one of foundry, everruns, agentscope, agno
      session-graph.yaml:2  sources[0].url  is required
      "
    `);
  });
  const { code, err } = await run(['--config', 'no-such-file.yaml']).ended;
  expect([code, err]).toEqual([1, 'no-such-file.yaml  does not exist\n']);
});

it('answers --version and --help, and refuses what it does not know', async () => {
  const [versions, help, mistake] = await Promise.all([
    run(['--version']).ended,
    run(['--help']).ended,
    run(['--prot', '1']).ended,
  ]);
  expect(versions).toEqual({ code: 0, out: `${version}\n`, err: '' });
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('--config <file>');
  expect([mistake.code, mistake.out, mistake.err.includes('--prot'), mistake.err.includes('Usage:')]).toEqual([
    1,
    '',
    true,
    true,
  ]);
});

/** A server with a request under way at a platform that does not answer, until it is told to. */
async function serveWithRunningRequest() {
  const platform = createServer();
  const port = await listen(platform);
  const config = `
server: { port: 0, log: { level: silent }, limits: { http: { attemptTimeoutMs: 90000, deadlineMs: 90000 } } }
sources: [{ id: slow, provider: everruns, url: "http://127.0.0.1:${port}" }]
`;
  return withFile(config, async (path) => {
    const started = run(['--config', path]);
    const url = /http:\/\/\S+\/graphql/.exec(await started.printed('Ctrl-C'))?.[0] ?? '';
    const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    request.end(JSON.stringify({ query: '{ sessions(first: 1) { totalCount } }' }));
    const answered = once(request, 'response').then(async ([response]) => {
      let text = '';
      for await (const chunk of response as IncomingMessage) text += chunk;
      return text;
    });
    const [, response] = (await once(platform, 'request')) as [IncomingMessage, ServerResponse];
    const finish = () =>
      response.setHeader('content-type', 'application/json').end('{"data":[],"total":0,"offset":0,"limit":1}');
    return { ...started, url, answered, finish };
  });
}

it('answers what is running before it ends', async () => {
  const { child, url, answered, finish, ended } = await serveWithRunningRequest();
  child.kill('SIGTERM');
  // Once nobody listens any more, the signal has arrived.
  const isOpen = () =>
    fetch(`${new URL(url).origin}/health`).then(
      () => true,
      () => false,
    );
  while (await isOpen());
  expect(child.exitCode).toBeNull();
  finish();
  expect(JSON.parse(await answered)).toEqual({ data: { sessions: { totalCount: 0 } } });
  expect((await ended).code).toBe(0);
});

it('ends at once when asked twice', async () => {
  const { child, url, answered, ended } = await serveWithRunningRequest();
  const cut = expect(answered).rejects.toMatchObject({ code: 'ECONNRESET' });
  child.kill('SIGINT');
  const isOpen = () =>
    fetch(`${new URL(url).origin}/health`).then(
      () => true,
      () => false,
    );
  while (await isOpen());
  child.kill('SIGINT');
  expect((await ended).code).toBe(1);
  await cut;
});
