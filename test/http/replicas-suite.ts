import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import type { HttpAuth } from '../../src/http/auth.ts';
import type { HttpSource } from '../../src/http/client.ts';
import { createKeptAnswers } from '../../src/http/kept-answers.ts';
import { type ConnectRedis, loadRedis } from '../../src/http/redis.ts';
import { createReplicas } from '../../src/http/replicas.ts';
import { toSourceSharing } from '../../src/http/sharing.ts';
import { version } from '../../src/http/version.ts';
import { createGate } from './gate.ts';
import type { RedisServer } from './redis-server.ts';
import { sendJson, sendStatus, startServer, type TestServer } from './server.ts';
import { anything, createCall, createClock, failureOf, startSource } from './source.ts';

const times = { enabled: true, sessionsMs: 60_000, directoryMs: 120_000, staleMs: 0 };
const wall = 1_795_000_000_000;

/** Answers each request by its number, counted from one. */
export async function startCounter(): Promise<TestServer> {
  const server = await startServer((_request, response) => sendJson(response, server.requests.length));
  return server;
}

export interface Replica {
  readonly source: HttpSource;
  /** What the log was told. */
  readonly told: readonly string[];
  /** Resolves when Redis can be asked. */
  readonly ready: Promise<void>;
  /** Resolves when Redis has answered to every write: no answer waits for it. */
  settled(): Promise<unknown>;
  close(): void;
  read(path?: string, parts?: { readonly fresh?: boolean }): Promise<unknown>;
}

interface ReplicaOptions {
  readonly settings?: Partial<typeof times>;
  readonly auth?: HttpAuth;
  readonly clock?: { now(): number };
  /** How far its clock on the wall is ahead. */
  readonly aheadMs?: number;
  /** Null for what it usually is: a machine may be too busy for that. */
  readonly patienceMs?: number | null;
  readonly restMs?: number;
}

/** What one process has: a source and a memory of its own, and a connection to Redis. */
export function openReplica(platform: TestServer, url: string, options: ReplicaOptions = {}): Replica {
  const { settings = {}, auth, clock = { now: () => 0 }, aheadMs = 0, patienceMs = 900_000, restMs = 100 } = options;
  const load = loadRedis();
  if (load === null) throw new Error('ioredis is not installed.');
  const ready = createGate();
  const writes: Promise<unknown>[] = [];
  const connect: ConnectRedis = (to, events) => {
    const onReady = () => {
      events.onReady();
      ready.open();
    };
    const redis = load(to, { ...events, onReady });
    return {
      ...redis,
      setLatest(...words) {
        const write = redis.setLatest(...words);
        writes.push(write.catch(() => {}));
        return write;
      },
    };
  };
  const told: string[] = [];
  const report = {
    redisLost: (reason: string) => void told.push(`lost: ${reason}`),
    redisBack: () => void told.push('back'),
  };
  const now = () => wall + aheadMs + clock.now();
  const patience = patienceMs === null ? {} : { patienceMs };
  const replicas = createReplicas({ url, connect, report, now, restMs, ...patience });
  onTestFinished(replicas.close);
  const sharing = toSourceSharing({ ...times, ...settings }, createKeptAnswers(1_000_000, clock.now), replicas);
  const limits = { retries: 0, breakerFailures: 1_000 };
  const source = startSource(platform.url, {
    sharing,
    limits,
    now: clock.now,
    ...(auth === undefined ? {} : { auth }),
  });
  return {
    source,
    ready: ready.opened,
    settled: () => Promise.all(writes),
    close: replicas.close,
    told,
    read: (path = '/a', parts = {}) => source.open(createCall(parts)).get(path, { schema: anything }),
  };
}

/** A write delays no answer, so it may come later. */
export function holds(redis: RedisServer, count: number): Promise<readonly string[]> {
  return vi.waitFor(async () => {
    const keys = await redis.keys();
    expect(keys).toHaveLength(count);
    return keys;
  }, 10_000);
}

/** What replicas share through a Redis, whichever it is. */
export function describeReplicas<Server extends RedisServer>(startRedis: () => Promise<Server>): void {
  async function startReplica(
    platform: TestServer,
    redis: RedisServer,
    options: ReplicaOptions = {},
  ): Promise<Replica> {
    const replica = openReplica(platform, redis.url, options);
    await replica.ready;
    return replica;
  }

  /** Whether Redis answers again is seen when it is next asked. */
  async function isBack({ told, read }: Replica): Promise<void> {
    for (let index = 0; !told.includes('back'); index += 1) {
      await read(`/later/${index}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Until the only key holds this. */
  async function comesToHold(redis: RedisServer, value: RegExp): Promise<void> {
    await vi.waitFor(async () => expect(await redis.read((await redis.keys())[0] ?? '')).toMatch(value), 10_000);
  }

  test('what one replica has read, another does not ask the platform for', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const [one, other] = await Promise.all([startReplica(platform, redis), startReplica(platform, redis)]);
    expect(await one.read()).toBe(1);
    await holds(redis, 1);
    expect(await other.read()).toBe(1);
    expect(platform.requests).toEqual(['GET /a']);
    // It has it in its own memory now.
    await redis.clear();
    expect(await other.read()).toBe(1);
    expect([...one.told, ...other.told]).toEqual([]);
  });

  test('what several want at the same time is looked up once', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const [one, other] = await Promise.all([startReplica(platform, redis), startReplica(platform, redis)]);
    await one.read();
    await holds(redis, 1);
    const before = await redis.lookups();
    expect(await Promise.all([1, 2, 3].map(() => other.read()))).toEqual([1, 1, 1]);
    expect(await redis.lookups()).toBe(before + 1);
  });

  test('each replica reads what is shared with its own schema, once', async () => {
    const [platform, redis] = await Promise.all([
      startServer((_request, response) => sendJson(response, { id: 12345678901234567890n.toString(), name: 'one' })),
      startRedis(),
    ]);
    const [one, other] = await Promise.all([startReplica(platform, redis), startReplica(platform, redis)]);
    const schema = z.object({ name: z.string() }).transform(({ name }) => ({ title: name }));
    expect(await one.read()).toEqual({ id: '12345678901234567890', name: 'one' });
    await holds(redis, 1);
    expect(await other.source.open(createCall()).get('/a', { schema })).toEqual({ title: 'one' });
    expect(platform.requests).toHaveLength(1);
  });

  test('nothing is shared between users, credentials, platforms, addresses, parameters or headers', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const elsewhere = await startServer((_request, response) => sendJson(response, 'elsewhere'));
    const bearer = (token: string) => ({ auth: { kind: 'bearer', token } }) as const;
    const forward = { auth: { kind: 'forward', header: 'authorization' } } as const;
    const replicasOf = async () =>
      Promise.all([
        startReplica(platform, redis),
        startReplica(platform, redis, bearer('one-credential')),
        startReplica(platform, redis, bearer('another-credential')),
        startReplica(platform, redis, forward),
      ]);
    const user = (name: string) => createCall({ identity: { headers: { 'x-user': name }, query: {} } });
    const readsOf = ([none, mine, other, forwarding]: Awaited<ReturnType<typeof replicasOf>>) => [
      () => none.read(),
      () => none.source.open(user('alice')).get('/a', { schema: anything }),
      () => none.source.open(user('bob')).get('/a', { schema: anything }),
      () =>
        none.source
          .open(createCall({ identity: { headers: {}, query: { user: 'alice' } } }))
          .get('/a', { schema: anything }),
      () => none.read('/b'),
      () => none.source.open(createCall()).get('/a', { schema: anything, query: { page: 2 } }),
      () => none.source.open(createCall()).get('/a', { schema: anything, headers: { 'x-feature': 'on' } }),
      () => mine.read(),
      () => other.read(),
      () => forwarding.source.open(createCall({ forwarded: { authorization: 'A' } })).get('/a', { schema: anything }),
      () => forwarding.source.open(createCall({ forwarded: { authorization: 'B' } })).get('/a', { schema: anything }),
    ];
    const reads = readsOf(await replicasOf());
    for (const [index, read] of reads.entries()) expect(await read()).toBe(index + 1);
    await holds(redis, reads.length);
    // Other processes find each again, and nothing else.
    for (const [index, read] of readsOf(await replicasOf()).entries()) expect(await read()).toBe(index + 1);
    expect(await (await startReplica(elsewhere, redis)).read()).toBe('elsewhere');

    await holds(redis, reads.length + 1);
    const keys = await redis.keys();
    for (const key of keys) expect(key).toMatch(/^session-graph:\d+\.\d+\.\d+:[\w-]{43}$/);
    expect(keys.every((key) => key.startsWith(`session-graph:${version}:`))).toBe(true);
  });

  test('an answer is used for its time from when it was read, and is gone from Redis then', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const clock = createClock();
    const [one, other] = await Promise.all([
      startReplica(platform, redis, { clock }),
      startReplica(platform, redis, { clock }),
    ]);
    expect(await one.read()).toBe(1);
    await holds(redis, 1);
    const [key = ''] = await redis.keys();
    const leftMs = await redis.leftMs(key);
    expect([leftMs > 0, leftMs <= 60_000]).toEqual([true, true]);
    clock.advance(40_000);
    expect(await other.read()).toBe(1);
    // Where it came from makes it no younger.
    clock.advance(20_001);
    expect(await other.read()).toBe(2);
    await comesToHold(redis, /\n2$/);
    expect(await one.read()).toBe(2);
  });

  test('nothing is kept in Redis of what is not kept at all', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const one = await startReplica(platform, redis, { settings: { sessionsMs: 0 } });
    expect([await one.read(), await one.read()]).toEqual([1, 2]);
    expect([await redis.lookups(), await redis.keys()]).toEqual([0, []]);
  });

  test.each([
    ['letters', 'x'.repeat(1_048_576)],
    ['bytes', 'é'.repeat(600_000)],
  ])('an answer of more than a mebibyte in %s is not shared, nor an older one in its place', async (_what, large) => {
    const redis = await startRedis();
    const platform = await startServer((_request, response, index) => sendJson(response, index === 1 ? large : index));
    const clock = createClock();
    const start = () => startReplica(platform, redis, { clock });
    const [one, other] = await Promise.all([start(), start()]);
    await one.read();
    await comesToHold(redis, /\n0$/);
    clock.advance(1);
    expect(await one.read('/a', { fresh: true })).toBe(large);
    await comesToHold(redis, /^\d+\n$/);
    expect(await other.read()).toBe(2);
  });

  test('who wants it fresh gets it fresh, and other replicas have that answer then', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const [one, other] = await Promise.all([startReplica(platform, redis), startReplica(platform, redis)]);
    expect(await one.read()).toBe(1);
    await holds(redis, 1);
    expect(await other.read('/a', { fresh: true })).toBe(2);
    await comesToHold(redis, /\n2$/);
    const third = await startReplica(platform, redis);
    expect(await third.read()).toBe(2);
  });

  test('who reads the same twice in one operation is answered anew', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const one = await startReplica(platform, redis);
    const upstream = one.source.open(createCall());
    const get = () => upstream.get('/a', { schema: anything });
    expect(await get()).toBe(1);
    await holds(redis, 1);
    expect(await get()).toBe(2);
  });

  test('what the platform refuses to one replica is given by no other', async () => {
    let status = 200;
    const redis = await startRedis();
    const platform = await startServer((_request, response) =>
      status === 200 ? sendJson(response, 'before') : sendStatus(response, status),
    );
    const clock = createClock();
    const [one, other] = await Promise.all([
      startReplica(platform, redis, { clock }),
      startReplica(platform, redis, { clock }),
    ]);
    expect(await one.read()).toBe('before');
    await comesToHold(redis, /before/);
    status = 403;
    clock.advance(1);
    expect((await failureOf(one.read('/a', { fresh: true }))).code).toBe('UPSTREAM_FORBIDDEN');
    await comesToHold(redis, /^\d+\n$/);
    expect((await failureOf(other.read())).code).toBe('UPSTREAM_FORBIDDEN');
  });

  /** Answers when it is told to, in any order. */
  async function startSlowPlatform(): Promise<TestServer & { readonly responses: readonly ServerResponse[] }> {
    const responses: ServerResponse[] = [];
    const server = await startServer((_request, response) => void responses.push(response));
    return { ...server, responses };
  }

  test('an answer that was asked for before it was refused elsewhere is not shared', async () => {
    const [platform, redis, clock] = [await startSlowPlatform(), await startRedis(), createClock()];
    const start = () => startReplica(platform, redis, { clock });
    const [slow, refused, third] = await Promise.all([start(), start(), start()]);
    const before = slow.read();
    await platform.arrived(1);
    clock.advance(1);
    const failure = failureOf(refused.read());
    await platform.arrived(2);
    sendStatus(platform.responses[1] as ServerResponse, 403);
    expect((await failure).code).toBe('UPSTREAM_FORBIDDEN');
    await comesToHold(redis, /^\d+\n$/);
    sendJson(platform.responses[0] as ServerResponse, 'before');
    expect(await before).toBe('before');
    await slow.settled();
    const after = third.read();
    await platform.arrived(3);
    sendJson(platform.responses[2] as ServerResponse, 'after');
    expect(await after).toBe('after');
  });

  test('an older answer that comes later replaces no newer one', async () => {
    const [platform, redis, clock] = [await startSlowPlatform(), await startRedis(), createClock()];
    const start = () => startReplica(platform, redis, { clock });
    const [slow, quick, third] = await Promise.all([start(), start(), start()]);
    const older = slow.read();
    await platform.arrived(1);
    clock.advance(1);
    const newer = quick.read();
    await platform.arrived(2);
    sendJson(platform.responses[1] as ServerResponse, 'newer');
    expect(await newer).toBe('newer');
    await comesToHold(redis, /newer/);
    sendJson(platform.responses[0] as ServerResponse, 'older');
    expect(await older).toBe('older');
    await slow.settled();
    expect(await third.read()).toBe('newer');
  });

  test('what was refused is not given because Redis could not be told', async () => {
    let status = 200;
    const [redis, clock] = [await startRedis(), createClock()];
    const platform = await startServer((_request, response) =>
      status === 200 ? sendJson(response, 'before') : sendStatus(response, status),
    );
    const start = () => startReplica(platform, redis, { clock });
    const [one, other] = await Promise.all([start(), start()]);
    await one.read();
    await comesToHold(redis, /before/);
    const [key = ''] = await redis.keys();
    const value = String(await redis.read(key));
    status = 403;
    clock.advance(1);
    await failureOf(other.read('/a', { fresh: true }));
    await comesToHold(redis, /^\d+\n$/);
    await redis.put(key, value);
    expect((await failureOf(other.read())).code).toBe('UPSTREAM_FORBIDDEN');
  });

  test.each([1, 3_600_000])('an answer by a clock that is %d ms ahead is as good as not there', async (aheadMs) => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const [one, other] = await Promise.all([startReplica(platform, redis, { aheadMs }), startReplica(platform, redis)]);
    expect(await one.read()).toBe(1);
    await holds(redis, 1);
    expect(await other.read()).toBe(2);
    expect([...one.told, ...other.told]).toEqual([]);
  });

  test('an answer that took longer than it may be used is not shared', async () => {
    const [platform, redis, clock] = [await startSlowPlatform(), await startRedis(), createClock()];
    const one = await startReplica(platform, redis, { clock });
    const read = one.read();
    await platform.arrived(1);
    clock.advance(60_000);
    sendJson(platform.responses[0] as ServerResponse, 'late');
    expect(await read).toBe('late');
    await one.settled();
    expect(await redis.keys()).toEqual([]);
  });

  test.each([
    'nonsense',
    '{"readAt":1,"value":2}',
    `${wall}\n{"name":`,
    `${wall}\n{"name":7}`,
    `${wall}`,
    `\n{"name":"without a time"}`,
    '',
  ])('what Redis holds is read from the platform when it is not an answer: %j', async (value) => {
    const [platform, redis] = await Promise.all([
      startServer((_request, response) => sendJson(response, { name: 'from the platform' })),
      startRedis(),
    ]);
    const schema = z.object({ name: z.string() });
    const one = await startReplica(platform, redis);
    await one.read();
    await holds(redis, 1);
    const [key = ''] = await redis.keys();
    await redis.put(key, value);
    const other = await startReplica(platform, redis);
    expect(await other.source.open(createCall()).get('/a', { schema })).toEqual({ name: 'from the platform' });
    expect(platform.requests).toHaveLength(2);
    // The next replica has no more trouble with it.
    await comesToHold(redis, /from the platform/);
    expect(other.told).toEqual([]);
  });

  test('a value of another type is replaced, and others are found meanwhile', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const one = await startReplica(platform, redis);
    await one.read('/a');
    const [key = ''] = await holds(redis, 1);
    await one.read('/b');
    await holds(redis, 2);
    await redis.putList(key);
    const other = await startReplica(platform, redis);
    expect([await other.read('/a'), await other.read('/b')]).toEqual([3, 2]);
    await vi.waitFor(async () => expect(await redis.read(key)).toMatch(/\n3$/), 10_000);
    expect(other.told).toEqual([]);
  });

  test('when the platform fails, what another replica read is used if it is not too old', async () => {
    let status = 200;
    const redis = await startRedis();
    const platform = await startServer((_request, response) =>
      status === 200 ? sendJson(response, 'before') : sendStatus(response, status),
    );
    const clock = createClock();
    const options = { clock, settings: { staleMs: 300_000 } };
    const [one, other] = await Promise.all([
      startReplica(platform, redis, options),
      startReplica(platform, redis, options),
    ]);
    await one.read();
    await holds(redis, 1);
    status = 500;
    clock.advance(100_000);
    const upstream = other.source.open(createCall());
    expect(await upstream.get('/a', { schema: anything })).toBe('before');
    expect(upstream.staleAgeMs()).toBe(100_000);
    expect(platform.requests).toHaveLength(2);
    clock.advance(200_001);
    expect((await failureOf(other.read())).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  test('without Redis each replica reads for itself, says so once, and says when it is back', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const [one, other] = await Promise.all([startReplica(platform, redis), startReplica(platform, redis)]);
    await redis.kill();
    expect([await one.read('/a'), await one.read('/b'), await other.read('/a')]).toEqual([1, 2, 3]);
    await vi.waitFor(
      () => expect([one.told, other.told]).toMatchObject([[expect.anything()], [expect.anything()]]),
      10_000,
    );
    // Time for a few attempts to connect.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([one.told, other.told]).toEqual([
      [expect.stringMatching(/^lost: (CLOSED|ECONN[A-Z]+)$/)],
      [expect.stringMatching(/^lost: (CLOSED|ECONN[A-Z]+)$/)],
    ]);
    await redis.start();
    await Promise.all([isBack(one), isBack(other)]);
    await redis.clear();
    expect(await one.read('/c')).toEqual(expect.any(Number));
    await holds(redis, 1);
    const before = platform.requests.length;
    await other.read('/c');
    expect(platform.requests).toHaveLength(before);
  });

  test('a Redis that hangs delays one look-up by a tenth of a second, and no others until it has rested', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const [patient, hasty] = await Promise.all([
      startReplica(platform, redis, { patienceMs: null, restMs: 900_000 }),
      startReplica(platform, redis, { patienceMs: null }),
    ]);
    redis.hang();
    const since = performance.now();
    for (let index = 1; index <= 20; index += 1) expect(await patient.read(`/${index}`)).toBe(index);
    expect(performance.now() - since).toBeGreaterThan(90);
    redis.goOn();
    expect(await redis.lookups()).toBe(1);
    redis.hang();
    await hasty.read('/a');
    redis.goOn();
    await isBack(hasty);
    expect([patient.told, hasty.told]).toEqual([['lost: TIMEOUT'], ['lost: TIMEOUT', 'back']]);
  });

  test('what is not written before the process ends is not missed', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    const one = await startReplica(platform, redis);
    redis.hang();
    expect(await one.read('/a', { fresh: true })).toBe(1);
    one.close();
    // ioredis gives the connection two seconds to end.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(one.told).toEqual([]);
  });

  test('what Redis refuses to keep is no failure of an answer', async () => {
    const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
    await redis.fill();
    const one = await startReplica(platform, redis);
    expect(await one.read('/a')).toBe(1);
    await vi.waitFor(() => expect(one.told).toEqual(['lost: OOM']), 10_000);
    expect(await one.read('/b')).toBe(2);
  });
}
