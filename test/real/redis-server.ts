import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { password, type RedisServer, toUrl } from '../http/redis-server.ts';
import { findFreePort } from './free-port.ts';
import { findRedisProgram } from './redis-program.ts';

export interface RealRedis extends RedisServer {
  readonly port: number;
  /** To ask it anything else. */
  readonly client: Redis;
}

/** On a loopback port, keeping nothing on disk, until the test is over. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RealRedis> {
  const program = findRedisProgram();
  const port = await findFreePort();
  const words = Object.entries({
    port: String(port),
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    dir: tmpdir(),
    requirepass: password,
    ...settings,
  }).flatMap(([name, value]) => [`--${name}`, value]);
  let child = await begin(program, words);
  onTestFinished(() => void child.kill('SIGKILL'));
  const client = new Redis(toUrl(port), { retryStrategy: () => 50 });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return {
    url: toUrl(port),
    port,
    client,
    keys: () => client.keys('*'),
    // Not with GET, which is counted.
    read: async (key) => ((await client.exists(key)) === 0 ? null : client.getrange(key, 0, -1)),
    leftMs: (key) => client.pttl(key),
    put: async (key, value) => void (await client.set(key, value)),
    async putList(key) {
      await client.del(key);
      await client.lpush(key, 'x');
    },
    clear: async () => void (await client.flushall()),
    lookups: async () => Number(/cmdstat_get:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0),
    fill: async () => void (await client.config('SET', 'maxmemory', '1')),
    async kill() {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
    async start() {
      child = await begin(program, words);
    },
    hang: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
  };
}

async function begin(program: string, words: readonly string[]) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('Ready to accept connections')) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`${program} ended before it took connections.`);
}
