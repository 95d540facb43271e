import { expect, test } from 'vitest';
import type { HttpSource } from '../../src/http/client.ts';
import type { CallIdentity } from '../../src/http/http-call.ts';
import { createGate } from './gate.ts';
import { holdTime, passTime } from './held-time.ts';
import { sendJson, sendStatus, startServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource, type TestClock } from './source.ts';

const limits = { retries: 0, breakerFailures: 3, breakerOpenMs: 5_000 };
const nobody: CallIdentity = { headers: {}, query: {} };

function ask(source: HttpSource, clock: TestClock, identity = nobody, signal = new AbortController().signal) {
  return source.open(createCall({ identity, signal, deadline: clock.now() + 15_000 })).get('/', { schema: anything });
}

test('opens after failures in a row, and then asks nothing', async () => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendStatus(response, 500));
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 6; count += 1) {
    const error = await failureOf(ask(source, clock));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: count < 3 ? 500 : null });
  }
  expect(server.requests).toHaveLength(3);
});

test('does not open when a success comes between', async () => {
  const clock = createClock();
  const server = await startServer((_request, response, index) => {
    if (index % 3 === 2) sendJson(response, {});
    else sendStatus(response, 500);
  });
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 12; count += 1) await ask(source, clock).catch(() => null);
  expect(server.requests).toHaveLength(12);
});

test.each([400, 401, 403, 404, 422, 429])('does not count a %i', async (status) => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendStatus(response, status));
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 6; count += 1) await failureOf(ask(source, clock));
  expect(server.requests).toHaveLength(6);
});

test('counts timeouts and cut connections', async () => {
  const clock = createClock();
  const server = await startServer((request, _response, index) => {
    if (index % 2 === 0) request.socket.destroy();
  });
  const source = startSource(server.url, { limits: { ...limits, attemptTimeoutMs: 300 }, now: clock.now });
  const codes: string[] = [];
  holdTime();
  for (let count = 0; count < 4; count += 1) {
    const failure = failureOf(ask(source, clock));
    if (count === 1) await passTime(300, server, 2);
    codes.push((await failure).code);
  }
  expect(codes).toEqual(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE']);
  expect(server.requests).toHaveLength(3);
});

test('lets exactly one probe through when its time is over, and closes when that succeeds', async () => {
  const clock = createClock();
  const gate = createGate();
  const server = await startServer(async (_request, response, index) => {
    if (index < 3) return sendStatus(response, 500);
    await gate.opened;
    sendJson(response, {});
  });
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 3; count += 1) await failureOf(ask(source, clock));
  clock.advance(4_999);
  await failureOf(ask(source, clock));
  expect(server.requests).toHaveLength(3);

  clock.advance(1);
  const probe = ask(source, clock);
  await server.arrived(4);
  const others = await Promise.all([1, 2, 3, 4].map(() => failureOf(ask(source, clock))));
  expect(others.map(({ code }) => code)).toEqual(Array(4).fill('UPSTREAM_UNAVAILABLE'));
  expect(server.requests).toHaveLength(4);

  gate.open();
  await probe;
  await Promise.all([1, 2, 3, 4].map(() => ask(source, clock)));
  expect(server.requests).toHaveLength(8);
});

test('lets one probe through even when many ask at the same moment', async () => {
  const clock = createClock();
  const gate = createGate();
  const server = await startServer(async (_request, response, index) => {
    if (index < 3) return sendStatus(response, 500);
    await gate.opened;
    sendJson(response, {});
  });
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 3; count += 1) await failureOf(ask(source, clock));
  clock.advance(5_000);
  const answers = [1, 2, 3, 4, 5].map(() =>
    ask(source, clock).then(
      () => 'answered',
      () => 'refused',
    ),
  );
  await server.arrived(4);
  gate.open();
  expect((await Promise.all(answers)).sort()).toEqual(['answered', 'refused', 'refused', 'refused', 'refused']);
  expect(server.requests).toHaveLength(4);
});

test('stays open for as long again when the probe fails', async () => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendStatus(response, 500));
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 3; count += 1) await failureOf(ask(source, clock));
  clock.advance(5_000);
  expect((await failureOf(ask(source, clock))).status).toBe(500);
  clock.advance(4_999);
  expect((await failureOf(ask(source, clock))).status).toBeNull();
  clock.advance(1);
  expect((await failureOf(ask(source, clock))).status).toBe(500);
  expect(server.requests).toHaveLength(5);
});

test('lets another probe through when the caller of the first hung up', async () => {
  const clock = createClock();
  const server = await startServer((_request, response, index) => {
    if (index < 3) sendStatus(response, 500);
    if (index > 3) sendJson(response, {});
  });
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 3; count += 1) await failureOf(ask(source, clock));
  clock.advance(5_000);
  const caller = new AbortController();
  const probe = failureOf(ask(source, clock, nobody, caller.signal));
  await server.arrived(4);
  caller.abort();
  await probe;
  await ask(source, clock);
  expect(server.requests).toHaveLength(5);
});

test('keeps one breaker for each identity', async () => {
  const clock = createClock();
  const server = await startServer((request, response) => {
    if (request.headers['x-user-id'] === 'alice') sendStatus(response, 500);
    else sendJson(response, {});
  });
  const source = startSource(server.url, { limits, now: clock.now });
  const alice = { headers: { 'x-user-id': 'alice' }, query: {} };
  for (let count = 0; count < 5; count += 1) await failureOf(ask(source, clock, alice));
  expect(server.requests).toHaveLength(3);
  await ask(source, clock, { headers: { 'x-user-id': 'bob' }, query: {} });
  await ask(source, clock, { headers: {}, query: { 'x-user-id': 'alice' } });
  expect(server.requests).toHaveLength(5);
});

test('does not make anybody queue to be refused', async () => {
  const clock = createClock();
  const gate = createGate();
  const server = await startServer(async (request, response) => {
    if (request.headers['x-user-id'] === 'bob') return sendStatus(response, 500);
    await gate.opened;
    sendJson(response, {});
  });
  const source = startSource(server.url, { limits: { ...limits, concurrency: 1 }, now: clock.now });
  const bob = { headers: { 'x-user-id': 'bob' }, query: {} };
  for (let count = 0; count < 3; count += 1) await failureOf(ask(source, clock, bob));
  const slow = ask(source, clock);
  await server.arrived(4);
  expect((await failureOf(ask(source, clock, bob))).code).toBe('UPSTREAM_UNAVAILABLE');
  gate.open();
  await slow;
});

test('keeps one breaker for each identity also when it is a parameter', async () => {
  const clock = createClock();
  const server = await startServer((request, response) => {
    if (request.url === '/?user_id=alice') sendStatus(response, 500);
    else sendJson(response, {});
  });
  const source = startSource(server.url, { limits, now: clock.now });
  for (let count = 0; count < 5; count += 1) {
    await failureOf(ask(source, clock, { headers: {}, query: { user_id: 'alice' } }));
  }
  await ask(source, clock, { headers: {}, query: { user_id: 'bob' } });
  expect(server.requests).toEqual([...Array(3).fill('GET /?user_id=alice'), 'GET /?user_id=bob']);
});

test('counts a request the deadline cut off, if it had a fair share of an attempt', async () => {
  const server = await startServer(() => {});
  const source = startSource(server.url, { limits: { ...limits, breakerFailures: 1, attemptTimeoutMs: 600 } });
  holdTime();
  const askFor = (ms: number) =>
    failureOf(source.open(createCall({ deadline: performance.now() + ms })).get('/', { schema: anything }));
  for (const [index, ms] of [40, 40, 550].entries()) {
    const failure = askFor(ms);
    await passTime(ms, server, index + 1);
    expect((await failure).code).toBe('UPSTREAM_TIMEOUT');
  }
  expect((await askFor(550)).code).toBe('UPSTREAM_UNAVAILABLE');
});

test('keeps one breaker for each forwarded credential', async () => {
  const clock = createClock();
  const server = await startServer((request, response) => {
    if (request.headers.authorization === 'Bearer a') sendStatus(response, 500);
    else sendJson(response, {});
  });
  const auth = { kind: 'forward', header: 'Authorization' } as const;
  const source = startSource(server.url, { auth, limits, now: clock.now });
  const askWith = (authorization: string) =>
    source
      .open(createCall({ forwarded: { authorization }, deadline: clock.now() + 15_000 }))
      .get('/', { schema: anything });
  for (let count = 0; count < 5; count += 1) await failureOf(askWith('Bearer a'));
  await askWith('Bearer b');
  expect(server.requests).toHaveLength(4);
});

test('reports the failure it saw when that opens the breaker, and does not retry', async () => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendStatus(response, 503));
  const source = startSource(server.url, { limits: { ...limits, retries: 5 }, now: clock.now });
  expect((await failureOf(ask(source, clock))).status).toBe(503);
  expect(server.requests).toHaveLength(3);
  expect(source.health()).toMatchObject({ state: 'DOWN', lastErrorCode: 'UPSTREAM_UNAVAILABLE' });
});

test('reports how the source is doing', async () => {
  const clock = createClock();
  let status = 200;
  const server = await startServer((_request, response) => sendStatus(response, status));
  const source = startSource(server.url, { limits, now: clock.now });
  const states: string[] = [];
  const look = () => states.push(`${source.health().state} ${source.health().lastErrorCode}`);
  expect(source.health()).toEqual({ state: 'UP', lastErrorCode: null, since: null });
  await ask(source, clock);
  look();
  status = 422;
  await failureOf(ask(source, clock));
  look();
  status = 500;
  for (let count = 0; count < 3; count += 1) {
    await failureOf(ask(source, clock));
    look();
  }
  clock.advance(5_000);
  look();
  status = 200;
  await ask(source, clock);
  look();
  expect(states).toEqual([
    'UP null',
    'UP null',
    'DEGRADED UPSTREAM_UNAVAILABLE',
    'DEGRADED UPSTREAM_UNAVAILABLE',
    'DOWN UPSTREAM_UNAVAILABLE',
    'DEGRADED UPSTREAM_UNAVAILABLE',
    'UP UPSTREAM_UNAVAILABLE',
  ]);
  const { since } = source.health();
  expect(since).toBe(new Date(since ?? '').toISOString());
});
