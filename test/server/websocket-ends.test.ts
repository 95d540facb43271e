import { once } from 'node:events';
import { createServer as createPlatform, type ServerResponse } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { createServer } from '../../src/server/server.ts';
import { entryOf, markOf } from '../catalog/entries.ts';
import { patient } from './ask.ts';
import { startCatalogServer } from './catalog-server.ts';
import { changes } from './event-client.ts';
import { countOf, watched } from './left-behind.ts';
import { listen } from './process.ts';
import { connect, hello, openRaw, refusal } from './socket-client.ts';

const watch = { type: 'subscribe', id: '1', payload: { query: changes } };

test('when the server closes, subscriptions end with a word, then connections, and it has closed', async () => {
  const { url, app, catalog } = await startCatalogServer({ server: { webSocket: true } });
  const idle = await openRaw(url);
  const { say, next } = await openRaw(url);
  say(hello);
  expect(await next()).toEqual({ type: 'connection_ack' });
  say(watch, { ...watch, id: '2' });
  expect(await next()).toMatchObject({ type: 'next', payload: { data: {} } });
  expect(await next()).toMatchObject({ type: 'next', payload: { data: {} } });
  const closed = app.close();
  expect([await next(), await next(), await next()]).toEqual([
    { type: 'complete', id: '1' },
    { type: 'complete', id: '2' },
    1001,
  ]);
  expect(await idle.next()).toBe(1001);
  await closed;
  expect(catalog.live.turn()).toBe(0);
});

test('when the server closes, a query under way is answered, and no other begins', async () => {
  const platform = createPlatform((_, response) => platform.emit('asked', response));
  const url = `http://127.0.0.1:${await listen(platform)}`;
  const { app, url: graph } = await startCatalogServer({
    server: { webSocket: true, ...patient },
    sources: [{ id: 'a', provider: 'everruns', url }],
  });
  const { say, next } = await openRaw(graph);
  say(hello);
  expect(await next()).toEqual({ type: 'connection_ack' });
  const payload = { query: '{ sessions(first: 1) { totalCount } }' };
  say({ type: 'subscribe', id: '1', payload });
  const [response] = (await once(platform, 'asked')) as [ServerResponse];
  const closed = app.close();
  say({ type: 'subscribe', id: '2', payload: { query: '{ __typename }' } }, { type: 'ping' });
  expect(await next()).toEqual({ type: 'pong' });
  response.setHeader('content-type', 'application/json').end('{"data":[],"total":0,"offset":0,"limit":1}');
  expect(await next()).toEqual({ type: 'next', id: '1', payload: { data: { sessions: { totalCount: 0 } } } });
  expect([await next(), await next()]).toEqual([{ type: 'complete', id: '1' }, 1001]);
  await closed;
});

test('another configuration ends the connections of the one before, and may have none', async () => {
  const sources = [{ id: 'a', provider: 'everruns', url: 'http://127.0.0.1:9' }];
  const configOf = (webSocket: boolean) =>
    toConfig({ server: { port: 0, log: { level: 'silent' }, webSocket }, sources });
  const server = createServer(configOf(false));
  onTestFinished(() => server.close());
  const { endpoint: url } = await server.listen();
  expect((await refusal(url)).status).toBe(400);
  server.change(configOf(true));
  const { next } = await openRaw(url);
  server.change(configOf(true));
  expect(await next()).toBe(1001);
  const query = '{ __typename }';
  expect(await connect(url).ask({ query })).toEqual({ data: { __typename: 'Query' } });
  server.change(configOf(false));
  expect((await refusal(url)).status).toBe(400);
});

test('whoever leaves early leaves nothing behind, however early', { timeout: 300_000 }, async () => {
  const { count, wrap } = watched();
  const { url, app, logged } = await startCatalogServer({ server: { webSocket: true } }, wrap);

  async function leave(stage: number): Promise<void> {
    const { socket, say, next } = await openRaw(url);
    if (stage >= 1) say(hello);
    if (stage >= 2) await next();
    if (stage >= 3) say(watch);
    if (stage === 4) say({ type: 'complete', id: '1' });
    if (stage >= 5) await next();
    if (stage === 6) say({ type: 'complete', id: '1' });
    if (stage === 7) socket.close();
    else socket.terminate();
    if (socket.readyState !== socket.CLOSED) await once(socket, 'close');
  }

  await leave(5);
  const before = [countOf('Timeout'), countOf('TCPSocketWrap')];
  for (let round = 0; round < 125; round += 1) {
    await Promise.all(Array.from({ length: 8 }, (_, stage) => leave(stage)));
  }
  await vi.waitFor(() => {
    expect(count.watching).toBe(0);
    const [timers = 0, sockets = 0] = before;
    expect(countOf('Timeout')).toBeLessThanOrEqual(timers);
    expect(countOf('TCPSocketWrap')).toBeLessThanOrEqual(sockets);
  }, 10_000);
  // Those at the last three stages had begun.
  expect(logged().filter(({ msg }) => msg === 'operation').length).toBeGreaterThanOrEqual(3 * 125 + 1);
  await app.close();
});

test('a caller who reads slowly is told the latest state, and one who reads nothing does not hold up the end', async () => {
  const { url, writer, app, logged } = await startCatalogServer({ server: { webSocket: true } });

  async function ignore() {
    const { socket, say, next } = await openRaw(url);
    say(hello);
    expect(await next()).toEqual({ type: 'connection_ack' });
    say(watch);
    expect(await next()).toMatchObject({ type: 'next' });
    socket.pause();
    return socket;
  }

  async function write(rounds: number): Promise<void> {
    for (let round = 1; round <= rounds; round += 1) {
      await writer.write([entryOf('k', { title: `${round} ${'x'.repeat(1_000_000)}` })], 1, markOf(0));
      for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    }
  }

  const slow = await ignore();
  await write(60);
  const titles: string[] = [];
  slow.on('message', (data) => {
    const { payload } = JSON.parse(String(data));
    if (payload.data.sessionsChanged.session !== undefined)
      titles.push(payload.data.sessionsChanged.session.title.split(' ')[0]);
  });
  slow.resume();
  await vi.waitFor(() => expect(titles.at(-1)).toBe('60'), 20_000);
  expect(titles.length).toBeLessThan(60);
  expect(new Set(titles).size).toBe(titles.length);
  slow.terminate();

  const deaf = await ignore();
  await write(20);
  await app.close();
  expect(deaf.readyState).toBe(deaf.OPEN);
  const [one, two] = logged().filter(({ msg }) => msg === 'operation');
  // The first mark, and a change and a mark for each title.
  expect(one).toMatchObject({ events: 1 + 2 * titles.length });
  expect(Number(two?.events)).toBeLessThan(20);
});

test('of the pings of a caller who reads nothing hardly one is answered', async () => {
  const { url } = await startCatalogServer({ server: { webSocket: true } });
  const { socket, say, next } = await openRaw(url);
  say(...Array.from({ length: 1_000 }, () => ({ type: 'ping' })));
  expect(await next()).toEqual({ type: 'pong' });
  socket.close();
  let pongs = 1;
  while ((await next()) !== 1005) pongs += 1;
  expect(pongs).toBeLessThan(1_000);
});

test('a caller who is refused and does not hang up is hung up on', async () => {
  const { url } = await startCatalogServer({ server: { webSocket: true } });
  const { hostname, port, host, pathname } = new URL(url);
  const caller = connectSocket({ host: hostname, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => void caller.destroy());
  caller.on('error', () => {});
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Origin: http://evil.example'];
  caller.write([`GET ${pathname} HTTP/1.1`, `Host: ${host}`, ...upgrade, '', ''].join('\r\n'));
  let text = '';
  caller.on('data', (chunk) => {
    text += chunk;
  });
  await once(caller, 'end');
  expect(text.split('\r\n')[0]).toBe('HTTP/1.1 403 Forbidden');
  // Nobody is there to read it.
  const isHungUpOn = () => {
    caller.write('x');
    return caller.destroyed;
  };
  await expect.poll(isHungUpOn, { timeout: 20_000 }).toBe(true);
});
