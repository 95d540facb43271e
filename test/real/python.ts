import { spawnSync } from 'node:child_process';

export interface Python {
  readonly path: string;
  readonly version: string;
}

const names = ['python3.11', 'python3.12', 'python3.13', 'python3', 'python'] as const;
const question = 'import ensurepip, sys, venv; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';

/** One that the platforms run on and that can make virtual environments; null when this machine has none. */
export function findPython(wanted: string | undefined): Python | null {
  for (const name of wanted === undefined ? names : [wanted]) {
    const { status, stdout } = spawnSync(name, ['-c', question], { encoding: 'utf8' });
    const [path = '', version = ''] = stdout?.trim().split('\n') ?? [];
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (status === 0 && major === 3 && minor >= 11) return { path, version };
  }
  return null;
}
