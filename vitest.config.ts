import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/** Tests that start programs, which are built for them. */
const processes = [
  'test/documents/trusted-documents.test.ts',
  ...['main', 'npm-start', 'redis', 'reload', 'replicas', 'trial'].map((name) => `test/server/${name}.test.ts`),
];

/** Tests that replace modules, stop the clock, register something for the whole process or count what keeps it alive share their modules with no others. */
const folders = ['schema', 'federation', 'faults', 'http'];
export const apart = [...folders.map((folder) => `test/${folder}/**/*.test.ts`), 'test/server/tracing.test.ts'];

/** How much of each campaign is run: a sample for every save, all of it by `npm run test:full`. */
const campaigns =
  process.env.TEST_FULL === undefined
    ? { FUZZ_WORLDS: 50, FUZZ_INPUTS: 500, FUZZ_BYTES: 200, CROWD: 40, WALK_SESSIONS: 300, CHOSEN_NAMES: 500 }
    : { FUZZ_WORLDS: 500, FUZZ_INPUTS: 10_000, FUZZ_BYTES: 2000, CROWD: 200, WALK_SESSIONS: 900, CHOSEN_NAMES: 10_000 };
const sizes = Object.fromEntries(
  Object.entries(campaigns).map(([name, size]) => [name, process.env[name] ?? String(size)]),
);

export default defineConfig({
  // Without this, tests and dependencies load two copies of graphql and `instanceof` fails between them.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    // No test may fail because the machine is busy: what hangs is found by whoever waits for the run.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    pool: 'threads',
    env: sizes,
    projects: [
      // One load of the graph for all files of a worker: loading it costs more than most of the tests.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...apart, ...processes], isolate: false },
      },
      {
        extends: true,
        test: { name: 'processes', include: processes, isolate: false, globalSetup: 'test/built.ts' },
      },
      { extends: true, test: { name: 'apart', include: apart } },
    ],
  },
});
