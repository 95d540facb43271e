import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import { sendJson, sendStatus, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

test.each([408, 429, 502, 503, 504])('asks again after a %i, three times in all', async (status) => {
  const server = await startServer((_request, response) => sendStatus(response, status));
  const upstream = startSource(server.url).open(createCall());
  expect((await failureOf(upstream.get('/', { schema: anything }))).status).toBe(status);
  expect(server.requests).toEqual(['GET /', 'GET /', 'GET /']);
});

test.each([400, 401, 403, 404, 409, 422, 500, 501])('does not ask again after a %i', async (status) => {
  const server = await startServer((_request, response) => sendStatus(response, status));
  const upstream = startSource(server.url).open(createCall());
  expect((await failureOf(upstream.get('/', { schema: anything }))).status).toBe(status);
  expect(server.requests).toEqual(['GET /']);
});

test('answers when a later attempt succeeds', async () => {
  const server = await startServer((_request, response, index) => {
    if (index < 2) sendStatus(response, 503);
    else sendJson(response, { at: index });
  });
  const source = startSource(server.url);
  expect(await source.open(createCall()).get('/', { schema: anything })).toEqual({ at: 2 });
  expect(source.health()).toMatchObject({ state: 'UP', lastErrorCode: null });
});

test('asks again after a connection is cut in the middle of a body', async () => {
  const server = await startServer((_request, response, index) => {
    if (index > 0) return sendJson(response, { at: index });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"at":', () => response.destroy());
  });
  const upstream = startSource(server.url).open(createCall());
  expect(await upstream.get('/', { schema: anything })).toEqual({ at: 1 });
});

test('gives up on a connection that is cut each time', async () => {
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"at":', () => response.destroy());
  });
  const error = await failureOf(startSource(server.url).open(createCall()).get('/', { schema: anything }));
  expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
  expect(server.requests).toHaveLength(3);
});

test('calls a refused connection, and a server without TLS, unavailable', async () => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const server = await startServer((_request, response) => sendJson(response, {}));
  for (const url of [`http://127.0.0.1:${port}`, server.url.replace('http:', 'https:')]) {
    const budget = createRequestBudget();
    const error = await failureOf(startSource(url).open(createCall({ budget })).get('/', { schema: anything }));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: null, retryable: true });
    expect(String(error.cause)).not.toContain('127.0.0.1');
    expect(budget.remaining()).toBe(997);
  }
});

test.each([
  [
    'retry-after-ms before all others',
    { 'retry-after-ms': '1', 'x-ms-retry-after-ms': '3600000', 'retry-after': '3600' },
  ],
  ['x-ms-retry-after-ms before Retry-After', { 'x-ms-retry-after-ms': '1', 'retry-after': '3600' }],
  ['Retry-After alone', { 'retry-after': '0' }],
  ['a date in the past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }],
  ['the next one when one is nonsense', { 'retry-after-ms': 'soon', 'retry-after': '0' }],
])('waits as long as the platform says: %s', async (_name, headers) => {
  const server = await startServer((_request, response, index) => {
    if (index === 0) sendStatus(response, 429, headers);
    else sendJson(response, {});
  });
  await startSource(server.url).open(createCall()).get('/', { schema: anything });
  expect(server.requests).toHaveLength(2);
});

test.each([
  [429, 'UPSTREAM_RATE_LIMITED', { 'retry-after-ms': '3600000', 'x-ms-retry-after-ms': '1', 'retry-after': '0' }],
  [429, 'UPSTREAM_RATE_LIMITED', { 'x-ms-retry-after-ms': '3600000', 'retry-after': '0' }],
  [503, 'UPSTREAM_UNAVAILABLE', { 'retry-after': '3600' }],
  [503, 'UPSTREAM_UNAVAILABLE', { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }],
])('fails a %i with %s at once when the wait does not fit inside the deadline', async (status, code, headers) => {
  const server = await startServer((_request, response) => sendStatus(response, status, headers));
  const error = await failureOf(startSource(server.url).open(createCall()).get('/', { schema: anything }));
  expect(error).toMatchObject({ code, status });
  expect(server.requests).toEqual(['GET /']);
});

test('retries at most a fifth of the requests of a platform that keeps failing, after a small reserve', async () => {
  const server = await startServer((_request, response) => sendStatus(response, 503));
  const limits = { retryReserve: 4, breakerFailures: Number.POSITIVE_INFINITY };
  const source = startSource(server.url, { limits });
  const upstream = source.open(createCall({ budget: createRequestBudget(1_000) }));
  for (let count = 0; count < 100; count += 1) await failureOf(upstream.get('/', { schema: anything }));
  const retries = server.requests.length - 100;
  expect(retries).toBeGreaterThanOrEqual(20);
  expect(retries).toBeLessThanOrEqual(24);
});
