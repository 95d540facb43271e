import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sendStatus, startServer } from './server.ts';
import { anything, createCall, failureOf, startSource } from './source.ts';

test('reads JSON by its content type and as the schema says', async () => {
  const types = ['application/json', 'application/json; charset=utf-8', 'application/problem+json', 'Application/JSON'];
  const server = await startServer((_request, response, index) => {
    response.writeHead(200, { 'content-type': types[index] }).end('{"name":"é","more":1}');
  });
  const upstream = startSource(server.url).open(createCall());
  for (const _type of types) {
    expect(await upstream.get('/', { schema: z.object({ name: z.string() }) })).toEqual({ name: 'é' });
  }
});

test.each([
  ['HTML', { 'content-type': 'text/html' }, '<html>'],
  ['JSON that says it is text', { 'content-type': 'text/plain' }, '{"name":"a"}'],
  ['JSON of another content type that only begins alike', { 'content-type': 'application/jsonl' }, '{"name":"a"}'],
  ['no content type', {}, '{"name":"a"}'],
  ['truncated JSON', { 'content-type': 'application/json' }, '{"name":"secr'],
  ['nothing', { 'content-type': 'application/json' }, ''],
  ['JSON of another shape', { 'content-type': 'application/json' }, '{"name":17}'],
  ['compressed JSON', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, '{"name":"a"}'],
])('cannot read %s, and does not ask again', async (_name, headers, body) => {
  const server = await startServer((_request, response) => {
    response.writeHead(200, headers as Record<string, string>).end(body);
  });
  const upstream = startSource(server.url).open(createCall());
  const error = await failureOf(upstream.get('/', { schema: z.object({ name: z.string() }) }));
  expect(error).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', retryable: false });
  expect(server.requests).toEqual(['GET /']);
});

test.each([
  [400, 'UPSTREAM_REJECTED'],
  [401, 'UPSTREAM_UNAUTHENTICATED'],
  [403, 'UPSTREAM_FORBIDDEN'],
  [404, 'UPSTREAM_NOT_FOUND'],
  [405, 'UPSTREAM_REJECTED'],
  [408, 'UPSTREAM_TIMEOUT'],
  [409, 'UPSTREAM_REJECTED'],
  [422, 'UPSTREAM_REJECTED'],
  [429, 'UPSTREAM_RATE_LIMITED'],
  [500, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
  [301, 'UPSTREAM_BAD_RESPONSE'],
  [304, 'UPSTREAM_BAD_RESPONSE'],
])('turns a %i into %s, which keeps the status', async (status, code) => {
  const server = await startServer((_request, response) => sendStatus(response, status));
  const upstream = startSource(server.url, { limits: { retries: 0 } }).open(createCall());
  const error = await failureOf(upstream.get('/x', { schema: anything }));
  expect(error).toMatchObject({ code, status, sourceId: 'test' });
  expect(server.requests).toEqual(['GET /x']);
});

test('finds nothing where the platform says 404, and only there', async () => {
  const server = await startServer((request, response) => sendStatus(response, Number(request.url?.slice(1))));
  const upstream = startSource(server.url).open(createCall());
  expect(await upstream.find('/404', { schema: anything })).toBeNull();
  for (const status of [400, 401, 403, 405, 410, 422, 500]) {
    expect((await failureOf(upstream.find(`/${status}`, { schema: anything }))).status).toBe(status);
  }
  expect((await failureOf(upstream.get('/404', { schema: anything }))).status).toBe(404);
});

test('shows neither credential nor body in an error, but names the error as the platform does', async () => {
  const secret = 'evr_0123456789abcdef';
  const server = await startServer((request, response) => {
    const body = {
      error: { code: 'session_not_found', message: `no ${request.headers.authorization} for anna@x.org` },
    };
    const status = request.url === '/ok' ? 200 : 403;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const upstream = startSource(server.url, { auth: { kind: 'bearer', token: secret } }).open(createCall());
  const refused = await failureOf(upstream.get('/', { schema: anything }));
  const misshapen = await failureOf(upstream.get('/ok', { schema: z.object({ data: z.string() }) }));
  for (const error of [refused, misshapen]) {
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/evr_|anna/);
    expect(error.message).not.toContain(server.url);
  }
  expect(refused.cause).toMatchObject({ message: 'Status 403 session_not_found' });
});

test('shows no credential that cannot be sent at all', async () => {
  const server = await startServer((_request, response) => sendStatus(response, 200));
  const source = startSource(server.url, { auth: { kind: 'bearer', token: 'evr_0123\n' } });
  const error = await failureOf(source.open(createCall()).get('/', { schema: anything }));
  expect(error.code).toBe('UPSTREAM_REJECTED');
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('evr_');
  expect(server.requests).toEqual([]);
  expect(source.health()).toMatchObject({ state: 'DEGRADED', lastErrorCode: 'UPSTREAM_REJECTED' });
});
