import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { open } from './ask.ts';

const query = '{ sources { slug } }';
const data = { data: { sources: [{ slug: 'nowhere' }] } };
const secret = 'a shared secret of more than thirty-two characters';
const common = { mode: 'jwt', issuer: 'https://issuer.example', audience: 'session-graph' };
const withSecret = { ...common, algorithms: ['HS256'], secret };

interface TokenChanges {
  readonly issuer?: string;
  readonly audience?: string;
  readonly subject?: string | null;
  readonly expiresAt?: number | null;
  readonly algorithm?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

const seconds = () => Math.floor(Date.now() / 1000);

function token(key: Parameters<SignJWT['sign']>[0], changes: TokenChanges = {}): Promise<string> {
  const { issuer = common.issuer, audience = common.audience, subject = 'alice', expiresAt = seconds() + 60 } = changes;
  const jwt = new SignJWT({ ...changes.claims })
    .setProtectedHeader({ alg: changes.algorithm ?? 'HS256', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience(audience);
  if (subject !== null) jwt.setSubject(subject);
  if (expiresAt !== null) jwt.setExpirationTime(expiresAt);
  return jwt.sign(key);
}

const shared = new TextEncoder().encode(secret);
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('without authentication', () => {
  test('answers whoever asks', async () => {
    expect((await open().ask({ query })).json).toEqual(data);
  });
});

describe('by token', () => {
  const asks = (auth: object) => {
    const { ask } = open({ server: { auth } });
    return (jwt: string) => ask({ query }, { authorization: `Bearer ${jwt}` });
  };

  test('refuses a request without one, in the form of a GraphQL answer', async () => {
    const { ask } = open({ server: { auth: withSecret } });
    const answer = await ask({ query });
    expect([
      answer.status,
      answer.headers.get('www-authenticate'),
      answer.headers.get('content-type'),
      answer.json,
    ]).toEqual([
      401,
      'Bearer',
      'application/json; charset=utf-8',
      {
        errors: [{ message: 'Send a token: Authorization: Bearer <token>.', extensions: { code: 'UNAUTHENTICATED' } }],
      },
    ]);
  });

  test('answers a good one', async () => {
    expect((await asks(withSecret)(await token(shared))).json).toEqual(data);
  });

  test.each<[string, string, TokenChanges]>([
    ['of another issuer', 'issuer', { issuer: 'https://evil.example' }],
    ['for another audience', 'audience', { audience: 'billing' }],
    ['that has expired', 'expired', { expiresAt: seconds() - 3600 }],
    ['that never expires', 'exp is missing', { expiresAt: null }],
    ['of nobody', 'sub is missing', { subject: null }],
    ['of somebody without a name', 'sub is not a string', { subject: '' }],
    ['that is not valid yet', 'not yet valid', { claims: { nbf: seconds() + 3600 } }],
    ['signed with an algorithm that was not pinned', 'algorithm', { algorithm: 'HS512' }],
    ['whose subject is no text', 'sub is not a string', { subject: null, claims: { sub: 7 } }],
  ])('refuses one %s, and says why in the log alone: %s', async (_, reason, changes) => {
    const { ask, logged } = open({ server: { auth: withSecret } });
    const jwt = await token(shared, changes);
    const answer = await ask({ query }, { authorization: `Bearer ${jwt}`, 'x-request-id': 'r-1' });
    expect(logged().map((line) => JSON.parse(line))).toEqual([
      { level: 40, time: expect.any(Number), requestId: 'r-1', reason, msg: 'refused' },
    ]);
    expect(logged().join('')).not.toContain(jwt.split('.')[2]);
    expect(answer.text).not.toContain(reason);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    expect(answer.json).toHaveProperty('errors.0.extensions.code', 'UNAUTHENTICATED');
  });

  test('refuses one that is signed by somebody else, or by nobody, or is no token', async () => {
    const { ask, logged } = open({ server: { auth: withSecret } });
    const other = await token(new TextEncoder().encode('x'.repeat(40)));
    const unsigned = new UnsecuredJWT({}).setIssuer(common.issuer).setAudience(common.audience).setSubject('alice');
    for (const jwt of [other, unsigned.setExpirationTime('1h').encode(), 'nonsense', 'a.b.c']) {
      expect((await ask({ query }, { authorization: `Bearer ${jwt}` })).status).toBe(401);
    }
    expect((await ask({ query }, { authorization: 'Basic abc' })).status).toBe(401);
    expect(logged().map((line) => JSON.parse(line).reason)).toEqual([
      'signature',
      'algorithm',
      'malformed',
      'malformed',
      'no token',
    ]);
  });

  test('checks it with a public key, which is no secret to sign with', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const pem = await exportSPKI(publicKey);
    const ask = asks({ ...common, algorithms: ['RS256'], publicKey: pem });
    expect((await ask(await token(privateKey, { algorithm: 'RS256' }))).json).toEqual(data);
    expect((await ask(await token(new TextEncoder().encode(pem)))).status).toBe(401);
  });

  test('finds keys where the issuer publishes them, and says so when it cannot', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] };
    const requests: string[] = [];
    let isWell = false;
    const issuer = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.writeHead(isWell ? 200 : 500, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
    });
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    closers.push(async () => {
      issuer.closeAllConnections();
      await new Promise((resolve) => issuer.close(resolve));
    });
    const jwks = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
    const { ask, logged } = open({ server: { auth: { ...common, algorithms: ['ES256'], jwks } } });
    const headers = { authorization: `Bearer ${await token(privateKey, { algorithm: 'ES256' })}` };

    const answer = await ask({ query }, headers);
    expect([answer.status, answer.json]).toEqual([
      503,
      {
        errors: [
          { message: 'Tokens cannot be verified at the moment.', extensions: { code: 'AUTHENTICATION_UNAVAILABLE' } },
        ],
      },
    ]);
    expect(logged()[0]).toContain('"msg":"failure"');
    isWell = true;
    expect((await ask({ query }, headers)).json).toEqual(data);
    expect((await ask({ query }, headers)).json).toEqual(data);
    expect(requests).toEqual(['GET /keys', 'GET /keys']);

    const stranger = await generateKeyPair('ES256');
    const unknown = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: 'k2' }).setIssuer(common.issuer);
    const jwt = await unknown
      .setAudience(common.audience)
      .setSubject('a')
      .setExpirationTime('1h')
      .sign(stranger.privateKey);
    expect((await ask({ query }, { authorization: `Bearer ${jwt}` })).status).toBe(401);
    expect(JSON.parse(logged().at(-1) ?? '')).toMatchObject({
      reason: 'signed with a key that the issuer does not publish',
    });
  });

  test('lets browsers have the page of GraphiQL, which can then send one', async () => {
    const { send } = open({ server: { auth: withSecret } });
    expect((await send('/graphql', { headers: { accept: 'text/html' } })).status).toBe(200);
    expect((await send('/health')).status).toBe(200);
  });
});

describe('by a proxy', () => {
  const auth = { mode: 'header', header: 'X-Viewer', secretHeader: 'X-Proxy-Secret', secret };
  const statusFor = async (headers: Readonly<Record<string, string>>) => {
    const { status, json } = await open({ server: { auth } }).ask({ query }, headers);
    return [status, json];
  };
  const message = 'The request does not come from a trusted proxy.';
  const refused = [401, { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] }];

  test('believes what it says once it has proved itself', async () => {
    expect(await statusFor({ 'x-viewer': 'alice', 'x-proxy-secret': secret })).toEqual([200, data]);
  });

  test('refuses everybody else', async () => {
    expect(await statusFor({ 'x-viewer': 'alice' })).toEqual(refused);
    expect(await statusFor({ 'x-viewer': 'alice', 'x-proxy-secret': '' })).toEqual(refused);
    expect(await statusFor({ 'x-viewer': 'alice', 'x-proxy-secret': `${secret}x` })).toEqual(refused);
    expect(await statusFor({ 'x-proxy-secret': secret })).toEqual(refused);
    expect(await statusFor({ 'x-viewer': 'mallory, alice', 'x-proxy-secret': secret })).toEqual(refused);
  });

  test('says in the log why', async () => {
    const { ask, logged } = open({ server: { auth } });
    await ask({ query }, { 'x-viewer': 'alice' });
    await ask({ query }, { 'x-viewer': 'alice', 'x-proxy-secret': 'guessed-secret' });
    await ask({ query }, { 'x-proxy-secret': secret });
    await ask({ query }, { 'x-viewer': 'mallory, alice', 'x-proxy-secret': secret });
    expect(logged().map((line) => JSON.parse(line).reason)).toEqual([
      'no secret of the proxy',
      'the secret of the proxy is wrong',
      'the proxy sent no viewer',
      'the id of the viewer contains a comma',
    ]);
    expect(logged().join('')).not.toMatch(/guessed|shared secret|mallory/);
  });
});

describe('the requests of a minute', () => {
  test('are counted for each viewer by itself', async () => {
    const auth = { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret };
    const { ask } = open({ server: { auth, limits: { query: { requestsPerMinute: 2 } } } });
    const as = (viewer: string) => ask({ query }, { 'x-viewer': viewer, 'x-proxy-secret': secret });
    expect([(await as('alice')).status, (await as('alice')).status, (await as('bob')).status]).toEqual([200, 200, 200]);
    const answer = await as('alice');
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0, answer.json]).toEqual([
      429,
      true,
      { errors: [{ message: 'More than 2 requests per minute.', extensions: { code: 'RATE_LIMITED' } }] },
    ]);
    expect((await as('bob')).status).toBe(200);
  });
});
