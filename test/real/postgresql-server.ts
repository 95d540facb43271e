import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from './free-port.ts';
import { UnavailableError } from './unavailable.ts';

/** A PostgreSQL on a loopback port, its files in a folder of its own. */
export interface PostgresqlServer {
  readonly port: number;
  /** As the administrator, unless it says otherwise. The schema must be there. */
  urlOf(parts: {
    readonly user?: string;
    readonly password?: string;
    readonly database?: string;
    readonly schema?: string;
  }): string;
  /** At once, as when the machine is gone. */
  kill(): Promise<void>;
  /** On the same port, with what was there. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const administrator = 'graph';
export const password = 'p/ss word of postgres';
/** Whether a server can be started at all. */
export function findPostgresql(): void {
  if (spawnSync(programOf('initdb'), ['--version']).status === 0) return;
  throw new UnavailableError('PostgreSQL cannot be had, so the catalog in it cannot be tried.');
}

export async function startPostgresql(): Promise<PostgresqlServer> {
  // A server refuses to run as root; the packages bring a user for it.
  const account = process.getuid?.() === 0 ? readAccount('postgres') : null;
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-postgresql-'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(passwordFile, 0o644);
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    programOf('initdb'),
    ['--pgdata', data, '--username', administrator, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'].concat([
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ]),
    { cwd: '/', ...account },
  );
  if (made.status !== 0) throw new UnavailableError(`PostgreSQL cannot be had: ${made.stderr ?? made.error}`);
  const port = await findFreePort();
  let child: ChildProcess;

  async function start(): Promise<void> {
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'fsync=off',
      'max_connections=60',
    ];
    const words = settings.flatMap((setting) => ['-c', setting]);
    const started = spawn(programOf('postgres'), ['-D', data, ...words], {
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      ...account,
    });
    child = started;
    for await (const line of createInterface({ input: started.stderr })) {
      if (!line.includes('ready to accept connections')) continue;
      started.stderr.resume();
      return;
    }
    throw new Error('postgres ended before it took connections.');
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  }

  function urlOf({ user = administrator, password: secret = password, database = 'postgres', schema = 'public' }) {
    return `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}?search_path=${schema}`;
  }

  await start();
  return {
    port,
    urlOf,
    start,
    // Its own children would outlive a SIGKILL of the first process for a while.
    kill: () => end('SIGQUIT'),
    async close() {
      await end('SIGINT');
      rmSync(folder, { recursive: true });
    },
  };
}

function readAccount(name: string): { readonly uid: number; readonly gid: number } | null {
  const [uid, gid] = ['-u', '-g'].map((option) =>
    Number(spawnSync('id', [option, name], { encoding: 'utf8' }).stdout.trim() || NaN),
  );
  if (uid === undefined || gid === undefined || !Number.isInteger(uid) || !Number.isInteger(gid)) {
    throw new UnavailableError(`PostgreSQL refuses to run as root, and there is no account ${name}.`);
  }
  return { uid, gid };
}

/** Debian keeps the programs of a server out of the path, one folder for each version. */
function programOf(name: string): string {
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder) ? readdirSync(folder).sort((left, right) => Number(right) - Number(left)) : [];
  return versions.map((version) => join(folder, version, 'bin', name)).find((path) => existsSync(path)) ?? name;
}
