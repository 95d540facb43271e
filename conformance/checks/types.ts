import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Check, CheckFailed } from '../check.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

export function typeChecks(): readonly Check[] {
  return [
    {
      name: 'The examples and these checks fit the types of the tools',
      tools: ['typescript'],
      async run() {
        for (const project of ['examples', 'conformance']) {
          await run('npx', ['tsc', '--noEmit', '--project', project], { cwd: root }).catch((error: unknown) => {
            throw new CheckFailed(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error));
          });
        }
        return 'strict';
      },
    },
  ];
}
