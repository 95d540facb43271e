import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { createApp } from '../../src/server/app.ts';
import { createLog } from '../../src/server/log.ts';
import { loadMetricsServer } from '../../src/server/metrics-server.ts';
import { createServer } from '../../src/server/server.ts';
import { createGate } from '../http/gate.ts';
import { sendJson, sendStatus, startServer } from '../http/server.ts';
import { nowhere, unshared } from './ask.ts';
import { type Measured, openMeasured, toScrape } from './scrape.ts';
import { hello, openRaw } from './socket-client.ts';

const emptyPage = { data: [], total: 0, offset: 0, limit: 1 };
const oneSession = '{ sessions(first: 1) { nodes { id } } }';
const platform = (url: string, limits: Readonly<Record<string, number>> = {}) => ({
  id: 'platform',
  provider: 'everruns',
  url,
  limits,
});

test('counts what an operation reads, what is asked for that, and the rows that come of it', async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const sources = sandbox.sources.map(({ id, provider, platform: { url }, settings }) => {
    return { id, provider, url, ...settings };
  });
  const { ask, scrape } = await openMeasured({ server: { sharing: { sessionsMs: 600_000 } }, sources });
  const query = '{ sessions(first: 5, filter: { sources: ["agno", "foundry"] }) { nodes { id } } }';
  // The first asks, the second makes the page that the third is given.
  for (let time = 1; time <= 3; time += 1) await ask({ query });
  const { counted } = await scrape();
  expect(counted('operations_total')).toEqual({ ok: 3 });
  expect(counted('operation_duration_seconds_count')).toEqual({ '': 3 });
  // Foundry: the list of agents and the sessions of each of its seven; Agno: its version, which is known later, and one page.
  expect(counted('upstream_requests_total')).toEqual({
    'foundry directory answered': 1,
    'foundry sessions answered': 7,
    'agno directory answered': 1,
    'agno sessions answered': 1,
  });
  expect(counted('upstream_request_duration_seconds_count')).toEqual({
    'foundry directory': 1,
    'foundry sessions': 7,
    'agno directory': 1,
    'agno sessions': 1,
  });
  expect(counted('upstream_wait_seconds_count')).toEqual({ foundry: 8, agno: 2 });
  expect(counted('reads_total')).toEqual({
    'foundry directory asked': 1,
    'foundry directory kept': 2,
    'foundry sessions asked': 7,
    'foundry sessions kept': 14,
    'agno directory asked': 1,
    'agno sessions asked': 1,
    'agno sessions kept': 2,
  });
  // Those that are not asked, because the filter leaves them out, have no page.
  expect(counted('pages_total')).toEqual({ 'foundry COMPLETE': 3, 'agno COMPLETE': 3 });
  expect(counted('rows_scanned_total')).toEqual({ foundry: 126, agno: 18 });
  expect(counted('rows_delivered_total')).toEqual({ foundry: 6, agno: 9 });
  expect(counted('source_health')).toEqual({
    'foundry UP': 1,
    'everruns UP': 1,
    'agentscope-records UP': 1,
    'agentscope-views UP': 1,
    'agno UP': 1,
  });
  expect(counted('kept_answers_bytes')['']).toBeGreaterThan(10_000);
});

test('says of each operation whether it was answered, in part, not at all, or refused', async () => {
  const origin = 'https://console.example';
  const { ask, send, scrape } = await openMeasured({ server: { cors: { origins: [origin] } } });
  async function added(request: () => Promise<unknown>) {
    const before = (await scrape()).counted('operations_total');
    await request();
    const after = (await scrape()).counted('operations_total');
    return Object.entries(after).flatMap(([result, count]) => (count === (before[result] ?? 0) ? [] : [result]));
  }
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const unsafe = Buffer.from('session:nowhere/..').toString('base64url');
  const results = [
    await added(() => ask({ query: '{ __typename }' })),
    await added(() => ask({ query: `{ __typename ${oneSession.slice(1)}` })),
    await added(() => ask({ query: oneSession })),
    await added(() => ask({ query: '{ nothing }' })),
    await added(() => ask({ query: '{' })),
    await added(() => ask({ query: '{ sessions(after: "x") { nodes { id } } }' })),
    await added(() => ask({ query: `{ session(id: "${unsafe}") { id } }` })),
    await added(() => ask('no JSON')),
    await added(() => send('/graphql?query={__typename}')),
    await added(() => send('/graphql', { method: 'PUT' })),
    await added(() => send('/graphql', { ...post, headers: {} })),
    // None of these is an operation.
    await added(() => send('/graphql', { method: 'OPTIONS', headers: { origin } })),
    await added(() => send('/graphql', { headers: { accept: 'text/html' } })),
    await added(() => send('/health')),
    await added(() => send('/other', post)),
  ];
  expect(results.map((each) => each.join())).toEqual([
    'ok',
    'partial',
    'failed',
    ...Array(8).fill('refused'),
    ...Array(4).fill(''),
  ]);
  // The time of what is refused would hide the time of what is answered.
  expect((await scrape()).counted('operation_duration_seconds_count')).toEqual({ '': 3 });
});

test('a caller without a credential is refused, and a credential that cannot be checked is a failure', async () => {
  const auth = { mode: 'jwt', algorithms: ['RS256'], issuer: 'me', audience: 'you', jwks: 'http://127.0.0.1:9/jwks' };
  const { ask, scrape } = await openMeasured({ server: { auth } });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  await ask({ query: '{ __typename }' });
  await ask({ query: '{ __typename }' }, { authorization: `Bearer ${part({ alg: 'RS256' })}.${part({})}.x` });
  expect((await scrape()).counted('operations_total')).toEqual({ refused: 1, failed: 1 });
});

test('says what became of each request to a platform', async () => {
  const statuses = [401, 403, 404, 408, 418, 429, 500];
  const { url } = await startServer((request, response, index) => {
    const status = statuses[index];
    if (status !== undefined) return sendStatus(response, status);
    if (index === statuses.length) return void request.socket.destroy();
    if (index === statuses.length + 1) return void response.end('x'.repeat(2_000));
    if (index === statuses.length + 2) return sendJson(response, emptyPage);
  });
  const limits = { retries: 0, breakerFailures: 100, maxResponseBytes: 1_024, attemptTimeoutMs: 900_000 };
  const { ask, scrape } = await openMeasured({ server: unshared, sources: [platform(url, limits)] });
  for (let count = 0; count < statuses.length + 3; count += 1) await ask({ query: oneSession });
  expect((await scrape()).counted('upstream_requests_total')).toEqual({
    'platform sessions unauthenticated': 1,
    'platform sessions forbidden': 1,
    'platform sessions not_found': 1,
    'platform sessions timeout': 1,
    'platform sessions rejected': 1,
    'platform sessions rate_limited': 1,
    'platform sessions server_error': 1,
    'platform sessions unavailable': 1,
    'platform sessions unreadable': 1,
    'platform sessions answered': 1,
  });
});

test('a platform that does not answer in time is a timeout', async () => {
  const { url } = await startServer(() => undefined);
  const limits = { retries: 0, attemptTimeoutMs: 50 };
  const { ask, scrape } = await openMeasured({ sources: [platform(url, limits)] });
  await ask({ query: oneSession });
  expect((await scrape()).counted('upstream_requests_total')).toEqual({ 'platform sessions timeout': 1 });
});

test('says how often breakers opened, which are open, and that the source is down', async () => {
  const { url } = await startServer((_request, response) => sendStatus(response, 500));
  const limits = { breakerFailures: 2, breakerOpenMs: 600_000 };
  const { ask, scrape } = await openMeasured({ server: unshared, sources: [platform(url, limits)] });
  const names = ['breaker_openings_total', 'breakers_open', 'source_health', 'pages_total'];
  const read = async () => {
    const { counted } = await scrape();
    return names.map(counted);
  };
  await ask({ query: oneSession });
  expect(await read()).toEqual([{}, {}, { 'platform DEGRADED': 1 }, { 'platform FAILED': 1 }]);
  await ask({ query: oneSession });
  await ask({ query: oneSession });
  expect(await read()).toEqual([{ platform: 1 }, { platform: 1 }, { 'platform DOWN': 1 }, { 'platform FAILED': 3 }]);
});

/** A platform that answers when it is told to. */
async function startHeld() {
  const gate = createGate();
  const { url, arrived } = await startServer(async (_request, response: ServerResponse) => {
    await gate.opened;
    sendJson(response, emptyPage);
  });
  return { url, arrived, answer: gate.open };
}

async function waitFor(server: Measured, name: string, counted: Readonly<Record<string, number>>): Promise<void> {
  await vi.waitFor(async () => expect((await server.scrape()).counted(name)).toEqual(counted), 10_000);
}

test('shows what is under way and what waits for its turn, and counts who joined another', async () => {
  const { url, answer } = await startHeld();
  const server = await openMeasured({ sources: [platform(url, { concurrency: 1, listShareMs: 900_000 })] });
  // Of two pages that are the same, the second would wait for the first instead of joining its read.
  const asked = ['(first: 1) { nodes { id } }', '(first: 1) { nodes { title } }', '(first: 2) { nodes { id } }'].map(
    (page) => server.ask({ query: `{ sessions${page} }` }),
  );
  await waitFor(server, 'upstream_requests_in_flight', { platform: 1 });
  await waitFor(server, 'upstream_requests_queued', { platform: 1 });
  answer();
  await Promise.all(asked);
  const { counted } = await server.scrape();
  expect(counted('upstream_requests_in_flight')).toEqual({});
  expect(counted('upstream_requests_queued')).toEqual({});
  expect(counted('reads_total')).toEqual({ 'platform sessions asked': 2, 'platform sessions joined': 1 });
  expect(counted('upstream_requests_total')).toEqual({ 'platform sessions answered': 2 });
  const waited = counted('upstream_wait_seconds_sum').platform ?? 0;
  expect(waited).toBeGreaterThan(0);
});

test('counts what is read and answered after its operation has ended', async () => {
  const { url, answer } = await startHeld();
  const server = await openMeasured({ sources: [platform(url, { listShareMs: 1 })] });
  await server.ask({ query: oneSession });
  expect((await server.scrape()).counted('reads_total')).toEqual({});
  answer();
  await waitFor(server, 'reads_total', { 'platform sessions asked': 1 });
  await waitFor(server, 'upstream_requests_total', { 'platform sessions answered': 1 });
});

test('an operation whose caller hung up is counted as such, and says nothing about the source', async () => {
  const { url, arrived } = await startHeld();
  const server = await openMeasured({ sources: [platform(url, { listShareMs: 900_000 })] });
  const caller = new AbortController();
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, signal: caller.signal };
  const sent = server.send('/graphql', { ...init, body: JSON.stringify({ query: oneSession }) });
  sent.catch(() => undefined);
  await arrived(1);
  caller.abort();
  await waitFor(server, 'operations_total', { abandoned: 1 });
  await waitFor(server, 'upstream_requests_total', { 'platform sessions abandoned': 1 });
  expect((await server.scrape()).counted('pages_total')).toEqual({});
});

const seriesOf = ({ text }: { readonly text: string }) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('session_graph_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));

const chosenNames = Number(process.env.CHOSEN_NAMES);

test('nothing that a client chooses becomes a series: no name, id, path, header or method', async () => {
  const { ask, send, scrape } = await openMeasured();
  await ask({ query: '{ sources { slug } }' });
  const before = seriesOf(await scrape());
  for (let count = 0; count < chosenNames; count += 1) {
    const name = `Chosen${count}`;
    await ask({ query: `query ${name} { __typename }`, operationName: name });
    if (count % 50 === 0) {
      await ask({ documentId: name });
      await ask({ query: `{ ${name}: __typename }` }, { 'x-request-id': name, 'x-viewer': name });
      await ask({ query: `{ sessions(filter: { sources: ["${name}"] }) { nodes { id } } }` });
      await ask({ query: `{ session(id: "${Buffer.from(`session:${name}/x`).toString('base64url')}") { id } }` });
      await send(`/${name}`);
      await send(`/graphql/${name}`, { method: 'POST' });
      await send('/graphql', { method: name.toUpperCase() });
    }
  }
  const after = await scrape();
  expect(seriesOf(after)).toEqual(before);
  expect(before.length).toBeGreaterThan(100);
  expect(after.text.toLowerCase()).not.toContain('chosen');
  expect(after.counted('operations_total').ok).toBeGreaterThan(chosenNames);
});

test('an operation is named by its trusted document, and by nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-documents-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'documents.json'),
    JSON.stringify({ first: 'query A { __typename }', second: oneSession }),
  );
  const { ask, scrape } = await openMeasured({ server: { trustedDocuments: join(folder, 'documents.json') } });
  await ask({ documentId: 'first', operationName: 'A' });
  await ask({ documentId: 'second' });
  await ask({ extensions: { persistedQuery: { version: 1, sha256Hash: 'second' } } });
  for (let count = 0; count < 1_000; count += 1) await ask({ documentId: `unknown-${count}` });
  const { counted } = await scrape();
  expect(counted('operations_total')).toEqual({ 'first ok': 1, 'second failed': 2, refused: 1_000 });
  expect(counted('operation_duration_seconds_count')).toEqual({ first: 1, second: 2 });
});

test('the metrics go on when one app follows another, and show the sources of both until the first is closed', async () => {
  const server = await loadMetricsServer({ host: '127.0.0.1', port: 0 });
  const url = await server.listen();
  onTestFinished(() => server.close());
  const { url: platformUrl } = await startServer((_request, response) => sendJson(response, emptyPage));
  const start = (...ids: readonly string[]) => {
    const sources = ids.map((id) => ({ id, provider: 'everruns', url: platformUrl }));
    const log = createLog({ level: 'silent', secrets: [] });
    return createApp(toConfig({ sources }), { log, metrics: server.metrics });
  };
  const ask = (app: ReturnType<typeof start>) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const body = JSON.stringify({ query: oneSession });
    return app.fetch(new Request('http://localhost/graphql', { ...init, body }));
  };
  const scrape = async () => toScrape(await (await fetch(url)).text());
  const first = start('stays', 'goes');
  await ask(first);
  const second = start('stays', 'comes');
  await ask(second);
  const both = { 'stays UP': 1, 'goes UP': 1, 'comes UP': 1 };
  expect((await scrape()).counted('source_health')).toEqual(both);
  await first.close();
  const { counted } = await scrape();
  expect(counted('source_health')).toEqual({ 'stays UP': 1, 'comes UP': 1 });
  expect(counted('operations_total')).toEqual({ ok: 2 });
  expect(counted('upstream_requests_total')).toEqual({
    'stays sessions answered': 2,
    'goes sessions answered': 1,
    'comes sessions answered': 1,
  });
  await second.close();
});

test('a configuration that is read again cannot move the metrics or turn them off', async () => {
  const configOf = (metrics: Readonly<Record<string, unknown>>) =>
    toConfig({ server: { port: 0, log: { level: 'silent' }, ...metrics }, sources: [nowhere] });
  const metricsServer = await loadMetricsServer({ host: '127.0.0.1', port: 0 });
  const server = createServer(configOf({ metrics: { port: 0 } }), metricsServer);
  onTestFinished(() => server.close());
  const { metrics } = await server.listen();
  expect(() => server.change(configOf({ metrics: { port: 1 } }))).toThrow(
    'server.metrics  cannot change from 127.0.0.1:0 to 127.0.0.1:1 without a restart',
  );
  expect(() => server.change(configOf({}))).toThrow('server.metrics  cannot change from 127.0.0.1:0 to none');
  server.change(configOf({ metrics: { port: 0 } }));
  const { status } = await fetch(metrics ?? '');
  expect(status).toBe(200);
});

test('only GET /metrics is answered on the port of the metrics', async () => {
  const { metricsUrl } = await openMeasured({ sources: [nowhere] });
  const { origin } = new URL(metricsUrl);
  const asked = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${origin}${path}`, init);
    return [answer.status, answer.headers.get('content-type'), (await answer.text()).slice(0, 7)];
  };
  const metrics = [200, 'text/plain; version=0.0.4; charset=utf-8', '# HELP '];
  const nothing = [404, 'text/plain; charset=utf-8', 'Only GE'];
  expect(await asked('/metrics')).toEqual(metrics);
  expect(await asked('/metrics?format=any')).toEqual(metrics);
  expect(await asked('/')).toEqual(nothing);
  expect(await asked('/metrics/')).toEqual(nothing);
  expect(await asked('/graphql?query={__typename}')).toEqual(nothing);
  expect(await asked('/metrics', { method: 'POST' })).toEqual(nothing);
});

test('shows the subscriptions under way and the WebSockets that are open', async () => {
  const sources = [{ ...nowhere, catalog: true }];
  const { app, scrape } = await openMeasured({ server: { port: 0, webSocket: true }, sources });
  const url = await app.listen();
  const [asking, silent] = [await openRaw(url), await openRaw(url)];
  const query = 'subscription { sessionsChanged { __typename } }';
  asking.say(hello);
  expect(await asking.next()).toEqual({ type: 'connection_ack' });
  asking.say({ type: 'subscribe', id: '1', payload: { query } });
  expect(await asking.next()).toMatchObject({ type: 'next', id: '1' });
  const { counted } = await scrape();
  expect([counted('subscriptions'), counted('web_sockets')]).toEqual([{ '': 1 }, { '': 2 }]);
  asking.socket.close();
  silent.socket.close();
  await vi.waitFor(async () => {
    const { counted: left } = await scrape();
    expect([left('subscriptions'), left('web_sockets')]).toEqual([{}, {}]);
  });
});
