import { expect, test } from 'vitest';
import { z } from 'zod';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { createRequestBudget } from '../../src/http/request-budget.ts';
import { toSourceSharing } from '../../src/http/sharing.ts';
import { createGate } from './gate.ts';
import { sendJson, sendStatus, startServer, type TestServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource } from './source.ts';

const times = { enabled: true, sessionsMs: 1_000, directoryMs: 30_000, staleMs: 0 };

/** Answers each request by its number, counted from one. */
async function startCounter(): Promise<TestServer> {
  const server = await startServer((_request, response) => sendJson(response, server.requests.length));
  return server;
}

function startShared(server: TestServer, settings: Partial<typeof times> = {}, maxBytes = 1_000_000) {
  const clock = createClock();
  const sharing = toSourceSharing({ ...times, ...settings }, createKeptAnswers(maxBytes, clock.now));
  return { source: startSource(server.url, { sharing, limits: { retries: 0, breakerFailures: 1_000 } }), clock };
}

test('what two operations of one user want at the same time is asked for once', async () => {
  const gate = createGate();
  const server = await startServer(async (_request, response) => {
    await gate.opened;
    sendJson(response, { from: 'one request' });
  });
  const { source } = startShared(server, { sessionsMs: 0 });
  const answers = [1, 2, 3].map(() => source.open(createCall()).get('/a', { schema: anything }));
  await server.arrived(1);
  gate.open();
  expect(await Promise.all(answers)).toEqual(Array(3).fill({ from: 'one request' }));
  expect(server.requests).toEqual(['GET /a']);
  // It lasts no longer than the request.
  await source.open(createCall()).get('/a', { schema: anything });
  expect(server.requests).toHaveLength(2);
});

test("a caller who hangs up ends nobody else's read; the last one to do so ends it", async () => {
  const gate = createGate();
  const closed = createGate();
  const server = await startServer(async (request, response) => {
    if (request.url === '/b') return void response.on('close', closed.open);
    await gate.opened;
    sendJson(response, 'here');
  });
  const { source } = startShared(server);
  const [first, second] = [new AbortController(), new AbortController()];
  const gone = failureOf(source.open(createCall({ signal: first.signal })).get('/a', { schema: anything }));
  const stays = source.open(createCall()).get('/a', { schema: anything });
  await server.arrived(1);
  first.abort();
  expect((await gone).code).toBe('UPSTREAM_TIMEOUT');
  gate.open();
  expect(await stays).toBe('here');
  expect(server.requests).toEqual(['GET /a']);

  const third = failureOf(source.open(createCall({ signal: second.signal })).get('/b', { schema: anything }));
  await server.arrived(2);
  second.abort();
  expect((await third).code).toBe('UPSTREAM_TIMEOUT');
  await closed.opened;
});

test('the deadline of one caller is not that of another', async () => {
  const gate = createGate();
  const server = await startServer(async (_request, response) => {
    await gate.opened;
    sendJson(response, 'late');
  });
  const { source } = startShared(server);
  const hasty = createCall({ deadline: performance.now() + 30 });
  const gone = failureOf(source.open(hasty).get('/a', { schema: anything }));
  const stays = source.open(createCall()).get('/a', { schema: anything });
  expect((await gone).code).toBe('UPSTREAM_TIMEOUT');
  gate.open();
  expect(await stays).toBe('late');
  expect(server.requests).toEqual(['GET /a']);
});

test('a read is tried again as long as the most patient of its callers waits', async () => {
  const gate = createGate();
  const server = await startServer(async (_request, response) => {
    await gate.opened;
    if (server.requests.length === 1) sendStatus(response, 503);
    else sendJson(response, 'at last');
  });
  const clock = createClock();
  const sharing = toSourceSharing(times, createKeptAnswers(1_000_000, clock.now));
  const source = startSource(server.url, { sharing, now: clock.now, limits: { retries: 1 } });
  const get = (ms: number) => source.open(createCall({ deadline: clock.now() + ms })).get('/a', { schema: anything });
  const answers = [get(60_000), get(900_000)];
  await server.arrived(1);
  clock.advance(70_000);
  gate.open();
  expect(await Promise.all(answers)).toEqual(['at last', 'at last']);
});

test("a caller without requests left may wait for another's, but not begin one, nor fail one", async () => {
  const server = await startCounter();
  const { source } = startShared(server);
  const poor = createCall({ budget: createRequestBudget(0) });
  const refused = failureOf(source.open(poor).get('/a', { schema: anything }));
  const rich = source.open(createCall()).get('/a', { schema: anything });
  const joined = source.open(poor).get('/a', { schema: anything });
  expect((await refused).code).toBe('UPSTREAM_BUDGET_EXCEEDED');
  expect(await Promise.all([rich, joined])).toEqual([1, 1]);
});

test('an answer is used again for its time, that of a directory for longer', async () => {
  const server = await startCounter();
  const { source, clock } = startShared(server);
  const sessions = () => source.open(createCall()).get('/sessions', { schema: anything });
  const agents = () => source.open(createCall()).get('/agents', { schema: anything, kind: 'directory' });
  expect([await sessions(), await agents()]).toEqual([1, 2]);
  clock.advance(1_000);
  expect([await sessions(), await agents()]).toEqual([1, 2]);
  clock.advance(1);
  expect([await sessions(), await agents()]).toEqual([3, 2]);
  clock.advance(29_000);
  expect(await agents()).toBe(4);
});

test('who wants it fresh gets it fresh, and others have that answer then', async () => {
  const server = await startCounter();
  const { source } = startShared(server);
  const get = (fresh: boolean) => source.open(createCall({ fresh })).get('/a', { schema: anything });
  expect([await get(false), await get(false), await get(true), await get(false)]).toEqual([1, 1, 2, 2]);
  expect(await Promise.all([get(true), get(true)])).toEqual(expect.arrayContaining([3, 4]));
});

test('nothing is shared between users, credentials, addresses, parameters, headers or schemas', async () => {
  const server = await startCounter();
  const { source } = startShared(server);
  const one = createCall({ identity: { headers: { 'x-user': 'one' }, query: {} } });
  const other = createCall({ identity: { headers: { 'x-user': 'other' }, query: {} } });
  const inQuery = createCall({ identity: { headers: {}, query: { user: 'one' } } });
  const narrow = z.number();
  const reads = [
    () => source.open(one).get('/a', { schema: anything }),
    () => source.open(other).get('/a', { schema: anything }),
    () => source.open(inQuery).get('/a', { schema: anything }),
    () => source.open(one).get('/b', { schema: anything }),
    () => source.open(one).get('/a', { schema: anything, query: { page: 2 } }),
    () => source.open(one).get('/a', { schema: anything, headers: { 'x-feature': 'on' } }),
    () => source.open(one).get('/a', { schema: narrow }),
  ];
  for (const [index, read] of reads.entries()) expect(await read()).toBe(index + 1);
  for (const [index, read] of reads.entries()) expect(await read()).toBe(index + 1);

  const own = startSource(server.url, {
    auth: { kind: 'forward', header: 'authorization' },
    sharing: toSourceSharing(times, createKeptAnswers(1_000_000)),
  });
  const as = (authorization: string) =>
    own.open(createCall({ forwarded: { authorization } })).get('/a', { schema: anything });
  expect([await as('A'), await as('B'), await as('A')]).toEqual([8, 9, 8]);
});

test('a failure is not kept', async () => {
  const server = await startServer((_request, response) =>
    server.requests.length === 1 ? sendStatus(response, 503) : sendJson(response, 'well'),
  );
  const { source } = startShared(server);
  const get = () => source.open(createCall()).get('/a', { schema: anything });
  expect((await failureOf(get())).code).toBe('UPSTREAM_UNAVAILABLE');
  expect(await get()).toBe('well');
});

test('when the platform fails, an answer that is not too old is used, and its age is reported', async () => {
  let status = 200;
  const server = await startServer((_request, response) =>
    status === 200 ? sendJson(response, 'before') : sendStatus(response, status),
  );
  const { source, clock } = startShared(server, { staleMs: 60_000 });
  const read = async () => {
    const upstream = source.open(createCall());
    const answer = await upstream.get('/a', { schema: anything }).catch((error) => error.code);
    return { answer, ageMs: upstream.staleAgeMs() };
  };
  expect(await read()).toEqual({ answer: 'before', ageMs: null });
  status = 500;
  clock.advance(5_000);
  expect(await read()).toEqual({ answer: 'before', ageMs: 5_000 });
  // What is forbidden now is not read by way of memory.
  status = 403;
  expect(await read()).toEqual({ answer: 'UPSTREAM_FORBIDDEN', ageMs: null });
  status = 503;
  clock.advance(55_001);
  expect(await read()).toEqual({ answer: 'UPSTREAM_UNAVAILABLE', ageMs: null });
});

test('without that setting an old answer is not used', async () => {
  let status = 200;
  const server = await startServer((_request, response) =>
    status === 200 ? sendJson(response, 'before') : sendStatus(response, status),
  );
  const { source, clock } = startShared(server);
  const get = () => source.open(createCall()).get('/a', { schema: anything });
  await get();
  status = 503;
  clock.advance(1_001);
  expect((await failureOf(get())).code).toBe('UPSTREAM_UNAVAILABLE');
});

test('of more answers than there is room for, the least recently used goes', async () => {
  const server = await startServer((_request, response) => sendJson(response, 'x'.repeat(10_000)));
  const { source } = startShared(server, {}, 22_000);
  const get = (path: string) => source.open(createCall()).get(path, { schema: anything });
  for (const path of ['/a', '/b', '/a', '/c', '/a', '/b']) await get(path);
  expect(server.requests).toEqual(['GET /a', 'GET /b', 'GET /c', 'GET /b']);
});

test('who reads the same twice wants to see whether it has changed', async () => {
  const server = await startCounter();
  const { source } = startShared(server);
  const upstream = source.open(createCall());
  const read = () => upstream.get('/a', { schema: anything });
  expect([await read(), await read()]).toEqual([1, 2]);
  // Another operation has the latest.
  expect(await source.open(createCall()).get('/a', { schema: anything })).toBe(2);
  expect(await source.open(createCall()).get('/a', { schema: anything, anew: true })).toBe(3);
});

test('a read that was stopped is joined by nobody', async () => {
  const server = await startServer((_request, response) => {
    if (server.requests.length > 1) sendJson(response, 'here');
  });
  const { source } = startShared(server);
  const caller = new AbortController();
  const gone = failureOf(source.open(createCall({ signal: caller.signal })).get('/a', { schema: anything }));
  await server.arrived(1);
  caller.abort();
  const next = source.open(createCall()).get('/a', { schema: anything });
  expect((await gone).code).toBe('UPSTREAM_TIMEOUT');
  expect(await next).toBe('here');
});

test('an answer that was asked for earlier does not replace a newer one', async () => {
  const gate = createGate();
  const server = await startServer(async (_request, response, index) => {
    if (index === 0) await gate.opened;
    sendJson(response, index);
  });
  const { source, clock } = startShared(server);
  const slow = source.open(createCall()).get('/a', { schema: anything });
  await server.arrived(1);
  clock.advance(10);
  const get = (fresh: boolean) => source.open(createCall({ fresh })).get('/a', { schema: anything });
  expect([await get(true), await get(false)]).toEqual([1, 1]);
  gate.open();
  expect(await slow).toBe(0);
  expect(await get(false)).toBe(1);
});

test('what the platform has refused since is not given again when it fails', async () => {
  let status = 200;
  const server = await startServer((_request, response) =>
    status === 200 ? sendJson(response, 'before') : sendStatus(response, status),
  );
  const { source, clock } = startShared(server, { staleMs: 60_000 });
  const read = () => source.open(createCall()).get('/a', { schema: anything });
  expect(await read()).toBe('before');
  for (const [refusal, code] of [
    [403, 'UPSTREAM_FORBIDDEN'],
    [503, 'UPSTREAM_UNAVAILABLE'],
  ] as const) {
    status = refusal;
    clock.advance(2_000);
    expect((await failureOf(read())).code).toBe(code);
  }
  status = 200;
  expect(await read()).toBe('before');
});
