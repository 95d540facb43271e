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
import type { Readable } from 'node:stream';
import { inject, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

export interface Run {
  readonly child: ChildProcess;
  /** Resolves with what was printed once it holds this. */
  printed(text: string): Promise<string>;
  /** The same of standard error. */
  complained(text: string): Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Whether any process of its group is left. */
  isAlive(): boolean;
}

function built(program: string): string {
  const folder = inject('built');
  if (folder === undefined)
    throw new Error('A test that starts programs is in the list `processes` of vitest.config.ts.');
  return join(folder, program);
}

/** The program by itself. */
export function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  return start(process.execPath, [built('main.js'), ...words], environment);
}

/** The simulated platforms by themselves. */
export function runSandbox(words: readonly string[]): Run {
  return start(process.execPath, [built('sandbox/main.js'), ...words], {});
}

/** The program that writes manifests of trusted documents, in this folder. */
export function runTrustedDocuments(words: readonly string[], folder: string): Run {
  return start(process.execPath, [built('trusted-documents.js'), ...words], {}, folder);
}

/** The program as people start it: npm, the shell that npm starts, and whatever the script starts. */
export function runByNpm(shell: string, words: readonly string[]): Run {
  return start('npm', [`--script-shell=${shell}`, 'start', '--', ...words], {});
}

/** A group of processes of its own, of which nothing is left when the test is over. */
function start(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder = root,
): Run {
  const { SESSION_GRAPH_CONFIG: _, ...inherited } = process.env;
  const child = spawn(command, words, {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  onTestFinished(() => void signalGroup(child, 'SIGKILL'));
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  async function holds(stream: Readable, read: () => string, text: string): Promise<string> {
    while (!read().includes(text)) {
      await Promise.race([once(stream, 'data'), ended]);
      if ((child.exitCode !== null || child.signalCode !== null) && !read().includes(text))
        throw new Error(`It ended: ${err}`);
    }
    return read();
  }

  return {
    child,
    ended,
    printed: (text) => holds(child.stdout, () => out, text),
    complained: (text) => holds(child.stderr, () => err, text),
    isAlive: () => signalGroup(child, 0),
  };
}

/** Whether there was anybody to get it. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

export async function listen(server: Server): Promise<number> {
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Node as it is where an optional package is not installed; it says so on standard output when it is looked for. */
export function withoutPackage(name: string): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-without-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'without.cjs');
  writeFileSync(
    path,
    `const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => {
  if (name !== '${name}') return resolve(name, ...rest);
  process.stdout.write('${name} was looked for\\n');
  throw Object.assign(new Error("Cannot find module '${name}'"), { code: 'MODULE_NOT_FOUND' });
};
`,
  );
  return { NODE_OPTIONS: `--require ${path}` };
}

export function withFile<Result>(text: string, use: (path: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-main-'));
  const path = join(folder, 'session-graph.yaml');
  writeFileSync(path, text);
  return use(path).finally(() => rmSync(folder, { recursive: true }));
}

export interface RunningRequest extends Run {
  /** What the running request is answered with. */
  readonly answered: Promise<string>;
  /** Lets the platform answer. */
  finish(): void;
  /** Whether the server takes connections. */
  isOpen(): Promise<boolean>;
}

/** A server with a request under way at a platform that does not answer until it is told to. */
export async function serveWithRunningRequest(begin: (words: readonly string[]) => Run = run): Promise<RunningRequest> {
  const platform = createServer((request, response) => {
    // What the server asks by itself when it starts is no part of the request.
    if (request.headers['x-request-id'] === 'start') response.writeHead(404).end();
    else platform.emit('asked', response);
  });
  const port = await listen(platform);
  const config = `
server: { port: 0, log: { level: silent }, limits: { http: { attemptTimeoutMs: 90000, deadlineMs: 90000 } } }
sources: [{ id: slow, provider: everruns, url: "http://127.0.0.1:${port}" }]
`;
  return withFile(config, async (path) => {
    const started = begin(['--config', path]);
    const url = /http:\/\/\S+\/graphql/.exec(await started.printed('Ctrl-C'))?.[0] ?? '';
    const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    request.end(JSON.stringify({ query: '{ sessions(first: 1) { totalCount } }' }));
    const answered = once(request, 'response').then(async ([response]) => {
      let text = '';
      for await (const chunk of response as IncomingMessage) text += chunk;
      return text;
    });
    const [response] = (await once(platform, 'asked')) as [ServerResponse];
    return {
      ...started,
      answered,
      finish: () =>
        response.setHeader('content-type', 'application/json').end('{"data":[],"total":0,"offset":0,"limit":1}'),
      isOpen: () =>
        fetch(`${new URL(url).origin}/health`).then(
          () => true,
          () => false,
        ),
    };
  });
}
