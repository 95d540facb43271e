import { EventEmitter, getEventListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { UpstreamError } from '../../src/domain/errors.ts';
import { createBreaker } from '../../src/http/breaker.ts';
import { defaultHttpLimits } from '../../src/http/limits.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import { retry } from '../../src/http/retry.ts';
import { createStopper } from '../../src/http/stop.ts';
import { createGate } from './gate.ts';
import { holdTime, passTime } from './held-time.ts';
import { sendJson, sendStatus, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

test('asks a limited number of requests at a time, the others in the order they came', async () => {
  const gate = createGate();
  let running = 0;
  let most = 0;
  const server = await startServer(async (_request, response) => {
    running += 1;
    most = Math.max(most, running);
    await gate.opened;
    running -= 1;
    sendJson(response, {});
  });
  const upstream = startSource(server.url, { limits: { concurrency: 2 } }).open(createCall());
  const answers = [0, 1, 2, 3, 4, 5].map((number) => upstream.get(`/${number}`, { schema: anything }));
  await server.arrived(2);
  gate.open();
  await Promise.all(answers);
  expect(most).toBe(2);
  // Two are under way at a time, so that two neighbours may arrive in either order.
  expect(server.requests.slice(0, 2).sort()).toEqual(['GET /0', 'GET /1']);
  expect([...server.requests].sort()).toEqual(['GET /0', 'GET /1', 'GET /2', 'GET /3', 'GET /4', 'GET /5']);
});

test('asks one after the other in the order they came', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const upstream = startSource(server.url, { limits: { concurrency: 1 } }).open(createCall());
  await Promise.all([0, 1, 2, 3, 4].map((number) => upstream.get(`/${number}`, { schema: anything })));
  expect(server.requests).toEqual(['GET /0', 'GET /1', 'GET /2', 'GET /3', 'GET /4']);
});

test('refuses what the queue cannot hold, and lets a cancelled waiter leave it', async () => {
  const gate = createGate();
  const server = await startServer(async (_request, response) => {
    await gate.opened;
    sendJson(response, {});
  });
  const source = startSource(server.url, { limits: { concurrency: 1, queue: 1 } });
  const upstream = source.open(createCall());
  const first = upstream.get('/first', { schema: anything });
  await server.arrived(1);
  const caller = new AbortController();
  const second = failureOf(source.open(createCall({ signal: caller.signal })).get('/second', { schema: anything }));
  const third = await failureOf(upstream.get('/third', { schema: anything }));
  expect(third).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', status: null });

  caller.abort();
  expect((await second).code).toBe('UPSTREAM_TIMEOUT');
  const fourth = upstream.get('/fourth', { schema: anything });
  gate.open();
  await Promise.all([first, fourth]);
  expect(server.requests).toEqual(['GET /first', 'GET /fourth']);
  expect(source.health().state).toBe('UP');
});

test('gives each place back, however the request ended', async () => {
  const server = await startServer((request, response, index) => {
    if (index % 4 === 0) request.socket.destroy();
    else if (index % 4 === 1) sendStatus(response, 500);
    else if (index % 4 === 2) sendJson(response, {});
  });
  const limits = { concurrency: 1, queue: 0, attemptTimeoutMs: 300, retries: 0, breakerFailures: 1_000 };
  const upstream = startSource(server.url, { limits }).open(createCall());
  holdTime();
  for (let count = 0; count < 8; count += 1) {
    const answer = upstream.get('/', { schema: anything }).catch(() => null);
    if (count % 4 === 3) await passTime(300, server, count + 1);
    await answer;
  }
  expect(server.requests).toHaveLength(8);
});

test('counts every attempt against the budget of the operation, over all its sources', async () => {
  const failing = await startServer((_request, response) => sendStatus(response, 503));
  const working = await startServer((_request, response) => sendJson(response, {}));
  const call = createCall({ budget: createRequestBudget(5) });
  const left = startSource(failing.url).open(call);
  const right = startSource(working.url).open(call);
  expect((await failureOf(left.get('/', { schema: anything }))).status).toBe(503);
  await right.get('/', { schema: anything });
  await right.get('/', { schema: anything });
  for (const upstream of [left, right]) {
    const error = await failureOf(upstream.get('/', { schema: anything }));
    expect(error).toMatchObject({ code: 'UPSTREAM_BUDGET_EXCEEDED', retryable: false });
  }
  expect([failing.requests.length, working.requests.length]).toEqual([3, 2]);
});

test('holds the budget when many ask at once, and when a redirect would pass it', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/slash') response.writeHead(307, { location: '/slash/' }).end();
    else sendJson(response, {});
  });
  const source = startSource(server.url);
  const upstream = source.open(createCall({ budget: createRequestBudget(3) }));
  const answers = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(() =>
      upstream.get('/', { schema: anything }).then(
        () => 'answered',
        (error) => error.code,
      ),
    ),
  );
  expect(answers.sort()).toEqual([...Array(3).fill('UPSTREAM_BUDGET_EXCEEDED'), ...Array(3).fill('answered')]);

  const single = source.open(createCall({ budget: createRequestBudget(1) }));
  expect((await failureOf(single.get('/slash', { schema: anything }))).code).toBe('UPSTREAM_BUDGET_EXCEEDED');
  expect(server.requests).toEqual(['GET /', 'GET /', 'GET /', 'GET /slash']);
});

test("gives up on a platform that never answers, after each attempt's time", async () => {
  const server = await startServer(() => {});
  holdTime();
  const upstream = startSource(server.url, { limits: { attemptTimeoutMs: 300 } }).open(createCall());
  const failure = failureOf(upstream.get('/', { schema: anything }));
  for (const attempt of [1, 2, 3]) await passTime(300, server, attempt);
  expect(await failure).toMatchObject({ code: 'UPSTREAM_TIMEOUT', status: null });
  expect(server.requests).toHaveLength(3);
});

test('gives up on a body that never ends', async () => {
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  });
  const upstream = startSource(server.url, { limits: { attemptTimeoutMs: 50, retries: 0 } }).open(createCall());
  expect((await failureOf(upstream.get('/', { schema: anything }))).code).toBe('UPSTREAM_TIMEOUT');
});

test('gives up on a connection that never comes about', async () => {
  const sockets = new EventEmitter();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.once('end', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    sockets.emit('end');
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  // Accepted but never greeted: the TLS handshake hangs.
  const source = startSource(`https://127.0.0.1:${port}`, { limits: { attemptTimeoutMs: 600_000 } });
  const upstream = source.open(createCall({ deadline: performance.now() + 100 }));
  expect((await failureOf(upstream.get('/', { schema: anything }))).code).toBe('UPSTREAM_TIMEOUT');
});

test('asks nothing after the deadline, and cuts off what is under way at it', async () => {
  const server = await startServer(() => {});
  holdTime();
  const source = startSource(server.url);
  const past = source.open(createCall({ deadline: performance.now() - 1 }));
  expect((await failureOf(past.get('/', { schema: anything }))).code).toBe('UPSTREAM_TIMEOUT');
  expect(server.requests).toEqual([]);

  const near = source.open(createCall({ deadline: performance.now() + 400 }));
  const failure = failureOf(near.get('/', { schema: anything }));
  await passTime(400, server, 1);
  expect((await failure).code).toBe('UPSTREAM_TIMEOUT');
  expect(server.requests).toEqual(['GET /']);
});

test('waits for its turn no longer than the deadline', async () => {
  const server = await startServer(() => {});
  const source = startSource(server.url, { limits: { concurrency: 1, attemptTimeoutMs: 600_000 } });
  const caller = new AbortController();
  const first = failureOf(source.open(createCall({ signal: caller.signal })).get('/first', { schema: anything }));
  await server.arrived(1);
  const second = source.open(createCall({ deadline: performance.now() + 50 })).get('/second', { schema: anything });
  expect((await failureOf(second)).code).toBe('UPSTREAM_TIMEOUT');
  caller.abort();
  await first;
  expect(server.requests).toEqual(['GET /first']);
});

test('stops everything when the caller hangs up', async () => {
  const closed = createGate();
  const server = await startServer((_request, response) => {
    response.on('close', closed.open);
  });
  const source = startSource(server.url);
  const caller = new AbortController();
  const upstream = source.open(createCall({ signal: caller.signal }));
  const answer = failureOf(upstream.get('/', { schema: anything }));
  await server.arrived(1);
  caller.abort();
  await answer;
  await closed.opened;
  await failureOf(upstream.get('/', { schema: anything }));
  expect(server.requests).toEqual(['GET /']);
  expect(source.health()).toEqual({ state: 'UP', lastErrorCode: null, since: null });
});

test('stops waiting for a retry when the caller hangs up', async () => {
  const server = await startServer((_request, response) => {
    sendStatus(response, 503, { 'retry-after-ms': '10000' });
    response.on('finish', () => setImmediate(() => caller.abort()));
  });
  const caller = new AbortController();
  const error = await failureOf(
    startSource(server.url)
      .open(createCall({ signal: caller.signal }))
      .get('/', { schema: anything }),
  );
  expect(error.retryable).toBe(true);
  expect(server.requests).toEqual(['GET /']);
});

test("leaves no listener on the caller's signal", async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/hole') return;
    if (request.url === '/reset') request.socket.destroy();
    else if (request.url === '/503') sendStatus(response, 503);
    else sendJson(response, {});
  });
  const { signal } = new AbortController();
  const source = startSource(server.url, { limits: { attemptTimeoutMs: 50, concurrency: 2, breakerFailures: 1_000 } });
  const upstream = source.open(createCall({ signal }));
  const paths = ['/', '/hole', '/reset', '/503', '/', '/'];
  const answers = paths.map((path) => upstream.get(path, { schema: anything }).catch(() => null));
  // One for all, or Node would warn of a leak.
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await Promise.all(answers);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('aborts the download of a body that is too large, declared or not', async () => {
  const closed = [createGate(), createGate()];
  const server = await startServer((_request, response, index) => {
    response.on('close', () => closed[index]?.open());
    const headers = { 'content-type': 'application/json' };
    response.writeHead(200, index === 0 ? headers : { ...headers, 'content-length': '100000000' });
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  });
  const source = startSource(server.url, { limits: { maxResponseBytes: 1024 * 1024 } });
  for (const gate of closed) {
    const error = await failureOf(source.open(createCall()).get('/', { schema: anything }));
    expect(error.code).toBe('UPSTREAM_BAD_RESPONSE');
    await gate.opened;
  }
  expect(server.requests).toHaveLength(2);
});

test('does not wait for a body that says it will be too large', async () => {
  const closed = createGate();
  const server = await startServer((_request, response) => {
    response.on('close', closed.open);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000000' }).flushHeaders();
  });
  const error = await failureOf(startSource(server.url).open(createCall()).get('/', { schema: anything }));
  expect(error.code).toBe('UPSTREAM_BAD_RESPONSE');
  await closed.opened;
});

test('does not read the endless body of an error', async () => {
  const closed = createGate();
  const server = await startServer((_request, response) => {
    response.on('close', closed.open);
    response.writeHead(403, { 'content-type': 'text/html' });
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  });
  const error = await failureOf(startSource(server.url).open(createCall()).get('/', { schema: anything }));
  expect(error.code).toBe('UPSTREAM_FORBIDDEN');
  await closed.opened;
});

test('reads a body that is exactly as large as it may be', async () => {
  const server = await startServer((_request, response) => sendJson(response, 'x'.repeat(998)));
  for (const [maxResponseBytes, expected] of [
    [1_000, 'x'.repeat(998)],
    [999, null],
  ] as const) {
    const upstream = startSource(server.url, { limits: { maxResponseBytes } }).open(createCall());
    expect(await upstream.get('/', { schema: anything }).catch(() => null)).toBe(expected);
  }
});

test('keeps no process alive by its timers', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const reference = setTimeout(() => {}, 60_000);
  expect(timers()).toBe(before + 1);
  clearTimeout(reference);

  const server = await startServer(() => {});
  const source = startSource(server.url, { limits: { attemptTimeoutMs: 3_600_000 } });
  const reading = failureOf(
    source.open(createCall({ deadline: performance.now() + 3_600_000 })).get('/', { schema: anything }),
  );
  await server.arrived(1);
  const stopper = createStopper();
  const waiting = retry(
    {
      limits: defaultHttpLimits,
      retryBudget: { earn: () => {}, spend: () => true },
      breaker: createBreaker({ ...defaultHttpLimits, now: () => 0, onOpen: () => {} }),
      deadline: () => 120_000,
      stop: stopper,
      now: () => 0,
      random: () => 0,
    },
    async () => {
      const error = new UpstreamError('test', 'UPSTREAM_RATE_LIMITED');
      return { kind: 'failure', error, again: { when: 'later', afterMs: 60_000 } };
    },
  );
  await new Promise(setImmediate);
  // What earlier tests left behind may end meanwhile.
  expect(timers()).toBeLessThanOrEqual(before);
  stopper.stop(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await source.close();
  await reading;
});

test('breaks off the requests under way when it is closed: nobody waits for them any more', async () => {
  const server = await startServer(() => {});
  const source = startSource(server.url, { limits: { attemptTimeoutMs: 3_600_000 } });
  const answer = failureOf(
    source.open(createCall({ deadline: performance.now() + 3_600_000 })).get('/', { schema: anything }),
  );
  await server.arrived(1);
  await source.close();
  expect((await answer).retryable).toBe(true);
});
