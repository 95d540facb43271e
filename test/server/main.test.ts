import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { version } from '../../src/http/version.ts';
import { sendJson } from '../http/server.ts';
import { listen, run, serveWithRunningRequest, withFile, withoutPackage } from './process.ts';
import { hello, openRaw } from './socket-client.ts';

test('serves the sandbox without any configuration, says where, and ends cleanly when asked to', async () => {
  const { child, printed, ended } = run(['--port', '0']);
  const greeting = await printed('Ctrl-C');
  expect(greeting.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')).toMatchInlineSnapshot(`
    "Session Graph answers GraphQL at http://HOST/graphql
    GraphiQL, with example queries, is at http://HOST/graphql in a browser.

    It reads sample data from 5 sources that are simulated in this process:
      foundry             Azure AI Foundry, http://HOST
      everruns            Everruns, http://HOST
      agentscope-records  AgentScope, http://HOST
      agentscope-views    AgentScope, http://HOST
      agno                Agno AgentOS, http://HOST

    For your own platforms, write a configuration (see README.md): npm start -- --config <file>
    Press Ctrl-C to stop.
    "
  `);
  const url = /http:\/\/\S+\/graphql/.exec(greeting)?.[0] ?? '';
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sources { slug sessions(first: 1) { nodes { __typename } } } }' }),
  });
  const { data } = (await answer.json()) as {
    data: { sources: { slug: string; sessions: { nodes: unknown[] } }[] };
  };
  expect(data.sources.map(({ slug, sessions }) => [slug, sessions.nodes.length])).toEqual([
    ['foundry', 1],
    ['everruns', 1],
    ['agentscope-records', 1],
    ['agentscope-views', 1],
    ['agno', 1],
  ]);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

test('shows the sample data to other hosts when it is told to', async () => {
  const { child, printed, ended } = run(['--public', '--host', '127.0.0.1', '--port', '0']);
  const port = /127.0.0.1:(\d+)\/graphql/.exec(await printed('Ctrl-C'))?.[1] ?? '';
  const request = httpRequest(`http://127.0.0.1:${port}/graphql?query={__typename}`, {
    headers: { host: `sample.example:${port}`, 'apollo-require-preflight': '1' },
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  expect([response.statusCode, JSON.parse(text)]).toEqual([200, { data: { __typename: 'Query' } }]);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

test('says in one sentence that a port is in use', async () => {
  const port = await listen(createServer());
  const { code, out, err } = await run(['--port', String(port)]).ended;
  expect([code, out, err]).toEqual([
    1,
    '',
    `Port ${port} on 127.0.0.1 is in use. Stop the other process, or choose another port: npm start -- --port <port>\n`,
  ]);
});

test('serves metrics on a port of their own, and loads what counts them only then', async () => {
  const platform = await listen(
    createServer((_request, response) => sendJson(response, { data: [], total: 0, offset: 0, limit: 1 })),
  );
  const sources = `sources: [{ id: everruns, provider: everruns, url: "http://127.0.0.1:${platform}" }]`;
  // Says at the end what was loaded.
  const spy = `import { createRequire } from 'node:module';
    process.on('exit', () => console.log('prom-client ' + Object.keys(createRequire('/').cache).some((file) => file.includes('prom-client'))));`;
  const watched = { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(spy)}"` };
  await withFile(`server: { port: 0, log: { level: silent }, metrics: { port: 0 } }\n${sources}\n`, async (path) => {
    const { child, printed, ended } = run(['--config', path], watched);
    const url = /Prometheus reads metrics at (\S+)/.exec(await printed('everruns  reachable'))?.[1] ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const scrape = await (await fetch(url)).text();
    expect(scrape).toContain('session_graph_source_health{source="everruns",state="UP"} 1\n');
    expect(scrape).toContain(`session_graph_build_info{version="${version}"} 1\n`);
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect([code, out.trim().split('\n').at(-1)]).toEqual([0, 'prom-client true']);
  });
  await withFile(`server: { port: 0, log: { level: silent } }\n${sources}\n`, async (path) => {
    const { child, printed, ended } = run(['--config', path], watched);
    expect(await printed('everruns  reachable')).not.toContain('metrics');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect([code, out.trim().split('\n').at(-1)]).toEqual([0, 'prom-client false']);
  });
});

test('says in one sentence that the port of the metrics is in use, and ends', async () => {
  const port = await listen(createServer());
  const config = `server: { port: 0, metrics: { port: ${port} } }\nsources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9" }]\n`;
  await withFile(config, async (path) => {
    const { code, out, err } = await run(['--config', path]).ended;
    expect([code, out, err]).toEqual([
      1,
      '',
      `server.metrics.port  Port ${port} on 127.0.0.1 is in use. Stop the other process, or choose another port.\n`,
    ]);
  });
});

test('lists everything that is wrong with its configuration', async () => {
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

test('answers --version and --help, and refuses what it does not know', async () => {
  const [versions, help, mistake] = await Promise.all([
    run(['--version']).ended,
    run(['--help']).ended,
    run(['--prot', '1']).ended,
  ]);
  expect(versions).toEqual({ code: 0, out: `${version}\n`, err: '' });
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('--config <file>');
  expect(help.out).toContain('npm start -- --port 4001');
  expect([mistake.code, mistake.out, mistake.err.includes('--prot'), mistake.err.includes('Usage:')]).toEqual([
    1,
    '',
    true,
    true,
  ]);
});

test('answers what is running before it ends', async () => {
  const { child, isOpen, answered, finish, ended } = await serveWithRunningRequest();
  child.kill('SIGTERM');
  // Once nobody listens any more, the signal has arrived.
  while (await isOpen());
  expect(child.exitCode).toBeNull();
  finish();
  expect(JSON.parse(await answered)).toEqual({ data: { sessions: { totalCount: 0 } } });
  expect((await ended).code).toBe(0);
});

test('ends at once when it is asked again later', async () => {
  const { child, isOpen, answered, ended } = await serveWithRunningRequest();
  const cut = expect(answered).rejects.toMatchObject({ code: 'ECONNRESET' });
  child.kill('SIGINT');
  while (await isOpen());
  const again = setInterval(() => child.kill('SIGINT'), 100);
  expect((await ended).code).toBe(1);
  clearInterval(again);
  await cut;
});

test.each(['SIGTERM', 'SIGINT'])('ends when it gets %s while it still loads what it serves', async (signal) => {
  // The first process of a container gets only signals that it listens to, so it says when it does, and what it has loaded by then.
  const spy = `import { createRequire } from 'node:module';
    process.on('newListener', (event) => {
      if (event !== '${signal}') return;
      const packages = Object.keys(createRequire('/').cache).filter((file) => file.includes('node_modules'));
      console.log('listens, with ' + packages.length + ' files of packages');
      queueMicrotask(() => process.kill(process.pid, '${signal}'));
    });`;
  const { ended } = run(['--port', '0'], {
    NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(spy)}"`,
  });
  expect(await ended).toEqual({ code: 0, out: 'listens, with 0 files of packages\n', err: '' });
});

test('says which package to install for WebSockets when it is missing, and needs none without them', async () => {
  const { ws } = JSON.parse(readFileSync('package.json', 'utf8')).peerDependencies;
  const source = 'sources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9" }]';
  await withFile(`server: { port: 0, webSocket: true }\n${source}\n`, async (path) => {
    expect(await run(['--config', path], withoutPackage('ws')).ended).toEqual({
      code: 1,
      out: 'ws was looked for\n',
      err: `server.webSocket  needs a package that is not installed: npm install --omit=dev --no-save --save-prod ws@${ws}\n`,
    });
  });
  await withFile(`server: { port: 0 }\n${source}\n`, async (path) => {
    const { child, printed, ended } = run(['--config', path], withoutPackage('ws'));
    await printed('a  does not answer');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).not.toContain('looked for');
  });
});

test('a SIGTERM ends what is told over a WebSocket with a word, and then the process', async () => {
  const source = 'sources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9", catalog: true }]';
  await withFile(`server: { port: 0, webSocket: true, log: { level: silent } }\n${source}\n`, async (path) => {
    const { child, printed, ended } = run(['--config', path]);
    const url = /http:\/\/\S+\/graphql/.exec(await printed('Ctrl-C'))?.[0] ?? '';
    const { say, next } = await openRaw(url);
    say(hello);
    expect(await next()).toEqual({ type: 'connection_ack' });
    say({ type: 'subscribe', id: '1', payload: { query: 'subscription { sessionsChanged { __typename } }' } });
    expect(await next()).toMatchObject({ type: 'next', id: '1' });
    child.kill('SIGTERM');
    let told = await next();
    while (typeof told === 'object' && told !== null && 'type' in told && told.type === 'next') told = await next();
    expect([told, await next()]).toEqual([{ type: 'complete', id: '1' }, 1001]);
    expect((await ended).code).toBe(0);
  });
});
