import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { version } from '../../src/http/version.ts';
import { sendJson, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

test('sends the path as it is, behind the path of the base url', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const upstream = startSource(`${server.url}/api/v1/`).open(createCall());
  await upstream.get('/sessions/a%2Fb%2E%2E%2f..%3F/x:stop/', { schema: anything });
  await upstream.get('/plain', { query: { limit: 20, empty: '', none: null, text: 'a&b=c +é' }, schema: anything });
  expect(server.requests).toEqual([
    'GET /api/v1/sessions/a%2Fb%2E%2E%2f..%3F/x:stop/',
    'GET /api/v1/plain?limit=20&empty=&text=a%26b%3Dc+%2B%C3%A9',
  ]);
});

test('refuses a path that brings its own query or is no path', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const upstream = startSource(server.url).open(createCall());
  for (const path of ['/a?b=c', '/a#b', 'a', '//a b', '/a\nb', '/ü']) {
    await expect(upstream.get(path, { schema: anything })).rejects.toThrow(TypeError);
  }
  expect(server.requests).toEqual([]);
});

test('sends who we are, the request id and nothing the platform could compress', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  await startSource(server.url)
    .open(createCall())
    .get('/', { headers: { 'X-Org-Id': 'o1' }, schema: anything });
  const { host, ...headers } = server.headers[0] ?? {};
  expect(host).toBe(new URL(server.url).host);
  expect(headers).toEqual({
    accept: 'application/json',
    'accept-encoding': 'identity',
    connection: 'keep-alive',
    'user-agent': `session-graph/${version}`,
    'x-org-id': 'o1',
    'x-request-id': 'request-1',
  });
});

test('names the version of the package', () => {
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
  expect(version).toBe(manifest.version);
});

test('lets nothing override the identity of the call, in whatever case it is spelled', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const identity = { headers: { 'X-User-ID': 'alice' }, query: { user_id: 'alice' } };
  await startSource(server.url)
    .open(createCall({ identity }))
    .get('/', { headers: { 'x-user-id': 'mallory' }, query: { user_id: 'mallory' }, schema: anything });
  expect(server.requests).toEqual(['GET /?user_id=alice']);
  expect(server.headers[0]?.['x-user-id']).toBe('alice');
});

test('asks nothing for a user whose name would arrive as another', async () => {
  const server = await startServer((_request, response) => sendJson(response, {}));
  const source = startSource(server.url);
  for (const user of ['', 'alice ', ' alice', 'alice\r\nx-user-id: bob', 'älice', '\talice']) {
    const upstream = source.open(createCall({ identity: { headers: { 'x-user-id': user }, query: {} } }));
    expect((await failureOf(upstream.get('/', { schema: anything }))).code).toBe('UPSTREAM_REJECTED');
  }
  expect(server.requests).toEqual([]);
});
