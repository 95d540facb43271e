import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { HttpAuth } from '../../src/http/auth.ts';
import { createGate } from './gate.ts';
import { sendJson, sendStatus, startServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource } from './source.ts';

const secret = 'very-secret-0123';

function authAt(url: string): HttpAuth {
  return {
    kind: 'oauth2',
    tokenUrl: `${url}/token?v=2`,
    clientId: 'client',
    clientSecret: secret,
    scope: 'a/.default',
  };
}

function grant(response: ServerResponse, index: number, expiresIn: unknown = 3_600): void {
  sendJson(response, { token_type: 'Bearer', access_token: `token-${index}`, expires_in: expiresIn });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Accepts the bearer tokens of the list, and says 401 to all others. */
function startPlatform(accepted: ReadonlySet<string>) {
  return startServer((request, response) => {
    if (accepted.has(request.headers.authorization ?? '')) sendJson(response, {});
    else sendStatus(response, 401);
  });
}

test('asks for a token once, in the form the standard says, and uses it for every request', async () => {
  const bodies: string[] = [];
  const issuer = await startServer(async (request, response, index) => {
    bodies.push(await bodyOf(request));
    grant(response, index);
  });
  const platform = await startPlatform(new Set(['Bearer token-0']));
  const upstream = startSource(platform.url, { auth: authAt(issuer.url) }).open(createCall());
  await upstream.get('/a', { schema: anything });
  await upstream.get('/b', { schema: anything });
  expect(issuer.requests).toEqual(['POST /token?v=2']);
  expect(issuer.headers[0]?.['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client',
    client_secret: secret,
    scope: 'a/.default',
  });
  expect(platform.requests).toEqual(['GET /a', 'GET /b']);
});

test('asks for one token for all who need one at the same time', async () => {
  const gate = createGate();
  const issuer = await startServer(async (_request, response, index) => {
    await gate.opened;
    grant(response, index);
  });
  const platform = await startPlatform(new Set(['Bearer token-0']));
  const source = startSource(platform.url, { auth: authAt(issuer.url) });
  const hasty = new AbortController();
  const abandoned = failureOf(source.open(createCall({ signal: hasty.signal })).get('/x', { schema: anything }));
  const answers = [1, 2, 3, 4, 5].map(() => source.open(createCall()).get('/', { schema: anything }));
  await issuer.arrived(1);
  // The first to ask hangs up; the others must still get the token.
  hasty.abort();
  await abandoned;
  gate.open();
  await Promise.all(answers);
  expect(issuer.requests).toHaveLength(1);
  expect(platform.requests).toHaveLength(5);
});

test('refreshes before the token ends, without making anybody wait', async () => {
  const clock = createClock();
  const gate = createGate();
  const issuer = await startServer(async (_request, response, index) => {
    if (index === 1) await gate.opened;
    grant(response, index, '1000');
  });
  const platform = await startPlatform(new Set(['Bearer token-0', 'Bearer token-1']));
  const source = startSource(platform.url, { auth: authAt(issuer.url), now: clock.now });
  const ask = () => source.open(createCall({ deadline: clock.now() + 15_000 })).get('/', { schema: anything });
  await ask();
  clock.advance(879_000);
  await ask();
  expect(issuer.requests).toHaveLength(1);
  clock.advance(2_000);
  await ask();
  await ask();
  await issuer.arrived(2);
  expect(platform.headers.map(({ authorization }) => authorization)).toEqual(Array(4).fill('Bearer token-0'));
  gate.open();
  clock.advance(119_001);
  await ask();
  expect(platform.headers.at(-1)?.authorization).toBe('Bearer token-1');
  expect(issuer.requests).toHaveLength(2);
});

test('uses a good token to its end when it cannot be refreshed early, and asks rarely', async () => {
  const clock = createClock();
  const issuer = await startServer((_request, response, index) => {
    if (index === 0) grant(response, index, 1_000);
    else sendStatus(response, 500);
  });
  const platform = await startPlatform(new Set(['Bearer token-0']));
  const source = startSource(platform.url, { auth: authAt(issuer.url), limits: { retries: 0 }, now: clock.now });
  const ask = () => source.open(createCall({ deadline: clock.now() + 15_000 })).get('/', { schema: anything });
  await ask();
  clock.advance(900_000);
  await ask();
  await issuer.arrived(2);
  await ask();
  clock.advance(29_999);
  await ask();
  expect(issuer.requests).toHaveLength(2);
  clock.advance(70_001);
  expect((await failureOf(ask())).code).toBe('UPSTREAM_UNAVAILABLE');
  expect(platform.requests).toHaveLength(4);
});

test('takes a new token after a 401, once for all requests that got one', async () => {
  const issuer = await startServer((_request, response, index) => grant(response, index));
  const accepted = new Set(['Bearer token-0']);
  const platform = await startPlatform(accepted);
  const source = startSource(platform.url, { auth: authAt(issuer.url) });
  await source.open(createCall()).get('/', { schema: anything });
  accepted.clear();
  accepted.add('Bearer token-1');
  await Promise.all([1, 2, 3].map(() => source.open(createCall()).get('/', { schema: anything })));
  expect(issuer.requests).toHaveLength(2);
  expect(platform.headers.map(({ authorization }) => authorization).sort()).toEqual([
    ...Array(4).fill('Bearer token-0'),
    ...Array(3).fill('Bearer token-1'),
  ]);
});

test('does not go on when the new token is refused too, and not again for every request', async () => {
  const clock = createClock();
  const issuer = await startServer((_request, response, index) => grant(response, index));
  const platform = await startPlatform(new Set());
  const source = startSource(platform.url, { auth: authAt(issuer.url), now: clock.now });
  const ask = () => source.open(createCall({ deadline: clock.now() + 15_000 })).get('/', { schema: anything });
  expect(await failureOf(ask())).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', status: 401 });
  expect([issuer.requests.length, platform.requests.length]).toEqual([2, 2]);
  await failureOf(ask());
  expect([issuer.requests.length, platform.requests.length]).toEqual([2, 3]);
  clock.advance(30_000);
  await failureOf(ask());
  expect([issuer.requests.length, platform.requests.length]).toEqual([3, 5]);
});

test('renews once for a request, however long ago the last renewal was', async () => {
  const clock = createClock();
  const issuer = await startServer((_request, response, index) => grant(response, index));
  const platform = await startServer((_request, response) => {
    clock.advance(30_000);
    sendStatus(response, 401);
  });
  const source = startSource(platform.url, { auth: authAt(issuer.url), now: clock.now });
  const call = createCall({ deadline: Number.POSITIVE_INFINITY });
  await failureOf(source.open(call).get('/', { schema: anything }));
  expect([issuer.requests.length, platform.requests.length]).toEqual([2, 2]);
});

test.each([
  [400, 'UPSTREAM_UNAUTHENTICATED', 1],
  [401, 'UPSTREAM_UNAUTHENTICATED', 1],
  [403, 'UPSTREAM_UNAUTHENTICATED', 1],
  [302, 'UPSTREAM_UNAVAILABLE', 3],
  [429, 'UPSTREAM_UNAVAILABLE', 3],
  [503, 'UPSTREAM_UNAVAILABLE', 3],
])('says what a %i of the issuer means: %s', async (status, code, requests) => {
  const issuer = await startServer(async (request, response) => {
    const echo = await bodyOf(request);
    response.writeHead(status, { 'content-type': 'application/json', location: `/?${echo}` });
    response.end(JSON.stringify({ error: 'invalid_client', error_description: echo }));
  });
  const platform = await startPlatform(new Set());
  const source = startSource(platform.url, { auth: authAt(issuer.url) });
  const error = await failureOf(source.open(createCall()).get('/', { schema: anything }));
  expect(error).toMatchObject({ code, status: null });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  expect(error.cause).toMatchObject({ message: `No access token: status ${status} invalid_client.` });
  expect(issuer.requests).toHaveLength(requests);
  expect(platform.requests).toEqual([]);
  expect(source.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: code });
});

test.each([
  ['a black hole', () => {}],
  ['an answer without a token', (_request: IncomingMessage, response: ServerResponse) => sendJson(response, {})],
  ['a page', (_request: IncomingMessage, response: ServerResponse) => void response.end('<html>')],
])('calls the source unavailable when the issuer is %s', async (_name, handler) => {
  const issuer = await startServer(handler);
  const platform = await startPlatform(new Set());
  const source = startSource(platform.url, { auth: authAt(issuer.url), limits: { attemptTimeoutMs: 50, retries: 0 } });
  const error = await failureOf(source.open(createCall()).get('/', { schema: anything }));
  expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
  expect(platform.requests).toEqual([]);
});
