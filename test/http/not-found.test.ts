import { expect, test } from 'vitest';
import { sendJson, sendStatus, startServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource } from './source.ts';

const limits = { breakerOpenMs: 5_000 };

test('a list that is not found is a failure, and a source that has found nothing yet is down for as long as a breaker', async () => {
  const clock = createClock();
  const server = await startServer((_request, response) => sendStatus(response, 404));
  const source = startSource(server.url, { limits, now: clock.now });
  const upstream = source.open(createCall({ deadline: clock.now() + 90_000 }));
  expect(
    await failureOf(upstream.get('/list', { query: { user_id: 'anna', limit: 1 }, schema: anything })),
  ).toMatchObject({
    code: 'UPSTREAM_NOT_FOUND',
    retryable: false,
    request: 'GET /list?user_id&limit',
  });
  expect(source.health()).toMatchObject({ state: 'DOWN', lastErrorCode: 'UPSTREAM_NOT_FOUND' });
  clock.advance(4_999);
  expect(source.health().state).toBe('DOWN');
  clock.advance(1);
  expect(source.health().state).toBe('DEGRADED');
  await failureOf(upstream.get('/list', { schema: anything }));
  expect(source.health().state).toBe('DOWN');
});

test('a source that has answered is where it should be: a list that is not found only degrades it', async () => {
  const server = await startServer((request, response) => {
    if (request.url === '/missing') sendStatus(response, 404);
    else sendJson(response, {});
  });
  const source = startSource(server.url, { limits });
  const upstream = source.open(createCall());
  await upstream.get('/list', { schema: anything });
  await failureOf(upstream.get('/missing', { schema: anything }));
  expect(source.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: 'UPSTREAM_NOT_FOUND' });
  expect(await upstream.find('/missing', { schema: anything })).toBeNull();
  expect(source.health().state).toBe('DEGRADED');
  await upstream.get('/list', { schema: anything });
  expect(source.health().state).toBe('UP');
});

test('a thing that is not found says nothing about its source, neither good nor bad', async () => {
  const server = await startServer((_request, response) => sendStatus(response, 404));
  const source = startSource(server.url, { limits });
  expect(await source.open(createCall()).find('/thing', { schema: anything })).toBeNull();
  expect(source.health()).toEqual({ state: 'UP', lastErrorCode: null, since: null });
});
