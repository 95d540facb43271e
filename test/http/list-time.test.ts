import { expect, test } from 'vitest';
import { sendJson, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

test('a source that did not answer in time is given little time, until it answers', async () => {
  let hangs = true;
  const server = await startServer((_request, response) => {
    if (!hangs) sendJson(response, {});
  });
  const source = startSource(server.url, { limits: { attemptTimeoutMs: 50, retries: 0 } });
  const upstream = source.open(createCall());
  expect(upstream.listTime().ms).toBe(4_000);
  expect((await failureOf(upstream.get('/', { schema: anything }))).code).toBe('UPSTREAM_TIMEOUT');
  expect(upstream.listTime().ms).toBe(250);
  hangs = false;
  await upstream.get('/', { schema: anything });
  expect(upstream.listTime().ms).toBe(4_000);
});

test('so is one that a page gave up waiting for, and for every other operation of the same identity', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const source = startSource(server.url, { limits: { listShareMs: 700 } });
  const alice = { identity: { headers: { 'x-user-id': 'alice' }, query: {} } };
  source.open(createCall(alice)).listTime().ranOut();
  expect(source.open(createCall(alice)).listTime().ms).toBe(250);
  expect(source.open(createCall()).listTime().ms).toBe(700);
});

test('a failure that comes in time is none of those', async () => {
  const server = await startServer((_request, response) => response.writeHead(503).end());
  const source = startSource(server.url, { limits: { retries: 0 } });
  const upstream = source.open(createCall());
  upstream.listTime().ranOut();
  expect((await failureOf(upstream.get('/', { schema: anything }))).code).toBe('UPSTREAM_UNAVAILABLE');
  expect(upstream.listTime().ms).toBe(4_000);
});
