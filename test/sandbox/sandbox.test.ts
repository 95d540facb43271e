import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { platformNames, type RunningPlatform, startPlatform } from '../sandbox-controls/platform.ts';
import { startSandbox } from '../sandbox-controls/sandbox.ts';
import { ask } from './ask.ts';

const main = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));

async function snapshot(platform: RunningPlatform): Promise<readonly string[]> {
  const headers = { 'x-user-id': 'alice' };
  const agent = platform.agentIds()[0];
  const paths = {
    foundry: ['/agents?api-version=v1', `/agents/${agent}/endpoint/sessions?api-version=v1&limit=100`],
    everruns: ['/v1/sessions?limit=100', '/v1/agents', '/v1/orgs'],
    agentscope: ['/agent/', `/sessions/?agent_id=${agent}`],
    agno: ['/sessions?limit=100', '/agents', '/teams', '/workflows', '/config', '/info'],
  }[platform.platform];
  const answers = await Promise.all(paths.map((path) => ask(platform.url, path, { headers })));
  return answers.map(({ status, body }) => `${status} ${body.replaceAll(platform.url, '')}`);
}

test('starts one source for each documented API', async () => {
  await using sandbox = await startSandbox();
  const { sources } = sandbox;
  expect(sources.map(({ id, provider, platform, settings }) => [id, provider, platform.dialect, settings])).toEqual([
    ['foundry', 'foundry', null, {}],
    ['everruns', 'everruns', null, {}],
    ['agentscope-records', 'agentscope', '2.0.0', { user: { constant: 'alice' }, timezone: 'UTC' }],
    ['agentscope-views', 'agentscope', '2.0.10', { user: { constant: 'alice' }, timezone: 'UTC' }],
    ['agno', 'agno', '2.9', {}],
  ]);
  const count = (idsOf: (platform: RunningPlatform) => number): number =>
    sources.reduce((sum, { platform }) => sum + idsOf(platform), 0);
  const everyone = (platform: RunningPlatform, ids: (owner?: string) => readonly string[]): number =>
    platform.platform === 'agentscope'
      ? ['alice', 'bob', 'carol'].reduce((sum, user) => sum + ids(user).length, 0)
      : ids().length;
  expect(count((platform) => everyone(platform, platform.sessionIds))).toBe(2000);
  expect(count((platform) => everyone(platform, platform.agentIds))).toBe(40);
});

test('gives the same answers for the same seed, and others for another', async () => {
  const answersOf = async (seed: number) => {
    await using sandbox = await startSandbox({ seed, size: 300 });
    const { sources } = sandbox;
    return await Promise.all(sources.map(({ platform }) => snapshot(platform)));
  };
  const [first, again, other] = [await answersOf(7), await answersOf(7), await answersOf(8)];
  expect(first.flat().every((answer) => answer.startsWith('200 '))).toBe(true);
  expect(again).toEqual(first);
  for (const [index, answers] of other.entries()) expect(answers).not.toEqual(first[index]);
});

test('never speaks of a time after its fixed now', async () => {
  await using sandbox = await startSandbox();
  const { sources } = sandbox;
  const everruns = sources.find(({ id }) => id === 'everruns')?.platform;
  const body = (await ask(everruns?.url ?? '', '/v1/sessions?limit=100')).body;
  const times = [...body.matchAll(/"\w+_at":"([^"]+)"/g)].map(([, time]) => time ?? '');
  expect(times.length).toBeGreaterThan(200);
  expect(times.filter((time) => time > '2026-11-20T12:00:00Z')).toEqual([]);
});

test.each([0, 1, 2])('seeds %i sessions on each platform', async (sessions) => {
  for (const platform of platformNames) {
    await using one = await startPlatform({ platform, sessions, users: ['alice'] });
    expect(one.sessionIds()).toHaveLength(sessions);
  }
});

test('refuses a dialect it does not speak', async () => {
  await expect(startPlatform({ platform: 'agno', dialect: '1.0' })).rejects.toThrow(
    'The agno sandbox has no dialect 1.0; known: 2.3, 2.9, 3.1.',
  );
});

test('stops what it started when one port is taken', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const address = blocker.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startSandbox({ size: 20, ports: { agno: taken } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  blocker.close();
});

function runMain(args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (piece: Buffer): void => {
    output += piece.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended, output: () => output };
}

test('runs alone, says where it is, and stops on SIGTERM', async () => {
  const args = ['--seed', '3', '--size', '100', '--agno', '2.3', '--everruns-sessions', '250'];
  const { child, ended, output } = runMain(args);
  await expect.poll(output, { timeout: 900_000 }).toContain('Ctrl-C stops it.');
  expect(output()).toMatch(/everruns\s+http:\/\/127\.0\.0\.1:\d+\/api\s+250 sessions/);
  expect(output()).toMatch(
    /- \{ id: agentscope-records, provider: agentscope, url: "http:\/\/127\.0\.0\.1:\d+", user: \{ constant: alice \}, timezone: UTC \}/,
  );
  const url = /agno\s+(http:\S+)\s+20 sessions \(2\.3\)/.exec(output())?.[1] ?? '';
  expect((await ask(url, '/info')).status).toBe(404);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('explains a wrong argument in a sentence', async () => {
  const { ended, output } = runMain(['--agno', '1.0']);
  expect(await ended).toBe(1);
  expect(output()).toContain("--agno wants one of 2.3, 2.9, 3.1, not '1.0'.");
  expect(output()).not.toContain('    at ');
});
