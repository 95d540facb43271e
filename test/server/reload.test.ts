import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startEmptyPlatform } from './empty-platform.ts';
import { listen, type Run, run } from './process.ts';

const refused = 'The configuration was not changed: the one before stays in use.\n';

interface File {
  readonly path: string;
  /** Where another file of this name is, in the same folder. */
  beside(name: string): string;
  write(text: string): void;
  remove(): void;
}

function createFile(text: string): File {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-reload-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'session-graph.yaml');
  const write = (written: string) => writeFileSync(path, written);
  write(text);
  return { path, beside: (name) => join(folder, name), write, remove: () => rmSync(path) };
}

interface Words {
  readonly server?: string;
  /** The ids of its sources. */
  readonly ids: readonly string[];
  readonly platform: { readonly url: string };
}

function toYaml({ server = '', ids, platform }: Words): string {
  const sources = ids.map((id) => `{ id: ${id}, provider: everruns, url: "${platform.url}" }`);
  return `server: { port: 0, log: { level: silent }${server} }\nsources: [${sources.join(', ')}]\n`;
}

interface Serving extends Run {
  readonly origin: string;
  /** The slugs of all sources; fails when the answer is another. */
  slugs(path?: string): Promise<readonly string[]>;
}

async function serve(file: File, environment: Readonly<Record<string, string>> = {}): Promise<Serving> {
  const started = run(['--config', file.path], environment);
  const { origin } = new URL(/http:\/\/\S+\/graphql/.exec(await started.printed('Ctrl-C'))?.[0] ?? '');
  return {
    ...started,
    origin,
    async slugs(path = '/graphql') {
      const { data } = (await post(`${origin}${path}`, '{ sources { slug } }')) as { data: { sources: Named[] } };
      return data.sources.map(({ slug }) => slug);
    },
  };
}

interface Named {
  readonly slug: string;
}

async function post(url: string, query: string, agent?: Agent): Promise<unknown> {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(agent === undefined ? {} : { agent }),
  });
  request.end(JSON.stringify({ query }));
  return JSON.parse(await textOf(request));
}

async function textOf(request: ReturnType<typeof httpRequest>): Promise<string> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  if (response.statusCode !== 200) throw new Error(`Status ${response.statusCode}: ${text}`);
  return text;
}

test('on SIGHUP the file is read again: its sources, the path of the endpoint, GraphiQL', async () => {
  const platform = await startEmptyPlatform();
  const file = createFile(toYaml({ ids: ['one'], platform }));
  const { child, origin, slugs, printed, ended } = await serve(file);
  expect(await slugs()).toEqual(['one']);
  file.write(toYaml({ ids: ['two', 'three'], platform, server: ', path: /other' }));
  child.kill('SIGHUP');
  const out = await printed('  two    reachable\n');
  await printed('  three  reachable\n');
  expect(out).toContain(`The configuration was read again.
Session Graph answers GraphQL at ${origin}/other
GraphiQL, with example queries, is at ${origin}/other in a browser.
It reads 2 sources:
  two    Everruns, ${platform.url}
  three  Everruns, ${platform.url}
`);
  expect(await slugs('/other')).toEqual(['two', 'three']);
  await expect(slugs('/graphql')).rejects.toThrow('Status 404');
  const page = await fetch(`${origin}/other`, { headers: { accept: 'text/html' } });
  expect([page.status, (await page.text()).includes('"/other"')]).toEqual([200, true]);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('what is running is answered by the configuration with which it began, which then lets go of its platform', async () => {
  const [before, after] = [await startEmptyPlatform(), await startEmptyPlatform()];
  const file = createFile(toYaml({ ids: ['one'], platform: before }));
  const { child, origin, slugs, printed, ended } = await serve(file);
  const holding = before.hold();
  const query = '{ sessions(first: 1) { totalCount outcomes { source { slug } status } } }';
  const running = post(`${origin}/graphql`, query);
  const release = await holding;
  file.write(toYaml({ ids: ['two'], platform: after }));
  child.kill('SIGHUP');
  await printed('  two  reachable\n');
  expect(await slugs()).toEqual(['two']);
  const outcomes = (slug: string) => [{ source: { slug }, status: 'COMPLETE' }];
  expect(await post(`${origin}/graphql`, query)).toEqual({
    data: { sessions: { totalCount: 0, outcomes: outcomes('two') } },
  });
  expect(before.connections()).toBeGreaterThan(0);
  release();
  expect(await running).toEqual({ data: { sessions: { totalCount: 0, outcomes: outcomes('one') } } });
  await vi.waitFor(() => expect(before.connections()).toBe(0), 10_000);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

/** What is written instead, or null when the file is gone; and every line of what is said of it. */
const mistakes = [
  ['a file that is gone', null, ['FILE  does not exist']],
  [
    'a mistake of YAML',
    'server: [\n',
    ['FILE:2  Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  [
    'settings that are wrong or unknown',
    'server: { port: 0, prot: 1 }\nsources: [{ id: a, provider: b }]\n',
    [
      'FILE:1  server.prot  is not a setting; did you mean "port"?',
      'FILE:2  sources[0].provider  must be one of foundry, everruns, agentscope, agno',
      'FILE:2  sources[0].url  is required',
    ],
  ],
  [
    'an environment variable that is not set',
    `server: { port: 0 }\nsources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9", auth: { bearer: "\${NOT_SET}" } }]\n`,
    ['FILE:2  sources[0].auth.bearer  needs the environment variable NOT_SET, which is not set'],
  ],
  [
    'a trusted document that the graph cannot answer',
    'server: { port: 0, trustedDocuments: trusted.json }\nsources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9" }]\n',
    ['server.trustedDocuments  "one": Cannot query field "nmae" on type "Source". Did you mean "name"?'],
  ],
  [
    'another address',
    'server: { port: 1, host: localhost }\nsources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9" }]\n',
    [
      'server.host  cannot change from 127.0.0.1 to localhost without a restart',
      'server.port  cannot change from 0 to 1 without a restart',
    ],
  ],
] as const;

test('a file that cannot be used is refused with all that is wrong with it, and changes nothing', async () => {
  const platform = await startEmptyPlatform();
  const good = toYaml({ ids: ['one'], platform });
  const file = createFile(good);
  writeFileSync(file.beside('trusted.json'), JSON.stringify({ one: '{ sources { nmae } }' }));
  const { child, slugs, printed, complained, ended } = await serve(file);
  let said = '';
  for (const [what, text, lines] of mistakes) {
    if (text === null) file.remove();
    else file.write(text);
    child.kill('SIGHUP');
    said += `${lines.map((line) => line.replace('FILE', file.path)).join('\n')}\n${refused}`;
    expect(await complained(said), what).toBe(said);
    expect(await slugs(), what).toEqual(['one']);
  }
  file.write(toYaml({ ids: ['two'], platform }));
  child.kill('SIGHUP');
  await printed('  two  reachable\n');
  expect(await slugs()).toEqual(['two']);
  child.kill('SIGTERM');
  const { code, out, err } = await ended;
  expect([code, err, out.split('The configuration was read again.')]).toEqual([
    0,
    said,
    [expect.anything(), expect.anything()],
  ]);
});

test('what the command line says stays', async () => {
  const platform = await startEmptyPlatform();
  const file = createFile(toYaml({ ids: ['one'], platform }).replace('port: 0', 'port: 1'));
  const { child, printed, ended } = run(['--config', file.path, '--port', '0']);
  await printed('  one  reachable\n');
  file.write(toYaml({ ids: ['two'], platform }).replace('port: 0', 'port: 2'));
  child.kill('SIGHUP');
  await printed('  two  reachable\n');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('no request fails while the configuration changes twenty times', { timeout: 120_000 }, async () => {
  const platform = await startEmptyPlatform();
  const file = createFile(toYaml({ ids: ['v0'], platform }));
  const { child, origin, printed, ended } = await serve(file);
  await printed('  v0  reachable\n');
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const seen = new Set<string>();
  let answers = 0;
  let isOver = false;

  async function ask(): Promise<void> {
    while (!isOver) {
      const query = '{ sources { slug } sessions(first: 1) { totalCount outcomes { source { slug } status } } }';
      const answer = (await post(`${origin}/graphql`, query, answers % 2 === 0 ? agent : undefined)) as {
        data: { sources: Named[] };
      };
      const slug = answer.data.sources[0]?.slug ?? '';
      expect(answer).toEqual({
        data: {
          sources: [{ slug }],
          sessions: { totalCount: 0, outcomes: [{ source: { slug }, status: 'COMPLETE' }] },
        },
      });
      seen.add(slug);
      answers += 1;
    }
  }

  async function watch(): Promise<void> {
    while (!isOver) expect(await textOf(httpRequest(`${origin}/ready`, { agent }).end())).toBe('{"status":"ok"}');
  }

  const answered = (version: number) => vi.waitFor(() => expect(seen).toContain(`v${version}`), 10_000);

  async function change(): Promise<void> {
    await answered(0);
    for (let version = 1; version <= 20; version += 1) {
      file.write(toYaml({ ids: [`v${version}`], platform }));
      child.kill('SIGHUP');
      await printed(`  v${version}  reachable\n`);
      await answered(version);
    }
  }

  await Promise.all([ask(), ask(), ask(), ask(), watch(), change().finally(() => (isOver = true))]);
  expect([...seen].toSorted()).toEqual(Array.from({ length: 21 }, (_, version) => `v${version}`).toSorted());
  // Those of twenty configurations are closed.
  await vi.waitFor(() => expect(platform.connections()).toBeLessThanOrEqual(5), 10_000);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('nothing is said any more of sources that were replaced, also while an operation still reads one', async () => {
  const [before, after] = [await startEmptyPlatform(), await startEmptyPlatform()];
  const unlike = createServer();
  const tried = once(unlike, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const url = `http://127.0.0.1:${await listen(unlike)}`;
  const file = createFile(
    `${toYaml({ ids: ['one'], platform: before }).slice(0, -2)}, { id: unlike, provider: everruns, url: "${url}" }]\n`,
  );
  const { child, origin, slugs, printed, ended } = await serve(file);
  const [, response] = await tried;
  const holding = before.hold();
  const running = post(`${origin}/graphql`, '{ source(id: "one") { sessions(first: 1) { totalCount } } }');
  const release = await holding;
  file.write(toYaml({ ids: ['two'], platform: after }));
  child.kill('SIGHUP');
  await printed('  two  reachable\n');
  response.writeHead(404).end();
  await once(response, 'close');
  expect(await slugs()).toEqual(['two']);
  release();
  expect(await running).toEqual({ data: { source: { sessions: { totalCount: 0 } } } });
  child.kill('SIGTERM');
  const { code, out } = await ended;
  expect([code, out.match(/^ {2}unlike .*$/gm)]).toEqual([0, [`  unlike  Everruns, ${url}`]]);
});

test('the last of two changes counts', async () => {
  const platform = await startEmptyPlatform();
  const file = createFile(toYaml({ ids: ['one'], platform }));
  const { child, slugs, printed, ended } = await serve(file);
  file.write(toYaml({ ids: ['two'], platform }));
  child.kill('SIGHUP');
  await printed('The configuration was read again.');
  file.write(toYaml({ ids: ['three'], platform }));
  child.kill('SIGHUP');
  await printed('  three  reachable\n');
  expect(await slugs()).toEqual(['three']);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('a process that stops changes nothing any more, and does not end before its time', async () => {
  const platform = await startEmptyPlatform();
  const file = createFile(toYaml({ ids: ['one'], platform }));
  const { child, origin, ended } = await serve(file);
  const holding = platform.hold();
  const running = post(`${origin}/graphql`, '{ sessions(first: 1) { totalCount } }');
  const release = await holding;
  child.kill('SIGTERM');
  const isOpen = () => fetch(`${origin}/health`).then(Boolean, () => false);
  while (await isOpen());
  child.kill('SIGHUP');
  release();
  expect(await running).toEqual({ data: { sessions: { totalCount: 0 } } });
  const { code, out } = await ended;
  expect([code, out.includes('read again')]).toEqual([0, false]);
});

test('stopping waits also for what runs by a configuration before', async () => {
  const [before, after] = [await startEmptyPlatform(), await startEmptyPlatform()];
  const file = createFile(toYaml({ ids: ['one'], platform: before }));
  const { child, origin, printed, ended } = await serve(file);
  const holding = before.hold();
  const running = post(`${origin}/graphql`, '{ sessions(first: 1) { totalCount } }');
  const release = await holding;
  file.write(toYaml({ ids: ['two'], platform: after }));
  child.kill('SIGHUP');
  await printed('  two  reachable\n');
  child.kill('SIGTERM');
  const isOpen = () => fetch(`${origin}/health`).then(Boolean, () => false);
  while (await isOpen());
  release();
  expect(await running).toEqual({ data: { sessions: { totalCount: 0 } } });
  expect((await ended).code).toBe(0);
});

test('the sample data has no file, and says so', async () => {
  const { child, printed, ended } = run(['--port', '0']);
  const url = /http:\/\/\S+\/graphql/.exec(await printed('Ctrl-C'))?.[0] ?? '';
  child.kill('SIGHUP');
  await printed('There is no configuration file that could be read again: this is the sample data.\n');
  expect(await post(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});
