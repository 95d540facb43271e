import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the built programs; undefined for tests that start none. */
    readonly built: string | undefined;
  }
}

/** Builds the programs for the tests that start them, as `npm run build` does: they start in half of what tsx takes. */
export function setup(project: TestProject): () => void {
  const root = join(import.meta.dirname, '..');
  const folder = mkdtempSync(join(tmpdir(), 'session-graph-built-'));
  const built = join(folder, 'dist');
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Types are checked by `npm run typecheck`.
  execFileSync(process.execPath, [tsc, '--project', 'tsconfig.build.json', '--noCheck', '--outDir', built], {
    cwd: root,
    stdio: 'inherit',
  });
  project.provide('built', built);
  return () => rmSync(folder, { recursive: true });
}
