import { expect, test } from 'vitest';
import { sendJson, startServer, type TestServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

/** Redirects its first request only. */
function startRedirecting(status: number, location: string | null): Promise<TestServer> {
  return startServer((_request, response, index) => {
    if (index > 0) sendJson(response, { arrived: true });
    else response.writeHead(status, location === null ? {} : { location }).end();
  });
}

test.each([
  ['relative', '/agent', '/agent/?user=a%20b', '/agent/?user=a%20b'],
  ['absolute, with the host a proxy hides', '/agent', 'http://10.0.0.7:8000/agent/?user=a%20b', '/agent/?user=a%20b'],
  ['without a scheme', '/agent', '//internal/agent/?user=a%20b', '/agent/?user=a%20b'],
  ['the other way round', '/agent/', '/agent?user=a%20b', '/agent?user=a%20b'],
  ['decoded by the platform', '/s/a%2Fb', '/s/a/b/?user=a%20b', '/s/a%2Fb/?user=a%20b'],
])('follows a 307 to the same path with the other slash: %s', async (_name, path, location, followed) => {
  const server = await startRedirecting(307, location.replaceAll('%20', '+'));
  const auth = { kind: 'bearer', token: 'token' } as const;
  const upstream = startSource(server.url, { auth }).open(createCall());
  expect(await upstream.get(path, { query: { user: 'a b' }, schema: anything })).toEqual({ arrived: true });
  const query = '?user=a+b';
  expect(server.requests).toEqual([`GET ${path}${query}`, `GET ${followed.replaceAll('%20', '+')}`]);
  expect(server.headers.map(({ authorization }) => authorization)).toEqual(['Bearer token', 'Bearer token']);
});

test.each([
  [307, 'another path', '/agents/'],
  [307, 'another query', '/agent/?all=1'],
  [307, 'the same path', '/agent'],
  [307, 'two slashes', '/agent//'],
  [307, 'no place', null],
  [301, 'the slash, but by another status', '/agent/'],
  [302, 'the slash, but by another status', '/agent/'],
  [308, 'the slash, but by another status', '/agent/'],
])('does not follow a %i to %s', async (status, _name, location) => {
  const server = await startRedirecting(status, location);
  const upstream = startSource(server.url).open(createCall());
  const error = await failureOf(upstream.get('/agent', { schema: anything }));
  expect(error).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', status });
  expect(server.requests).toEqual(['GET /agent']);
});

test('never asks another origin, whatever the Location says', async () => {
  const other = await startServer((_request, response) => sendJson(response, {}));
  const server = await startServer((request, response) => {
    response.writeHead(307, { location: `${other.url}${request.url === '/agent' ? '/agent/' : '/elsewhere'}` }).end();
  });
  const upstream = startSource(server.url).open(createCall());
  expect((await failureOf(upstream.get('/agent', { schema: anything }))).code).toBe('UPSTREAM_BAD_RESPONSE');
  expect(server.requests).toEqual(['GET /agent', 'GET /agent/']);
  expect(other.requests).toEqual([]);
});

test('follows once: two paths that send to each other end as a bad response', async () => {
  const server = await startServer((request, response) => {
    response.writeHead(307, { location: request.url === '/agent' ? '/agent/' : '/agent' }).end();
  });
  const upstream = startSource(server.url).open(createCall());
  expect((await failureOf(upstream.get('/agent', { schema: anything }))).code).toBe('UPSTREAM_BAD_RESPONSE');
  expect(server.requests).toEqual(['GET /agent', 'GET /agent/']);
});
