import { expect, test } from 'vitest';
import { sendJson, startServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource } from './source.ts';

test('a source that a page has waited for in vain is given little time, until it answers', async () => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendJson(response, {}));
  const upstream = startSource(server.url, { now: clock.now }).open(createCall({ deadline: 1_000_000 }));
  const time = upstream.listTime();
  expect(time.ms).toBe(4_000);
  clock.advance(4_000);
  time.ranOut();
  expect(upstream.listTime().ms).toBe(250);
  clock.advance(1);
  await upstream.get('/', { schema: anything });
  expect(upstream.listTime().ms).toBe(4_000);
});

test('an answer that came meanwhile shows that it does not hang', async () => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendJson(response, {}));
  const upstream = startSource(server.url, { now: clock.now }).open(createCall({ deadline: 1_000_000 }));
  const time = upstream.listTime();
  clock.advance(3_000);
  await upstream.get('/', { schema: anything });
  clock.advance(1_000);
  time.ranOut();
  expect(upstream.listTime().ms).toBe(4_000);
});

test('nobody remembers it for longer than a broken source is left alone', async () => {
  const clock = createClock();
  const server = await startServer(() => {});
  const upstream = startSource(server.url, { now: clock.now }).open(createCall());
  upstream.listTime().ranOut();
  clock.advance(4_999);
  expect(upstream.listTime().ms).toBe(250);
  clock.advance(1);
  expect(upstream.listTime().ms).toBe(4_000);
});

test('it is known to every operation of the same identity, and to no other', async () => {
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
