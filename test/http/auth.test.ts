import { expect, test } from 'vitest';
import type { HttpAuth } from '../../src/http/auth.ts';
import { sendJson, sendStatus, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

const cases: readonly (readonly [HttpAuth, string, string | undefined])[] = [
  [{ kind: 'none' }, 'authorization', undefined],
  [{ kind: 'bearer', token: 't1' }, 'authorization', 'Bearer t1'],
  [{ kind: 'apiKey', token: 't1' }, 'authorization', 'ApiKey t1'],
  [{ kind: 'raw', token: 'evr_t1' }, 'authorization', 'evr_t1'],
  [{ kind: 'header', name: 'Api-Key', value: 't1' }, 'api-key', 't1'],
];

test.each(cases)('sends %j', async (auth, name, value) => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const call = createCall({ forwarded: { authorization: 'Bearer of the caller' } });
  const headers = { Authorization: 'Bearer of the provider', 'API-KEY': 'of the provider' };
  await startSource(server.url, { auth })
    .open(call)
    .get('/', { headers: auth.kind === 'none' ? {} : headers, schema: anything });
  expect(server.headers[0]?.[name]).toBe(value);
});

test('forwards the header of the caller, each caller its own', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const source = startSource(server.url, { auth: { kind: 'forward', header: 'Authorization' } });
  for (const caller of ['Bearer a', 'Bearer b']) {
    await source.open(createCall({ forwarded: { authorization: caller } })).get('/', { schema: anything });
  }
  expect(server.headers.map(({ authorization }) => authorization)).toEqual(['Bearer a', 'Bearer b']);
});

test('asks nothing for a caller without the header to forward', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const source = startSource(server.url, { auth: { kind: 'forward', header: 'authorization' } });
  for (const forwarded of [{}, { authorization: '' }, { cookie: 'a=b' }]) {
    const error = await failureOf(source.open(createCall({ forwarded })).get('/', { schema: anything }));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', retryable: false });
  }
  expect(server.requests).toEqual([]);
  expect(source.health().state).toBe('UP');
});

test('holds a refused service credential against the source, but not the credential of a caller', async () => {
  const server = await startServer((_request, response) => sendStatus(response, 401));
  const own = startSource(server.url, { auth: { kind: 'bearer', token: 'expired' } });
  await failureOf(own.open(createCall()).get('/', { schema: anything }));
  expect(own.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: 'UPSTREAM_UNAUTHENTICATED' });

  const forwarding = startSource(server.url, { auth: { kind: 'forward', header: 'authorization' } });
  const call = createCall({ forwarded: { authorization: 'Bearer nonsense' } });
  expect((await failureOf(forwarding.open(call).get('/', { schema: anything }))).code).toBe('UPSTREAM_UNAUTHENTICATED');
  expect(forwarding.health().state).toBe('UP');
});
