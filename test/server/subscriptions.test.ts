import { getEventListeners, once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { expect, test, vi } from 'vitest';
import { CatalogStoreError } from '../../src/catalog/catalog-store-error.ts';
import { entryOf, markOf } from '../catalog/entries.ts';
import { open } from './ask.ts';
import { startCatalogServer } from './catalog-server.ts';
import { changes, subscribe } from './event-client.ts';
import { countOf, watched } from './left-behind.ts';

const upserted = (nativeId: string, title: string | null = null) => ({
  __typename: 'SessionUpserted',
  session: { nativeId, title },
});

test('tells what changes, as server-sent events, and goes on since a mark', async () => {
  const { url, writer } = await startCatalogServer();
  await writer.write([entryOf('k1', { title: 'One' })], 1, markOf(0));
  const client = await subscribe(url);
  expect(client.status).toBe(200);
  expect(Object.fromEntries(client.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'private, no-store',
    'x-accel-buffering': 'no',
    'x-request-id': expect.any(String),
  });
  expect((await client.batch()).changes).toEqual([]);
  await writer.write([entryOf('k1', { title: 'Uno' }), entryOf('k2', { title: 'Two' })], 1, markOf(0));
  const { changes: told, mark } = await client.batch();
  expect(told).toEqual([upserted('k1', 'Uno'), upserted('k2', 'Two')]);
  client.leave();
  await writer.remove(['k1']);
  const again = await subscribe(url, { variables: { since: mark } });
  expect(await again.batch()).toEqual({ changes: [], mark });
  expect((await again.batch()).changes).toEqual([{ __typename: 'SessionGone', source: { slug: 'a' }, deleted: true }]);
});

test('a list and its mark are followed by every later change', async () => {
  const { url, writer, app } = await startCatalogServer();
  await writer.write([entryOf('k1'), entryOf('k2')], 1, markOf(0));
  const query = '{ catalog { mark sessions(filter: { nativeIds: ["k1", "k3"] }) { nodes { nativeId } } } }';
  const answer = await app.fetch(
    new Request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
  );
  const { data } = (await answer.json()) as { data: { catalog: { mark: string; sessions: unknown } } };
  expect(data.catalog.sessions).toEqual({ nodes: [{ nativeId: 'k1' }] });
  await writer.write([entryOf('k2', { title: 'Two' }), entryOf('k3')], 1, markOf(0));
  const filter = { nativeIds: ['k1', 'k3'] };
  const client = await subscribe(url, { variables: { filter, since: data.catalog.mark } });
  expect((await client.batch()).changes).toEqual([]);
  expect((await client.batch()).changes).toEqual([upserted('k3')]);
});

test('two callers are each told what they asked for', async () => {
  const { url, writer } = await startCatalogServer();
  const one = await subscribe(url, { variables: { filter: { nativeIds: ['k1'] } } });
  const two = await subscribe(url, { variables: { filter: { nativeIds: ['k2'] } } });
  await Promise.all([one.batch(), two.batch()]);
  await writer.write([entryOf('k1'), entryOf('k2'), entryOf('k3')], 1, markOf(0));
  expect((await one.batch()).changes).toEqual([upserted('k1')]);
  expect((await two.batch()).changes).toEqual([upserted('k2')]);
});

test('says how fresh each source is that the filter asks for', async () => {
  const { url } = await startCatalogServer();
  const query =
    'subscription { sessionsChanged { ... on SessionsMark { freshness { source { slug } status complete } } } }';
  const client = await subscribe(url, { query });
  expect(await client.next()).toEqual({
    data: {
      sessionsChanged: {
        freshness: [
          { source: { slug: 'a' }, status: 'FILLING', complete: false },
          { source: { slug: 'b' }, status: 'NOT_FOLLOWED', complete: false },
        ],
      },
    },
  });
});

test('a field that cannot be read fails in its own event, told as in a query', async () => {
  const { url, writer, logged } = await startCatalogServer();
  const query =
    'subscription Live { sessionsChanged { __typename ... on SessionUpserted { session { nativeId agent { name } } } } }';
  const client = await subscribe(url, { query });
  expect(await client.next()).toEqual({ data: { sessionsChanged: { __typename: 'SessionsMark' } } });
  await writer.write([entryOf('k1', { agentKey: 'agent' })], 1, markOf(0));
  expect(await client.next()).toEqual({
    errors: [
      {
        message: 'Source "a" cannot be reached or failed.',
        locations: expect.any(Array),
        path: ['sessionsChanged', 'session', 'agent'],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', source: 'a', retryable: true },
      },
    ],
    data: { sessionsChanged: { __typename: 'SessionUpserted', session: { nativeId: 'k1', agent: null } } },
  });
  expect(await client.next()).toEqual({ data: { sessionsChanged: { __typename: 'SessionsMark' } } });
  client.leave();
  await vi.waitFor(() => {
    expect(logged().filter(({ msg }) => msg === 'operation')).toMatchObject([
      { name: 'Live', events: 3, errorCodes: ['UPSTREAM_UNAVAILABLE'], cost: expect.any(Number) },
    ]);
  });
});

test('a failure of this server is masked, logged, and ends the stream', async () => {
  const { url, store, logged } = await startCatalogServer({}, (store) => ({
    ...store,
    states: () => Promise.reject(new Error('The password is hunter2.')),
  }));
  const client = await subscribe(url, { headers: { 'x-request-id': 'r-1' } });
  expect(await client.next()).toEqual({
    errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' } }],
  });
  expect([await client.next(), await client.next()]).toEqual(['complete', null]);
  expect(logged().find(({ msg }) => msg === 'failure')).toMatchObject({
    requestId: 'r-1',
    error: { message: 'The password is hunter2.' },
  });
  expect(await store.states()).toBeDefined();
});

test('a catalog that cannot be read ends the stream with an event that has an error and no data', async () => {
  let isAway = false;
  const { url, writer, logged } = await startCatalogServer({}, (store) => ({
    ...store,
    changes: (...asked) =>
      isAway
        ? Promise.reject(new CatalogStoreError('ECONNREFUSED', 'The database of the catalog cannot be reached.'))
        : store.changes(...asked),
  }));
  const client = await subscribe(url);
  expect(await client.next()).toMatchObject({ data: { sessionsChanged: { __typename: 'SessionsMark' } } });
  isAway = true;
  await writer.write([entryOf('k1')], 1, markOf(0));
  expect(await client.next()).toEqual({
    errors: [
      {
        message: 'The database of the catalog cannot be reached.',
        extensions: { code: 'CATALOG_UNAVAILABLE', retryable: true },
      },
    ],
  });
  expect([await client.next(), await client.next()]).toEqual(['complete', null]);
  expect(logged().filter(({ msg }) => msg === 'failure')).toHaveLength(1);
});

test('each event has loaders and a budget of its own', async () => {
  const { url, writer } = await startCatalogServer({
    server: { limits: { upstreamRequests: 1, http: { retries: 0 } } },
  });
  const query = 'subscription { sessionsChanged { ... on SessionUpserted { session { agent { name } } } } }';
  const client = await subscribe(url, { query });
  await client.next();
  for (const key of ['k1', 'k2', 'k3']) {
    await writer.write([entryOf(key, { agentKey: key })], 1, markOf(0));
    expect(await client.next()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
    await client.next();
  }
});

test('is refused before it begins like a query: its cost, its mark, its filter', async () => {
  const { url } = await startCatalogServer({ server: { limits: { query: { cost: 2 } } } });
  const refusal = async (asked: Parameters<typeof subscribe>[1]) => {
    const client = await subscribe(url, asked);
    const { errors } = (await client.next()) as { errors: readonly { extensions: { code: string } }[] };
    expect(await client.next()).toBe('complete');
    return errors.map(({ extensions }) => extensions.code);
  };
  const query =
    'subscription ($filter: SessionFilter, $since: String) { sessionsChanged(filter: $filter, since: $since) { __typename } }';
  expect(await refusal({})).toEqual(['QUERY_TOO_COMPLEX']);
  expect(await refusal({ query, variables: { since: 'yesterday' } })).toEqual(['BAD_CURSOR']);
  expect(await refusal({ query, variables: { filter: { sources: ['c'] } } })).toEqual(['BAD_USER_INPUT']);
  expect(await refusal({ query: 'subscription { nothing }' })).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});

test('is answered to those alone who take events', async () => {
  const { url } = await startCatalogServer();
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: changes }),
  });
  expect(answer.status).toBe(406);
  expect(await answer.json()).toEqual({
    errors: [
      {
        message: 'A subscription is answered by events: send the header "accept: text/event-stream".',
        extensions: { code: 'NOT_ACCEPTABLE' },
      },
    ],
  });
});

test('needs a catalog', async () => {
  const { send } = open();
  const answer = await send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
    body: JSON.stringify({ query: changes }),
  });
  expect(answer.json).toMatchObject({
    errors: [{ message: 'No source is in the catalog: no changes can be told.', extensions: { code: 'CATALOG_OFF' } }],
  });
});

test('needs authentication', async () => {
  const auth = {
    mode: 'header',
    header: 'x-viewer',
    secretHeader: 'x-secret',
    secret: 'a-secret-of-32-characters-or-more',
  };
  const { url } = await startCatalogServer({ server: { auth } });
  const stranger = await subscribe(url);
  expect(stranger.status).toBe(401);
  const known = await subscribe(url, { headers: { 'x-viewer': 'v', 'x-secret': auth.secret } });
  expect((await known.batch()).changes).toEqual([]);
});

test('ends with the token of the caller', async () => {
  const secret = 'a shared secret of more than thirty-two characters';
  const auth = { mode: 'jwt', algorithms: ['HS256'], secret, issuer: 'https://issuer.example', audience: 'graph' };
  const { url } = await startCatalogServer({ server: { auth: { ...auth, clockToleranceSeconds: 0 } } });
  const expiresAt = Math.floor(Date.now() / 1000) + 5;
  const token = new SignJWT({ iss: auth.issuer, aud: auth.audience, sub: 'alice', exp: expiresAt });
  const jwt = await token.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
  const client = await subscribe(url, { headers: { authorization: `Bearer ${jwt}` } });
  expect((await client.batch()).changes).toEqual([]);
  expect([await client.next(), await client.next()]).toEqual(['complete', null]);
});

test('there are only so many at the same time', async () => {
  const { url } = await startCatalogServer({ server: { limits: { subscriptions: 2 } } });
  const clients = [await subscribe(url), await subscribe(url)];
  await Promise.all(clients.map((client) => client.batch()));
  const refused = await subscribe(url, { headers: { accept: 'text/event-stream, application/json' } });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  clients[0]?.leave();
  await vi.waitFor(async () => {
    const client = await subscribe(url);
    expect(client.status).toBe(200);
    expect((await client.batch()).changes).toEqual([]);
  });
});

test('when the server closes, streams end with a word, and it has closed', async () => {
  const { url, app, catalog } = await startCatalogServer();
  const clients = [await subscribe(url), await subscribe(url)];
  await Promise.all(clients.map((client) => client.batch()));
  const closed = app.close();
  for (const client of clients) expect([await client.next(), await client.next()]).toEqual(['complete', null]);
  await closed;
  expect(catalog.live.turn()).toBe(0);
});

test('when another configuration comes, the streams of the one before end', async () => {
  const { url, app } = await startCatalogServer();
  const client = await subscribe(url);
  await client.batch();
  await app.close(Promise.resolve());
  expect([await client.next(), await client.next()]).toEqual(['complete', null]);
});

test('whoever leaves early leaves nothing behind, however early', { timeout: 300_000 }, async () => {
  const { count, wrap } = watched();
  const { url, app, logged } = await startCatalogServer(
    { server: { limits: { query: { requestsPerMinute: 1_000_000 } } } },
    wrap,
  );
  const requests: Request[] = [];

  async function leave(stage: number): Promise<void> {
    const leaving = new AbortController();
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const body = JSON.stringify({ query: changes });
    if (stage === 0) leaving.abort();
    const request = new Request(url, { method: 'POST', headers, body, signal: leaving.signal });
    requests.push(request);
    const answering = app.fetch(request).catch(() => null);
    if (stage === 1) leaving.abort();
    const answer = await answering;
    if (stage === 2) leaving.abort();
    if (stage === 3) await answer?.body?.cancel();
    const reader = stage >= 5 ? answer?.body?.getReader() : undefined;
    // The first is a comment.
    await reader?.read();
    await reader?.read();
    if (stage === 5) await reader?.cancel();
    if (stage === 6) leaving.abort();
  }

  await leave(5);
  const timers = countOf('Timeout');
  for (let round = 0; round < 1_430; round += 1) {
    await Promise.all(Array.from({ length: 7 }, (_, stage) => leave(stage)));
  }
  expect(requests).toHaveLength(10_011);
  await vi.waitFor(() => expect(count.watching).toBe(0));
  expect(requests.filter(({ signal }) => getEventListeners(signal, 'abort').length > 0)).toEqual([]);
  expect(countOf('Timeout')).toBeLessThanOrEqual(timers);
  // Those at the last two stages had begun.
  expect(logged().filter(({ msg }) => msg === 'operation')).toHaveLength(2 * 1_430 + 1);
});

/** An answer of which nothing is read. */
async function ignore(url: string): Promise<IncomingMessage> {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  request.end(JSON.stringify({ query: changes }));
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

test('a caller who reads slowly is told the latest state, and one who reads nothing does not hold up the end', async () => {
  const { url, writer, app } = await startCatalogServer();
  const slow = await ignore(url);
  const rounds = 60;
  for (let round = 1; round <= rounds; round += 1) {
    await writer.write([entryOf('k', { title: `${round} ${'x'.repeat(1_000_000)}` })], 1, markOf(0));
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  }
  let text = '';
  slow.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await vi.waitFor(() => expect(text).toContain(`"title":"${rounds} x`), 20_000);
  const titles = text.match(/"title":"\d+ x/g) ?? [];
  expect(titles.length).toBeLessThan(rounds);
  expect(new Set(titles).size).toBe(titles.length);

  const deaf = await ignore(url);
  for (let round = 1; round <= 20; round += 1) {
    await writer.write([entryOf('k', { title: `${round} ${'y'.repeat(1_000_000)}` })], 1, markOf(0));
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  }
  await app.close();
  expect(deaf.complete).toBe(false);
});
