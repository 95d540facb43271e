/** `npm run test:fuzz -- --worlds 20000 [--seed N] [--path P]`: the properties of paging and of the catalog over as many worlds as one likes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
});
const settings = {
  FUZZ_WORLDS: values.worlds,
  ...(values.seed === undefined ? {} : { FUZZ_SEED: values.seed }),
  ...(values.path === undefined ? {} : { FUZZ_PATH: values.path }),
};
const run = spawnSync(
  process.execPath,
  [join('node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/pagination', 'test/catalog', '--testTimeout=86400000'],
  { stdio: 'inherit', env: { ...process.env, ...settings } },
);
process.exitCode = run.status ?? 1;
