import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Config, SourceEntry } from '../../src/config/config.ts';
import { toConfig } from '../../src/config/load-config.ts';
import { createServer, type Server } from '../../src/server/server.ts';
import { startStandIn } from '../http/redis-stand-in.ts';
import { type EmptyPlatform, startEmptyPlatform } from './empty-platform.ts';

interface World {
  readonly platforms: readonly EmptyPlatform[];
  readonly redisUrl: string;
}

/** Everything that a source can hold: connections that are kept, answers, a connection to Redis. */
function configOf({ platforms, redisUrl }: World, id: string): Config {
  const sharing = { sessionsMs: 600_000, staleMs: 3_600_000, redis: redisUrl };
  return toConfig({
    server: { port: 0, log: { level: 'silent' }, sharing },
    sources: platforms.map(({ url }, index) => ({ id: `${id}-${index}`, provider: 'everruns', url })),
  });
}

async function ask(url: string): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sessions(first: 1) { outcomes { source { slug } status } } }' }),
  });
  return answer.json();
}

/** Only a weak reference stays here to what it was changed to: to its first source, which the server holds while it has it. */
async function changeOnce(server: Server, world: World, id: string): Promise<WeakRef<SourceEntry>> {
  const config = configOf(world, id);
  const url = server.change(config);
  await Promise.all(server.tryOut());
  expect(await ask(url)).toEqual({
    data: {
      sessions: {
        outcomes: world.platforms.map((_, index) => ({ source: { slug: `${id}-${index}` }, status: 'COMPLETE' })),
      },
    },
  });
  const [source] = config.sources;
  if (source === undefined) throw new Error('The configuration has no source.');
  return new WeakRef(source);
}

/** Every timer that is set from now on, held weakly: one that waits is held by Node. */
function watchTimers(): () => readonly unknown[] {
  const timers: WeakRef<NodeJS.Timeout>[] = [];
  const watched = new Proxy(setTimeout, {
    apply(target, self, words) {
      const timer = Reflect.apply(target, self, words);
      timers.push(new WeakRef(timer));
      return timer;
    },
  });
  vi.stubGlobal('setTimeout', watched);
  onTestFinished(() => void vi.unstubAllGlobals());
  return () => timers.filter((timer) => timer.deref() !== undefined);
}

test('of forty configurations nothing is left but the last', { timeout: 120_000 }, async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const [platforms, redis] = [[await startEmptyPlatform(), await startEmptyPlatform()], await startStandIn()];
  const world = { platforms, redisUrl: redis.url };
  const server = createServer(configOf(world, 'first'));
  onTestFinished(() => server.close());
  await server.listen();
  const timers = watchTimers();
  const sources = [await changeOnce(server, world, 'c1')];
  const resources = process.getActiveResourcesInfo().length;
  for (let count = 2; count <= 40; count += 1) sources.push(await changeOnce(server, world, `c${count}`));

  const connections = () => platforms.map((platform) => platform.connections());
  await vi.waitFor(() => expect([...connections(), redis.connections()]).toEqual([1, 1, 1]), 10_000);
  // One left of each would be forty more.
  await vi.waitFor(() => expect(process.getActiveResourcesInfo().length).toBeLessThan(resources + 10), 10_000);
  await vi.waitFor(() => {
    collect();
    expect(sources.slice(0, -1).filter((source) => source.deref() !== undefined)).toHaveLength(0);
    expect(timers().length).toBeLessThan(10);
  }, 20_000);
  expect(sources.at(-1)?.deref()?.id).toBe('c40-0');
});
