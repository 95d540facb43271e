import { expect, test, vi } from 'vitest';
import { password } from '../http/redis-server.ts';
import { describeReplicas, holds, openReplica, startCounter } from '../http/replicas-suite.ts';
import { startRedis } from './redis-server.ts';

describeReplicas(startRedis);

const account = 'graph';
const documented = ['+get', '+eval', '+getrange', '+set', '+select', '+info', '~session-graph:*'];

test('an account that may do what is documented, in a database of its own, is enough', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
  await redis.client.acl('SETUSER', account, 'on', `>${password}`, ...documented);
  const url = `${redis.url.replace('//:', `//${account}:`)}/3`;
  const [one, other] = [openReplica(platform, url), openReplica(platform, url)];
  await Promise.all([one.ready, other.ready]);
  expect(await one.read()).toBe(1);
  await one.settled();
  expect(await other.read()).toBe(1);
  expect(await redis.keys()).toEqual([]);
  await redis.client.select(3);
  await holds(redis, 1);
  expect([...one.told, ...other.told]).toEqual([]);
});

test.each(documented.filter((right) => right !== '+info'))('an account without %s is a warning', async (missing) => {
  const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
  const rights = documented.filter((right) => right !== missing);
  await redis.client.acl('SETUSER', account, 'on', `>${password}`, ...rights);
  const one = openReplica(platform, `${redis.url.replace('//:', `//${account}:`)}/3`);
  for (let index = 1; one.told.length === 0; index += 1) {
    expect(await one.read(`/${index}`)).toBe(index);
    await one.settled();
  }
  // Time for a few more attempts.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(one.told).toEqual([expect.stringMatching(/^lost: (NOPERM|ERR)$/)]);
  expect(await redis.keys()).toEqual([]);
});

test('where there is no such database no other is used', async () => {
  const [platform, redis] = await Promise.all([startCounter(), startRedis()]);
  const one = openReplica(platform, `${redis.url}/16`);
  await vi.waitFor(() => expect(one.told).toHaveLength(1), 10_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await one.read()).toBe(1);
  await one.settled();
  expect([one.told, await redis.keys()]).toEqual([['lost: ERR'], []]);
});
