import { buildConsole, run } from '../build.ts';

await buildConsole();
await run(process.execPath, ['../../node_modules/typescript/bin/tsc', '--project', '.']);
// Not before: what the tests import is installed by the build.
await import('./tests.ts');
