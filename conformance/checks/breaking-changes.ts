import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Check, CheckFailed } from '../check.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The commit to compare with may be named in SCHEMA_BASE. */
export function breakingChangeChecks(): readonly Check[] {
  return [
    {
      name: 'Nothing breaks in schema.graphql that is not acknowledged',
      tools: ['graphql'],
      async run() {
        const base = process.env.SCHEMA_BASE;
        const script = ['run', '--silent', 'check:schema', ...(base === undefined ? [] : ['--', base])];
        await run('npm', script, { cwd: root }).catch((error: unknown) => {
          throw new CheckFailed(error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error));
        });
        return '`findBreakingChanges`, and the directives of federation';
      },
    },
  ];
}
