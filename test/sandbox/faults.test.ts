import { get as getTls } from 'node:https';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlatformName } from '../../src/sandbox/platforms.ts';
import type { Fault } from '../sandbox-controls/faults.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { ask, told } from './ask.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './certificate.ts';

const PATH = '/v1/sessions?limit=3';
let platform: RunningPlatform;
beforeEach(async () => {
  platform = await startPlatform({ platform: 'everruns', sessions: 10 });
});
afterEach(() => platform.close());

async function failing(fault: Fault) {
  platform.heal();
  platform.fail(fault);
  return ask(platform.url, PATH);
}

async function failureOf(answer: Promise<unknown>): Promise<string> {
  const outcome = await answer.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
  return outcome;
}

test('records what arrives, raw', async () => {
  await ask(platform.url, '/v1/sessions/..%2F..%2fadmin?a=%41&a=+', { headers: { 'X-Request-Id': 'r1' } });
  expect(platform.requests).toMatchObject([
    { method: 'GET', url: '/api/v1/sessions/..%2F..%2fadmin?a=%41&a=+', headers: { 'x-request-id': 'r1' } },
  ]);
  platform.clearRequests();
  expect(platform.requests).toEqual([]);
});

test.each<[PlatformName, number, string]>([
  ['foundry', 429, '"code":"rate_limit_exceeded"'],
  ['everruns', 500, 'application/json {"error":"Internal server error"}'],
  ['agentscope', 500, 'text/plain; charset=utf-8 Internal Server Error'],
  ['agentscope', 403, 'application/json {"detail":"Forbidden"}'],
  ['agno', 500, 'application/json {"detail":"db exploded"}'],
])('%s words an injected %i its own way', async (name, status, words) => {
  await using other = await startPlatform({ platform: name, sessions: 1 });
  other.fail({ kind: 'status', status, headers: { 'retry-after': '7' } });
  const answer = await ask(other.url, '/anything');
  expect([answer.status, answer.headers['retry-after']]).toEqual([status, '7']);
  expect(told(answer)).toContain(words);
});

test('fails in ways that still are an answer', async () => {
  const healthy = await ask(platform.url, PATH);
  expect(told(await failing({ kind: 'status', status: 418, body: 'short and stout' }))).toContain('418');
  const html = await failing({ kind: 'html', status: 403 });
  expect([html.status, html.headers['content-type'], html.body.startsWith('<html>')]).toEqual([403, 'text/html', true]);
  const mistyped = await failing({ kind: 'wrong-content-type' });
  expect([mistyped.headers['content-type'], mistyped.body]).toEqual(['text/plain; charset=utf-8', healthy.body]);
  const truncated = await failing({ kind: 'truncated-json' });
  expect(truncated.status).toBe(200);
  expect(healthy.body.startsWith(truncated.body)).toBe(true);
  expect(() => JSON.parse(truncated.body)).toThrow();
  expect(told(await failing({ kind: 'other-shape' }))).toBe('200 application/json {"message":"Welcome"}');
  expect(told(await failing({ kind: 'other-shape', body: '[]' }))).toBe('200 application/json []');
  const redirect = await failing({ kind: 'redirect', location: 'http://elsewhere.invalid/x' });
  expect([redirect.status, redirect.headers.location]).toEqual([302, 'http://elsewhere.invalid/x']);
  const huge = await failing({ kind: 'huge-body', bytes: 3_000_000 });
  expect(huge.body.length).toBeGreaterThan(3_000_000);
  expect(JSON.parse(huge.body)).toHaveProperty('data');
  for (const kind of ['delay', 'slow-headers', 'slow-body'] as const) {
    const slow = await failing({ kind, delayMs: 5 });
    expect([slow.status, slow.headers['content-type'], slow.body]).toEqual([200, 'application/json', healthy.body]);
  }
});

test('breaks connections', async () => {
  expect(await failureOf(failing({ kind: 'reset' }))).toBe('ECONNRESET');
  expect(await failureOf(failing({ kind: 'reset-mid-body' }))).toBe('ECONNRESET');
  platform.heal();
  expect((await ask(platform.url, PATH)).status).toBe(200);
});

test.each(['black-hole', 'slow-headers', 'slow-body', 'delay'] as const)(
  '%s holds its request, and no other',
  async (kind) => {
    platform.fail({ kind, times: 1, delayMs: 2_147_483_647 });
    const client = new AbortController();
    const held = failureOf(ask(platform.url, PATH, { signal: client.signal }));
    // The held request must have arrived before the next one, or that one would take the fault.
    await expect.poll(() => platform.requests.length).toBe(1);
    expect((await ask(platform.url, PATH)).status).toBe(200);
    client.abort();
    expect(await held).not.toBe('answered');
  },
);

test('closes although requests are held', async () => {
  const other = await startPlatform({ platform: 'agno', sessions: 1 });
  other.fail({ kind: 'black-hole' });
  const held = failureOf(ask(other.url, '/sessions'));
  await expect.poll(() => other.requests.length).toBe(1);
  await other.close();
  expect(await held).toBe('ECONNRESET');
  expect(await failureOf(ask(other.url, '/sessions'))).toBe('ECONNREFUSED');
});

test('takes the first fault that matches, as often as told, until lifted', async () => {
  const status = async () => (await ask(platform.url, PATH)).status;
  platform.fail({ kind: 'status', status: 404, match: ({ url }) => url.includes('/agents') });
  platform.fail({ kind: 'status', status: 503, times: 2 });
  const lift = platform.fail({ kind: 'status', status: 429 });
  expect([await status(), await status(), await status()]).toEqual([503, 503, 429]);
  lift();
  expect(await status()).toBe(200);
  expect((await ask(platform.url, '/v1/agents')).status).toBe(404);
  platform.heal();
  expect((await ask(platform.url, '/v1/agents')).status).toBe(200);
});

test('serves TLS, and resets there too', async () => {
  await using secure = await startPlatform({
    platform: 'foundry',
    sessions: 1,
    agents: 1,
    tls: { key: TEST_KEY, cert: TEST_CERTIFICATE },
  });
  const read = () =>
    new Promise<number>((resolve, reject) => {
      const outgoing = getTls(
        `${secure.url}/agents?api-version=v1`,
        { ca: TEST_CERTIFICATE, agent: false },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        },
      );
      outgoing.on('error', reject);
    });
  expect(secure.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/api\/projects\//);
  expect(await read()).toBe(200);
  secure.fail({ kind: 'reset' });
  expect(await failureOf(read())).toBe('ECONNRESET');
});
