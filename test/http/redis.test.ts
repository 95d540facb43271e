import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { OpenUpstream } from '../../src/http/open-upstream.ts';
import { password, toUrl } from './redis-server.ts';
import { listen, startStandIn } from './redis-stand-in.ts';
import { describeReplicas, holds, openReplica, startCounter } from './replicas-suite.ts';
import { anything, createCall, createClock } from './source.ts';

describeReplicas(startStandIn);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Something at the address of Redis that is no Redis. */
async function startAnything(greet: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    greet(socket);
  });
  const port = await listen(server, 0);
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return toUrl(port);
}

/** Each command begins with the number of its words. */
function answerAll(socket: Socket, reply: string): void {
  socket.on('data', (chunk) => void socket.write(reply.repeat(String(chunk).match(/^\*\d+\r$/gm)?.length ?? 0)));
}

const others = [
  ['says nothing', () => {}, ['lost: TIMEOUT']],
  ['hangs up', (socket) => void socket.destroy(), [expect.stringMatching(/^lost: (CLOSED|ECONN[A-Z]+)$/)]],
  ['speaks HTTP', (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), ['lost: UNREADABLE']],
  ['refuses', (socket) => answerAll(socket, '-NOAUTH first\r\n'), ['lost: NOAUTH']],
  ['agrees to everything', (socket) => answerAll(socket, '+OK\r\n'), []],
  ['counts', (socket) => answerAll(socket, ':1\r\n'), []],
  ['sends lists', (socket) => answerAll(socket, '*2\r\n$1\r\na\r\n*-1\r\n'), []],
] satisfies [string, (socket: Socket) => void, readonly unknown[]][];

test('what is at the address of Redis and is none fails no read', async () => {
  const replicas = await Promise.all(
    others.map(async ([, greet]) => openReplica(await startCounter(), await startAnything(greet))),
  );
  const read = (path: string) => Promise.all(replicas.map((replica) => replica.read(path)));
  expect(await read('/a')).toEqual(others.map(() => 1));
  expect(await read('/b')).toEqual(others.map(() => 2));
  // That nothing is said is found after two seconds.
  await vi.waitFor(() => expect(replicas[0]?.told).toEqual(['lost: TIMEOUT']), 10_000);
  expect(await read('/c')).toEqual(others.map(() => 3));
  expect(await read('/a')).toEqual(others.map(() => 1));
  expect(others.map(([what], index) => [what, replicas[index]?.told])).toEqual(
    others.map(([what, , told]) => [what, told]),
  );
});

test('a Redis that is not there at the start is used once it is', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  await redis.kill();
  const [one, other] = [openReplica(platform, redis.url), openReplica(platform, redis.url)];
  expect([await one.read(), await other.read()]).toEqual([1, 2]);
  await vi.waitFor(() => expect(one.told).toEqual(['lost: ECONNREFUSED']), 10_000);
  await redis.start();
  await Promise.all([one.ready, other.ready]);
  expect(one.told).toEqual(['lost: ECONNREFUSED', 'back']);
  expect(await one.read('/b')).toBe(3);
  await holds(redis, 1);
  expect(await other.read('/b')).toBe(3);
});

test('a Redis that answers after five seconds is asked once, though it can be connected to meanwhile', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  const one = openReplica(platform, redis.url, { patienceMs: null, restMs: 900_000 });
  await one.ready;
  redis.delay(5_000);
  for (let index = 1; index <= 30; index += 1) expect(await one.read(`/${index}`)).toBe(index);
  redis.delay(0);
  // After two seconds the connection is given up.
  await vi.waitFor(() => expect(redis.commands.filter((name) => name === 'auth')).toHaveLength(2), 10_000);
  await pause(200);
  await one.read('/later');
  expect([await redis.lookups(), one.told]).toEqual([1, ['lost: TIMEOUT']]);
});

test('a Redis that does not answer to what is written is lost until it does', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  const one = openReplica(platform, redis.url);
  await one.ready;
  redis.hang();
  expect(await one.read('/a', { fresh: true })).toBe(1);
  await vi.waitFor(() => expect(one.told).toHaveLength(1), 10_000);
  redis.goOn();
  await pause(1_000);
  expect(one.told).toHaveLength(1);
  await one.read('/b', { fresh: true });
  await one.settled();
  expect(one.told).toEqual([expect.stringMatching(/^lost: /), 'back']);
});

test('one operation waits for a Redis that takes its time no longer than 0.3 seconds, and one look-up', async () => {
  const [platform, redis, clock] = [await startCounter(), await startStandIn(), createClock()];
  const one = openReplica(platform, redis.url, { clock });
  await one.ready;
  async function readSlowly(upstream: OpenUpstream, ms: number, ...paths: readonly string[]): Promise<void> {
    redis.hang();
    const reads = Promise.all(paths.map((path) => upstream.get(path, { schema: anything })));
    await pause(0);
    clock.advance(ms);
    redis.goOn();
    await reads;
  }
  const first = one.source.open(createCall());
  for (let index = 1; index <= 7; index += 1) await readSlowly(first, 60, `/${index}`);
  expect(await redis.lookups()).toBe(5);
  // Those at the same time are waited for once.
  const second = one.source.open(createCall());
  await readSlowly(second, 290, ...Array.from({ length: 20 }, (_, index) => `/at-once/${index}`));
  await readSlowly(second, 10, '/one-more');
  await readSlowly(second, 10, '/too-many');
  expect(await redis.lookups()).toBe(5 + 20 + 1);
});

test.each([
  '$1000000000\r\nonly the beginning',
  '$-2\r\n',
  '?\r\n',
  ':7\r\n',
  '*1\r\n$1\r\na\r\n',
  '-ERR nobody knows\r\n',
])('rubbish in answer to a look-up is no failure: %j', async (reply) => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  const one = openReplica(platform, redis.url);
  await one.ready;
  redis.insist(reply);
  expect([await one.read('/a'), await one.read('/b'), await one.read('/a')]).toEqual([1, 2, 1]);
});

test('a connection that breaks in the middle of a look-up is no failure', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  const one = openReplica(platform, redis.url);
  await one.ready;
  redis.hang();
  const read = one.read();
  await redis.kill();
  expect(await read).toBe(1);
  expect(one.told).toHaveLength(1);
});

test('a wrong password is a warning, once', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  const wrong = redis.url.replace(encodeURIComponent(password), 'mistyped');
  const one = openReplica(platform, wrong);
  await pause(1_500);
  expect(await one.read()).toBe(1);
  expect(one.told).toEqual(['lost: WRONGPASS']);
});

test('a Redis without the database of its URL is not used', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startStandIn()]);
  const one = openReplica(platform, `${redis.url}/3`);
  await vi.waitFor(() => expect(one.told).toHaveLength(1), 10_000);
  await pause(500);
  expect(await one.read()).toBe(1);
  await one.settled();
  expect([one.told, await redis.keys()]).toEqual([['lost: ERR'], []]);
});
