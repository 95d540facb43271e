import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlatform, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { entryOf, markOf } from '../catalog/entries.ts';
import { startCatalogServer } from './catalog-server.ts';
import { listen } from './process.ts';
import { connect, hello, openRaw, refusal } from './socket-client.ts';

const webSocket = true;
const upserted = (nativeId: string, title: string | null = null) => ({
  __typename: 'SessionUpserted',
  session: { nativeId, title },
});

function startServer(server: object = {}, sources?: readonly Readonly<Record<string, unknown>>[]) {
  const config = { server: { webSocket, ...server } };
  return startCatalogServer(sources === undefined ? config : { ...config, sources });
}

describe('over a WebSocket', () => {
  test('what changes is told, and goes on since a mark', async () => {
    const { url, writer } = await startServer();
    await writer.write([entryOf('k1', { title: 'One' })], 1, markOf(0));
    const { start } = connect(url);
    const client = start();
    expect((await client.batch()).changes).toEqual([]);
    await writer.write([entryOf('k1', { title: 'Uno' }), entryOf('k2', { title: 'Two' })], 1, markOf(0));
    const { changes: told, mark } = await client.batch();
    expect(told).toEqual([upserted('k1', 'Uno'), upserted('k2', 'Two')]);
    client.leave();
    await writer.remove(['k1']);
    const again = start({ variables: { since: mark } });
    expect(await again.batch()).toEqual({ changes: [], mark });
    expect((await again.batch()).changes).toEqual([
      { __typename: 'SessionGone', source: { slug: 'a' }, deleted: true },
    ]);
  });

  test('a connection carries many operations, queries among them', async () => {
    const { url, writer, logged } = await startServer();
    const { start, ask } = connect(url);
    const one = start({ variables: { filter: { nativeIds: ['k1'] } } });
    const two = start({ variables: { filter: { nativeIds: ['k2'] } } });
    await Promise.all([one.batch(), two.batch()]);
    await writer.write([entryOf('k1'), entryOf('k2')], 1, markOf(0));
    expect(await ask({ query: 'query Sources { sources { slug } }' })).toEqual({
      data: { sources: [{ slug: 'a' }, { slug: 'b' }] },
    });
    expect((await one.batch()).changes).toEqual([upserted('k1')]);
    expect((await two.batch()).changes).toEqual([upserted('k2')]);
    expect(logged().filter(({ msg }) => msg === 'operation')).toMatchObject([{ name: 'Sources', errorCodes: [] }]);
  });

  test('hundreds of subscriptions share a connection', async () => {
    const { url, writer } = await startServer();
    const { say, next } = await openRaw(url);
    say(hello);
    expect(await next()).toEqual({ type: 'connection_ack' });
    const ids = Array.from({ length: 300 }, (_, index) => String(index));
    const query = 'subscription { sessionsChanged { __typename } }';
    say(...ids.map((id) => ({ type: 'subscribe', id, payload: { query } })));
    const untilAllAreTold = async (kind: string) => {
      const told = new Set<string>();
      while (told.size < ids.length) {
        const message = (await next()) as {
          id: string;
          payload: { data: { sessionsChanged: { __typename: string } } };
        };
        if (message.payload.data.sessionsChanged.__typename === kind) told.add(message.id);
      }
      return told;
    };
    expect(await untilAllAreTold('SessionsMark')).toEqual(new Set(ids));
    await writer.write([entryOf('k1')], 1, markOf(0));
    expect(await untilAllAreTold('SessionUpserted')).toEqual(new Set(ids));
  });

  test('an answer with data and errors is a result', async () => {
    const { url } = await startServer();
    expect(await connect(url).ask({ query: '{ sources { slug } session: node(id: "nonsense") { id } }' })).toEqual({
      data: { sources: [{ slug: 'a' }, { slug: 'b' }], session: null },
      errors: [expect.objectContaining({ path: ['session'], extensions: { code: 'BAD_USER_INPUT' } })],
    });
  });

  test('there is none unless it is set', async () => {
    const { url } = await startCatalogServer();
    expect(await refusal(url)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'CSRF_PREVENTED' } }],
    });
  });

  test('a wish for another protocol is passed over, as without the setting', async () => {
    const { url } = await startServer();
    const { hostname, port, pathname } = new URL(url);
    const body = JSON.stringify({ query: '{ sources { slug } }' });
    const ask = (connection: string) =>
      new Promise<string>((resolve, reject) => {
        const request = httpRequest({ hostname, port, path: pathname, method: 'POST' }, async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve(text);
        });
        request.on('error', reject);
        request.setHeader('connection', connection);
        request.setHeader('upgrade', 'h2c');
        request.setHeader('http2-settings', 'AAMAAABkAAQAoAAAAAIAAAAA');
        request.setHeader('content-type', 'application/json');
        request.flushHeaders();
        setImmediate(() => request.end(body));
      });
    expect(JSON.parse(await ask('Upgrade, HTTP2-Settings'))).toEqual({
      data: { sources: [{ slug: 'a' }, { slug: 'b' }] },
    });
  });
});

describe('a WebSocket is refused', () => {
  test('to pages of other origins, unless they may send requests', async () => {
    const { url } = await startServer({ cors: { origins: ['https://console.example'] } });
    const { host } = new URL(url);
    for (const origin of [
      'https://evil.example',
      `http://${host}.evil.example`,
      'null',
      'https://console.example.evil.example',
    ]) {
      expect(await refusal(url, { origin })).toMatchObject({
        status: 403,
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });
    }
    for (const origin of ['https://console.example', `http://${host}`, `https://${host}`]) {
      const { ask } = connect(url, { headers: { origin } });
      expect(await ask({ query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
    }
  });

  test('under a name that is not this machine, with its origin or without', async () => {
    const { url } = await startServer();
    for (const headers of [{ host: 'evil.example' }, { host: 'evil.example', origin: 'http://evil.example' }]) {
      expect(await refusal(url, headers)).toMatchObject({
        status: 403,
        errors: [{ message: 'This server accepts only requests to a loopback host.' }],
      });
    }
  });

  test('at another path, and for another protocol', async () => {
    const { url } = await startServer();
    for (const path of [`${url}s`, `${new URL(url).origin}//[`]) expect((await refusal(path)).status).toBe(404);
    expect(await refusal(url, { 'sec-websocket-protocol': 'graphql-ws' })).toEqual({
      status: 400,
      errors: [
        {
          message: 'The only protocol that is spoken over a WebSocket is graphql-transport-ws.',
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
    expect((await refusal(url, { 'sec-websocket-protocol': '' })).status).toBe(400);
  });

  test('when there are as many as there may be subscriptions', async () => {
    const { url } = await startServer({ limits: { subscriptions: 2 } });
    const [first, second] = [await openRaw(url), await openRaw(url)];
    for (const { say, next } of [first, second]) {
      say(hello);
      expect(await next()).toEqual({ type: 'connection_ack' });
    }
    expect(await refusal(url)).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'TOO_MANY_CONNECTIONS' } }],
    });
    first.socket.terminate();
    await vi.waitFor(async () => expect((await openRaw(url)).socket.readyState).toBe(1));
  });

  test('never because of those who do not say who calls', async () => {
    const { url } = await startServer({ limits: { subscriptions: 3 } });
    const known = await openRaw(url);
    known.say(hello);
    expect(await known.next()).toEqual({ type: 'connection_ack' });
    const first = await openRaw(url);
    const second = await openRaw(url);
    // A new one that is refused makes nobody leave, one that is let in whoever is silent for the longest.
    await refusal(url, { origin: 'http://evil.example' });
    const other = await openRaw(url);
    expect(await first.next()).toBe(1006);
    second.say(hello);
    expect(await second.next()).toEqual({ type: 'connection_ack' });
    other.say(hello);
    expect(await other.next()).toEqual({ type: 'connection_ack' });
    known.say({ type: 'ping' });
    expect(await known.next()).toEqual({ type: 'pong' });
  });
});

const secret = 'a shared secret of more than thirty-two characters';
const jwt = { mode: 'jwt', algorithms: ['HS256'], secret, issuer: 'https://issuer.example', audience: 'graph' };
const proxy = { mode: 'header', header: 'x-viewer', secretHeader: 'x-secret', secret };

function tokenOf(sub: string, seconds = 3_600): Promise<string> {
  const claims = { iss: jwt.issuer, aud: jwt.audience, sub, exp: Math.floor(Date.now() / 1000) + seconds };
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
}

const viewer = { query: '{ sessionViewer { id } }' };

describe('who calls over a WebSocket', () => {
  test('says so by the headers of its connection, or by connection_init where it can send no headers', async () => {
    const { url } = await startServer({ auth: jwt });
    const authorization = `Bearer ${await tokenOf('alice')}`;
    const callers = [
      { headers: { authorization } },
      { connectionParams: { Authorization: authorization } },
      { connectionParams: { headers: { authorization } } },
      // Those of the connection count.
      { headers: { authorization }, connectionParams: { authorization: `Bearer ${await tokenOf('mallory')}` } },
    ];
    const answers = await Promise.all(callers.map((caller) => connect(url, caller).ask(viewer)));
    const [first] = answers;
    expect(first).toEqual({ data: { sessionViewer: { id: expect.any(String) } } });
    for (const answer of answers) expect(answer).toEqual(first);
    const mallory = connect(url, { connectionParams: { authorization: `Bearer ${await tokenOf('mallory')}` } });
    expect(await mallory.ask(viewer)).not.toEqual(first);
  });

  test('is not let in without a token that is accepted', async () => {
    const { url, logged } = await startServer({ auth: jwt });
    expect(await connect(url).ask(viewer)).toBe(4403);
    const authorization = `Bearer ${await tokenOf('alice', -3_600)}`;
    expect(await connect(url, { connectionParams: { authorization } }).ask(viewer)).toBe(4403);
    const refused = logged().filter(({ msg }) => msg === 'refused');
    expect(refused.map(({ reason }) => reason)).toEqual(['no token', 'expired']);
  });

  test('is told to come again while tokens cannot be checked', async () => {
    const { secret: _, ...auth } = { ...jwt, algorithms: ['RS256'], jwks: 'http://127.0.0.1:9/keys' };
    const { url } = await startServer({ auth });
    // Such a token is well-formed, and signed by nobody.
    const header = Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url');
    const authorization = `Bearer ${header}.${Buffer.from('{}').toString('base64url')}.AAAA`;
    expect(await connect(url, { connectionParams: { authorization } }).ask(viewer)).toBe(1013);
  });

  test('is what the proxy says, and never what the caller says instead', async () => {
    const { url } = await startServer({ auth: proxy });
    const claimed = { 'x-viewer': 'alice', 'x-secret': secret };
    expect(await connect(url, { connectionParams: claimed }).ask(viewer)).toBe(4403);
    expect(await connect(url, { connectionParams: { headers: claimed } }).ask(viewer)).toBe(4403);
    const bob = { headers: { 'x-viewer': 'bob', 'x-secret': secret } };
    const known = await connect(url, bob).ask(viewer);
    expect(known).toEqual({ data: { sessionViewer: { id: expect.any(String) } } });
    expect(await connect(url, { ...bob, connectionParams: claimed }).ask(viewer)).toEqual(known);
  });

  test('may give the credential that is passed on to a platform, unless a proxy stands between', async () => {
    const sources = [{ id: 'a', provider: 'everruns', url: 'http://127.0.0.1:9', auth: { forward: 'x-token' } }];
    const codes = async (url: string, headers: Readonly<Record<string, string>>) => {
      const query = '{ sessions(first: 1) { outcomes { error { code } } } }';
      const answer = await connect(url, { headers, connectionParams: { 'x-token': 'of the platform' } }).ask({ query });
      return (answer as { errors: readonly { extensions: { code: string } }[] }).errors.map(
        ({ extensions }) => extensions.code,
      );
    };
    const open = await startServer({}, sources);
    expect(await codes(open.url, {})).toEqual(['UPSTREAM_UNAVAILABLE']);
    const closed = await startServer({ auth: proxy }, sources);
    expect(await codes(closed.url, { 'x-viewer': 'bob', 'x-secret': secret })).toEqual(['UPSTREAM_UNAUTHENTICATED']);
  });

  test('is known as long as the token is: then its subscriptions end, and the connection', async () => {
    const { url } = await startServer({ auth: { ...jwt, clockToleranceSeconds: 0 } });
    const { socket, say, next } = await openRaw(url);
    const authorization = `Bearer ${await tokenOf('alice', 4)}`;
    say({ ...hello, payload: { authorization } });
    expect(await next()).toEqual({ type: 'connection_ack' });
    say({ type: 'subscribe', id: '1', payload: { query: 'subscription { sessionsChanged { __typename } }' } });
    expect(await next()).toMatchObject({ type: 'next', id: '1' });
    expect([await next(), await next()]).toEqual([{ type: 'complete', id: '1' }, 4403]);
    expect(socket.readyState).toBe(socket.CLOSED);
  });
});

describe('a rule for requests is one for operations of a WebSocket', () => {
  const codesOf = (answer: unknown) =>
    (answer as readonly { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);
  const subscription = 'subscription ($since: String) { sessionsChanged(since: $since) { __typename } }';

  test('what they cost, what they say', async () => {
    const { url, logged } = await startServer({ limits: { query: { cost: 2, depth: 3, tokens: 60 } } });
    const { start, ask } = connect(url);
    expect(codesOf(await start().next())).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(
      codesOf(
        await ask({
          query: 'subscription { sessionsChanged { ... on SessionUpserted { session { id agent { name } } } } }',
        }),
      ),
    ).toEqual(['QUERY_TOO_COMPLEX']);
    expect(codesOf(await ask({ query: '{ sessions { nodes { agent { name } } } }' }))).toEqual(['QUERY_TOO_COMPLEX']);
    expect(codesOf(await ask({ query: 'subscription { nothing }' }))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(codesOf(await ask({ query: subscription, variables: { since: 'yesterday' } }))).toEqual(['BAD_CURSOR']);
    expect(await ask({ query: subscription })).toEqual({ data: { sessionsChanged: { __typename: 'SessionsMark' } } });
    const codes = logged().flatMap(({ msg, errorCodes }) => (msg === 'operation' ? [errorCodes] : []));
    expect(codes).toContainEqual(['QUERY_TOO_COMPLEX']);
  });

  test('how many requests a viewer sends in a minute', async () => {
    const { url } = await startServer({ auth: proxy, limits: { query: { requestsPerMinute: 2 } } });
    const { ask } = connect(url, { headers: { 'x-viewer': 'bob', 'x-secret': secret } });
    const query = '{ __typename }';
    expect([await ask({ query }), await ask({ query })]).toEqual([
      { data: { __typename: 'Query' } },
      { data: { __typename: 'Query' } },
    ]);
    expect(codesOf(await ask({ query }))).toEqual(['RATE_LIMITED']);
  });

  test('how many subscriptions there are', async () => {
    const { url } = await startServer({ limits: { subscriptions: 2 } });
    const { start } = connect(url);
    const clients = [start(), start()];
    await Promise.all(clients.map((client) => client.batch()));
    expect(codesOf(await start().next())).toEqual(['TOO_MANY_SUBSCRIPTIONS']);
    clients[0]?.leave();
    await vi.waitFor(async () => expect((await start().batch()).changes).toEqual([]));
  });

  test('which documents are trusted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'session-graph-documents-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const trustedDocuments = join(folder, 'documents.json');
    writeFileSync(trustedDocuments, JSON.stringify({ live: subscription }));
    const { url } = await startServer({ trustedDocuments });
    const { ask } = connect(url);
    expect(codesOf(await ask({ query: subscription }))).toEqual(['DOCUMENT_ID_REQUIRED']);
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'live' } };
    expect(await ask({ query: '', extensions })).toEqual({ data: { sessionsChanged: { __typename: 'SessionsMark' } } });
  });

  test('what nobody may read of a failure', async () => {
    const { url, logged } = await startCatalogServer({ server: { webSocket } }, (store) => ({
      ...store,
      states: () => Promise.reject(new Error('The password is hunter2.')),
    }));
    const client = connect(url, { headers: { 'x-request-id': 'r-1' } }).start();
    expect(await client.next()).toEqual({
      errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' } }],
    });
    expect(await client.next()).toBe('complete');
    expect(logged().find(({ msg }) => msg === 'failure')).toMatchObject({
      requestId: 'r-1',
      error: { message: 'The password is hunter2.' },
    });
  });
});

describe('who does not speak the protocol', () => {
  const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } };

  test.for<readonly [string, readonly (object | string)[], number]>([
    ['sends what is no JSON', ['hello'], 4400],
    ['sends no message', [{ type: 'start', id: '1' }], 4400],
    ['sends an operation that is none', [hello, { type: 'subscribe', id: '1', payload: 'query' }], 4400],
    ['sends an operation without an id', [hello, { ...subscribe, id: '' }], 4400],
    ['sends headers that are none', [{ ...hello, payload: { authorization: 'a\nb' } }], 4400],
    ['asks before it said who it is', [subscribe], 4401],
    ['says it twice', [hello, hello], 4429],
    ['sends more than a request may have', [hello, 'x'.repeat(2_000)], 1009],
  ])('%s is closed out', async ([, messages, code]) => {
    const { url } = await startServer({ limits: { query: { bodyBytes: 1_024 } } });
    const { say, next } = await openRaw(url);
    say(...messages);
    let told = await next();
    while (typeof told === 'object') told = await next();
    expect(told).toBe(code);
  });

  test('asks two things by one id is closed out', async () => {
    const { url } = await startServer();
    const { say, next } = await openRaw(url);
    const watch = { type: 'subscribe', id: '1', payload: { query: 'subscription { sessionsChanged { __typename } }' } };
    say(hello);
    expect(await next()).toEqual({ type: 'connection_ack' });
    say(watch, watch);
    let told = await next();
    while (typeof told === 'object') told = await next();
    expect(told).toBe(4409);
  });

  test('asks for more at once than there may be subscriptions, and 100 more, is closed out', async () => {
    // Nothing that is asked of it is answered.
    const platform = `http://127.0.0.1:${await listen(createPlatform(() => {}))}`;
    const sources = [{ id: 'a', provider: 'everruns', url: platform }];
    const { url } = await startServer({ limits: { subscriptions: 3 } }, sources);
    const { say, next } = await openRaw(url);
    say(hello);
    expect(await next()).toEqual({ type: 'connection_ack' });
    const payload = { query: '{ sessions(first: 1) { totalCount } }' };
    say(...Array.from({ length: 103 }, (_, index) => ({ type: 'subscribe', id: String(index), payload })));
    say({ type: 'ping' });
    expect(await next()).toEqual({ type: 'pong' });
    say({ type: 'subscribe', id: '103', payload });
    expect(await next()).toBe(1013);
  });

  test('is given what was kept, though browsers open every WebSocket with a header that asks for nothing kept', async () => {
    let asked = 0;
    const platform = createPlatform((_, response) => {
      asked += 1;
      response.setHeader('content-type', 'application/json');
      response.end('{"data":[],"total":0}');
    });
    const sources = [{ id: 'a', provider: 'everruns', url: `http://127.0.0.1:${await listen(platform)}` }];
    const { url } = await startServer({ sharing: { sessionsMs: 3_600_000 } }, sources);
    const { ask } = connect(url, { headers: { 'cache-control': 'no-cache', pragma: 'no-cache' } });
    const query = '{ sessions(first: 1) { nodes { id } } }';
    const empty = { data: { sessions: { nodes: [] } } };
    expect([await ask({ query }), await ask({ query })]).toEqual([empty, empty]);
    expect(asked).toBe(1);
  });

  test('says nothing is closed out', async () => {
    const { url } = await startServer();
    expect(await (await openRaw(url)).next()).toBe(4408);
  });

  test('a ping is answered, before and after', async () => {
    const { url } = await startServer();
    const { say, next } = await openRaw(url);
    say({ type: 'ping' });
    expect(await next()).toEqual({ type: 'pong' });
    say(hello);
    expect(await next()).toEqual({ type: 'connection_ack' });
    say({ type: 'pong' }, { type: 'ping', payload: {} });
    expect(await next()).toEqual({ type: 'pong' });
  });

  test('an id can be used again once its operation was ended', async () => {
    const { url } = await startServer();
    const { say, next } = await openRaw(url);
    const watch = { type: 'subscribe', id: '1', payload: { query: 'subscription { sessionsChanged { __typename } }' } };
    say(hello);
    await next();
    say(watch);
    expect(await next()).toMatchObject({ type: 'next', id: '1' });
    say({ type: 'complete', id: '1' }, subscribe);
    expect(await next()).toEqual({ type: 'next', id: '1', payload: { data: { __typename: 'Query' } } });
    expect(await next()).toEqual({ type: 'complete', id: '1' });
  });
});
