/**
 * `npm run check:container`: carries out the commands of the Dockerfile in empty folders, and runs what comes out as the image
 * says. It needs no Docker and builds no image: the base image is this machine, and what it lacks is not noticed.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { buildStages, machineEnvironment } from './container/build-stages.ts';
import { execForm, lastText, readDockerfile, readSentNames } from './container/dockerfile.ts';
import { isolate, type Started } from './container/isolation.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'session-graph-container-'));
try {
  await check();
} finally {
  execFileSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true });
}

async function check(): Promise<void> {
  const context = join(folder, 'context');
  for (const name of readSentNames(read('.dockerignore'))) {
    cpSync(join(root, name), join(context, name), { recursive: true });
  }
  const image = buildStages(readDockerfile(read('Dockerfile')), context, folder);
  const app = join(image.folder, image.workdir);
  checkContent(app);

  const configFile = join(image.folder, image.environment.SESSION_GRAPH_CONFIG ?? '');
  mkdirSync(dirname(configFile), { recursive: true });
  const uid = Number(lastText(image.stage, 'USER').split(':')[0]);
  const isolation = isolate(image.folder, uid);
  const env = { ...machineEnvironment(), ...image.environment, SESSION_GRAPH_CONFIG: configFile };
  const start = (words: readonly string[]) => isolation.start(words, { cwd: app, env });
  // An image listens to the whole network, which no test does.
  const command = execForm(lastText(image.stage, 'CMD')).map((word) => word.replace('0.0.0.0', '127.0.0.1'));
  const serve = () => start([...execForm(lastText(image.stage, 'ENTRYPOINT')), ...command]);
  const isHealthy = async (port: number) => {
    const words = execForm(/ CMD (.+)$/.exec(lastText(image.stage, 'HEALTHCHECK'))?.[1] ?? '');
    return (await watch(start(words.map((word) => word.replace(':4000', `:${port}`)))).ended).code;
  };

  for (const path of [join(app, 'written'), join(app, 'node_modules', 'written'), join(image.folder, 'tmp')]) {
    const write = `try { require('fs').mkdirSync(${JSON.stringify(path)}) } catch ({ code }) { console.log(code) }`;
    const { out } = await watch(start(['node', '-e', write])).ended;
    expectEqual(out, `${isolation.refusal}\n`, `what a write of ${path} says`);
  }

  const missing = await watch(serve()).ended;
  expectEqual([missing.code, missing.err], [1, `${configFile}  does not exist\n`], 'a start without configuration');

  const platform = await startPlatform();
  execFileSync('chmod', ['u+w', dirname(configFile)]);
  writeFileSync(configFile, platform.configuration, { mode: 0o644 });
  const server = serve();
  const { ended, findUrl } = watch(server);
  const url = await findUrl();
  const port = Number(new URL(url).port);
  expectEqual(await isHealthy(port), 0, 'the health check while it runs');
  const answered = ask(url);
  await platform.asked;
  server.signal('SIGTERM');
  while (await isOpen(url));
  platform.answer();
  expectEqual(await answered, { data: { sessions: { totalCount: 0 } } }, 'what runs when it is asked to end');
  expectEqual((await ended).code, 0, 'its exit code');
  expectEqual(await isHealthy(port), 1, 'the health check when it has ended');
  platform.close();
  console.log(
    'No image was built. The commands of the Dockerfile, in empty folders, made a server that starts, is healthy,',
    `answers what is running at SIGTERM and ends, ${isolation.description}.`,
  );
}

/** What is in the image beside its base: nothing that only the build needs. */
function checkContent(app: string): void {
  expectEqual(readdirSync(app).sort(), ['dist', 'node_modules', 'package-lock.json', 'package.json'], 'the folder');
  const shape = z.object({ devDependencies: z.record(z.string(), z.string()) });
  const development = Object.keys(shape.parse(JSON.parse(read('package.json'))).devDependencies);
  const found = development.filter((name) => existsSync(join(app, 'node_modules', name)));
  expectEqual([development.length > 3, found], [true, []], 'the packages that only development needs');
}

/** A platform that does not answer a request until it is told to, and the configuration for it. */
async function startPlatform() {
  const { promise: asked, resolve: arrived } = withResolvers<ServerResponse>();
  const platform = createServer((request, response) => {
    // What the server asks by itself when it starts is no part of the request.
    if (request.headers['x-request-id'] === 'start') response.writeHead(404).end();
    else arrived(response);
  });
  await once(platform.listen(0, '127.0.0.1'), 'listening');
  const { port } = platform.address() as AddressInfo;
  return {
    configuration: `
server: { port: 0, log: { level: silent }, limits: { http: { attemptTimeoutMs: 90000, deadlineMs: 90000 } } }
sources: [{ id: slow, provider: everruns, url: "http://127.0.0.1:${port}" }]
`,
    asked,
    answer: () =>
      void asked.then((response) => {
        response.setHeader('content-type', 'application/json').end('{"data":[],"total":0,"offset":0,"limit":1}');
      }),
    close: () => void platform.close(),
  };
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sessions(first: 1) { totalCount } }' }),
  });
  return response.json();
}

function isOpen(url: string): Promise<boolean> {
  return fetch(new URL('/health', url)).then(
    () => true,
    () => false,
  );
}

interface Watched {
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Where it answers, once it says so. */
  findUrl(): Promise<string>;
}

function watch({ child }: Started): Watched {
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const url = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const found = /http:\/\/\S+\/graphql/.exec(out)?.[0];
      if (found !== undefined && out.includes('Ctrl-C')) resolve(found);
    });
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    ended,
    async findUrl() {
      const found = await Promise.race([url, ended]);
      if (typeof found === 'string') return found;
      throw new Error(`It ended before it said where it is: ${JSON.stringify(found)}`);
    },
  };
}

function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`Of the container, ${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}.`);
}
