import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startEmptyPlatform } from './empty-platform.ts';
import { runByNpm, serveWithRunningRequest, signalGroup, withFile } from './process.ts';

/** A signal as it comes from a service manager, which knows npm alone, or from a terminal, which knows all that runs in it. */
const ways = [
  ['SIGTERM to npm alone', 'sh', 'SIGTERM', 'npm'],
  ['SIGTERM to npm alone', 'bash', 'SIGTERM', 'npm'],
  ['SIGINT to npm alone', 'sh', 'SIGINT', 'npm'],
  // It arrives twice: once from the terminal, and once passed on by npm.
  ['Ctrl-C in a terminal', 'sh', 'SIGINT', 'all'],
  ['Ctrl-C in a terminal', 'bash', 'SIGINT', 'all'],
] as const;

test.each(ways)(
  '`npm start` answers what is running and leaves nothing behind on %s (%s)',
  { timeout: 120_000 },
  async (_, shell, signal, whom) => {
    const { child, isOpen, isAlive, answered, finish, ended } = await serveWithRunningRequest((words) =>
      runByNpm(shell, words),
    );
    if (whom === 'npm') child.kill(signal);
    else signalGroup(child, signal);
    while (await isOpen());
    expect(isAlive()).toBe(true);
    finish();
    expect(JSON.parse(await answered)).toEqual({ data: { sessions: { totalCount: 0 } } });
    expect((await ended).code).toBe(0);
    // What has ended stays in its group until its parent, which may be the system's own, has taken note.
    while (isAlive()) await new Promise((resolve) => setImmediate(resolve));
  },
);

test('`npm start` names the process that reads the configuration again on SIGHUP', { timeout: 120_000 }, async () => {
  const { url } = await startEmptyPlatform();
  const config = (id: string) => `server: { port: 0 }\nsources: [{ id: ${id}, provider: everruns, url: "${url}" }]\n`;
  await withFile(config('one'), async (path) => {
    const { child, printed, ended } = runByNpm('sh', ['--config', path]);
    const pid = Number(/kill -HUP (\d+)\n/.exec(await printed('Ctrl-C'))?.[1]);
    expect(pid).not.toBe(child.pid);
    writeFileSync(path, config('two'));
    process.kill(pid, 'SIGHUP');
    await printed('  two  reachable\n');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});
