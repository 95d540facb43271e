import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toConfig } from '../../src/config/load-config.ts';
import { createLog } from '../../src/server/log.ts';
import { secretsOf } from '../../src/server/secrets.ts';
import { password } from '../http/redis-server.ts';
import { type StandIn, startStandIn } from '../http/redis-stand-in.ts';
import { type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { type Asked, nowhere, open } from './ask.ts';
import { run, withFile, withoutPackage } from './process.ts';

const secret = 'a shared secret of more than thirty-two characters';
const auth = { mode: 'header', header: 'x-viewer', secretHeader: 'x-proxy-secret', secret };
const as = (viewer: string) => ({ 'x-viewer': viewer, 'x-proxy-secret': secret });
const query = '{ sessions(first: 10) { nodes { id title agent { id name } } outcomes { status } } }';
const encoded = encodeURIComponent(password);

async function start(platform: RunningPlatform['platform']): Promise<RunningPlatform> {
  const started = await startPlatform({ platform, sessions: 30 });
  onTestFinished(() => started.close());
  return started;
}

function openReplica(platforms: readonly RunningPlatform[], url: string): Asked {
  const sources = platforms.map((each) => ({
    id: each.platform,
    provider: each.platform,
    url: each.url,
    ...(each.platform === 'agentscope' ? { user: 'viewer' } : {}),
  }));
  const sharing = { redis: url, sessionsMs: 600_000, directoryMs: 600_000 };
  const server = open({ server: { auth, sharing, log: { level: 'debug' } }, sources });
  onTestFinished(() => server.app.close());
  return server;
}

/** The last that a new connection is asked is INFO, before it is used. */
async function connected(redis: StandIn, count: number): Promise<void> {
  await vi.waitFor(() => expect(redis.commands.filter((name) => name === 'info')).toHaveLength(count), 10_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
}

/** A write delays no answer, so some may come later. */
async function quiet(redis: StandIn): Promise<void> {
  let before = -1;
  await vi.waitFor(async () => {
    const size = redis.commands.length;
    const isQuiet = size === before;
    before = size;
    expect(isQuiet).toBe(true);
  }, 10_000);
}

test('a page of every platform that one replica has read costs another no request', async () => {
  const platforms = await Promise.all((['foundry', 'everruns', 'agentscope', 'agno'] as const).map(start));
  const redis = await startStandIn();
  let opened = 0;
  // A machine may be too busy to look in Redis in time: what is missing then is read once more, by the next replica.
  const other = await vi.waitFor(
    async () => {
      const [one, next] = [openReplica(platforms, redis.url), openReplica(platforms, redis.url)];
      opened += 2;
      await connected(redis, opened);
      const first = await one.ask({ query }, as('alice'));
      await quiet(redis);
      for (const platform of platforms) platform.clearRequests();
      const second = await next.ask({ query }, as('alice'));
      expect(second.json).toEqual(first.json);
      const asked = platforms.flatMap(({ platform, requests }) => requests.map(({ url }) => `${platform} ${url}`));
      expect(asked).toEqual([]);
      return next;
    },
    { timeout: 100_000 },
  );
  // What a source reads as the viewer is another's no more than in one process.
  await other.ask({ query }, as('bob'));
  expect([...new Set(platforms.filter(({ requests }) => requests.length > 0).map(({ platform }) => platform))]).toEqual(
    ['agentscope'],
  );
  const stored = (await redis.keys()).join(' ');
  expect(stored).not.toMatch(/alice|bob|agentscope|sessions/);
});

test('whether a source answers at the start is not seen from what another replica read', async () => {
  const platform = await start('everruns');
  const redis = await startStandIn();
  const [one, other] = [openReplica([platform], redis.url), openReplica([platform], redis.url)];
  await connected(redis, 2);
  await Promise.all(one.app.tryOut());
  await quiet(redis);
  platform.clearRequests();
  await Promise.all(other.app.tryOut());
  expect(platform.requests).toHaveLength(1);
});

test('what an error says of the address of Redis is not logged', () => {
  const url = `redis://alice:${encoded}@redis.example:6379/2`;
  const lines: string[] = [];
  const secrets = secretsOf(toConfig({ server: { sharing: { redis: url } }, sources: [nowhere] }));
  const log = createLog({ level: 'info', secrets, stream: { write: (line) => void lines.push(line) } });
  log.failure(null, new Error(`no ${url}, no rediss://other.example:6380, no ${password}, no ${encoded}`));
  const [line = ''] = lines;
  expect(JSON.parse(line).error.message).toBe('no [secret], no [url] no [secret], no [secret]');
  for (const text of [password, encoded, '.example']) expect(line).not.toContain(text);
});

test('the log says when Redis is gone and when it is back, and never its password', async () => {
  const platform = await start('everruns');
  const redis = await startStandIn();
  const right = openReplica([platform], redis.url);
  const wrong = openReplica([platform], redis.url.replace(encoded, encodeURIComponent(`${password}, mistyped`)));
  const told = (asked: Asked) =>
    asked
      .logged()
      .map((line) => JSON.parse(line))
      .filter(({ msg }) => msg === 'redis')
      .map(({ level, state, reason }) => ({ level, state, reason }));
  await connected(redis, 1);
  await vi.waitFor(() => expect(told(wrong)).toHaveLength(1), 10_000);
  await redis.kill();
  for (const { ask } of [right, wrong]) expect((await ask({ query }, as('alice'))).json).not.toHaveProperty('errors');
  await redis.start();
  await vi.waitFor(() => expect(told(right)).toHaveLength(2), 10_000);
  expect(told(right)).toEqual([
    { level: 40, state: 'lost', reason: expect.stringMatching(/^(CLOSED|EPIPE|ECONN[A-Z]+)$/) },
    { level: 30, state: 'back' },
  ]);
  expect(told(wrong)).toEqual([{ level: 40, state: 'lost', reason: 'WRONGPASS' }]);
  const lines = [...right.logged(), ...wrong.logged()].join('');
  expect(lines).toContain('"operation"');
  for (const text of [password, encoded, 'mistyped', 'redis://']) expect(lines).not.toContain(text);
});

const sources = 'sources: [{ id: a, provider: everruns, url: "http://127.0.0.1:9" }]';

test.each(['there', 'gone', 'hanging'])('ends cleanly when it is asked to while Redis is %s', async (state) => {
  const redis = await startStandIn();
  if (state === 'gone') await redis.kill();
  const config = `server: { port: 0, sharing: { redis: "\${REDIS}" } }\n${sources}\n`;
  await withFile(config, async (path) => {
    const { child, printed, ended } = run(['--config', path], { REDIS: redis.url });
    await printed('a  does not answer');
    if (state !== 'gone') await connected(redis, 1);
    if (state === 'hanging') redis.hang();
    const since = performance.now();
    child.kill('SIGTERM');
    const { code, out, err } = await ended;
    expect(code).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000);
    for (const text of [password, encoded]) expect(`${out}${err}`).not.toContain(text);
    expect(err.includes('ECONNREFUSED') && err.includes('"lost"')).toBe(state === 'gone');
  });
});

const { ioredis } = JSON.parse(readFileSync('package.json', 'utf8')).peerDependencies;

test('says which package to install when it is missing', async () => {
  const config = `server: { port: 0, sharing: { redis: "redis://127.0.0.1:9" } }\n${sources}\n`;
  await withFile(config, async (path) => {
    expect(await run(['--config', path], withoutPackage('ioredis')).ended).toEqual({
      code: 1,
      out: 'ioredis was looked for\n',
      err: `server.sharing.redis  needs a package that is not installed: npm install --omit=dev --no-save --save-prod ioredis@${ioredis}\n`,
    });
  });
});

test('needs no package where Redis is not configured', async () => {
  await withFile(`server: { port: 0 }\n${sources}\n`, async (path) => {
    const { child, printed, ended } = run(['--config', path], withoutPackage('ioredis'));
    await printed('a  does not answer');
    child.kill('SIGTERM');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).not.toContain('ioredis');
  });
});
