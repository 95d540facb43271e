import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Isolation {
  /** As what, and on what, the commands of the image run. */
  readonly description: string;
  /** What a write in the image answers. */
  readonly refusal: 'EROFS' | 'EACCES';
  start(words: readonly string[], options: StartOptions): Started;
}

interface StartOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Started {
  readonly child: ChildProcess;
  signal(signal: NodeJS.Signals): void;
}

const isRoot = process.getuid?.() === 0;

/** The nearest to a container that this machine allows to whoever runs this. */
export function isolate(folder: string, uid: number): Isolation {
  // The folder of a test is for its owner alone.
  chmodSync(dirname(folder), 0o755);
  if (isRoot && canRun('unshare', [...namespaces, 'setpriv', ...dropTo(uid), 'node', '--version'])) {
    return {
      description: `as process 1 and user ${uid} on a read-only file system`,
      refusal: 'EROFS',
      start: (words, options) => startInNamespaces(words, options, folder, uid),
    };
  }
  execFileSync('chmod', ['-R', 'a-w', folder]);
  const isDropped = isRoot && canRun('node', ['--version'], uid);
  return {
    description: `${isDropped ? `as user ${uid} ` : ''}in a folder without write permission`,
    refusal: 'EACCES',
    start(words, { cwd, env }) {
      const child = spawn(words[0] ?? '', words.slice(1), { cwd, env, ...(isDropped ? { uid, gid: uid } : {}) });
      return { child, signal: (signal) => void child.kill(signal) };
    },
  };
}

const namespaces = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];

const dropTo = (uid: number) => [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs'];

function startInNamespaces(words: readonly string[], { cwd, env }: StartOptions, folder: string, uid: number): Started {
  const readOnly = [
    `mount --bind '${folder}' '${folder}'`,
    `mount -o remount,bind,ro '${folder}'`,
    'mount -o remount,bind,ro /',
    `cd '${cwd}'`,
    `exec setpriv ${dropTo(uid).join(' ')} "$@"`,
  ].join(' && ');
  const child = spawn('unshare', [...namespaces, 'sh', '-c', readOnly, 'sh', ...words], { env });
  return { child, signal: (signal) => void process.kill(firstChildOf(child.pid ?? 0), signal) };
}

/** What is process 1 to itself. */
function firstChildOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
}

function canRun(command: string, words: readonly string[], uid?: number): boolean {
  return spawnSync(command, words, { stdio: 'ignore', ...(uid === undefined ? {} : { uid, gid: uid }) }).status === 0;
}
