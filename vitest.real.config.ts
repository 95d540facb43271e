import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  // Without this, tests and dependencies load two copies of graphql and `instanceof` fails between them.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    include: ['test/real/*.real.ts'],
    // Real servers are walked in every step size, and a catalog that is on a disk is given fewer plans than one in memory.
    env: { TEST_FULL: '1', FUZZ_WORLDS: process.env.FUZZ_WORLDS ?? '20' },
    // Worlds start while tests run, and a walk is many requests to a slow server.
    testTimeout: 120_000,
    // Eight servers start at once, on a machine that may be busy.
    hookTimeout: 600_000,
    // One process, so that Node reads the certificate it is told of.
    pool: 'forks',
    fileParallelism: false,
    server: { deps: { inline: [/@pothos\//, /graphql-yoga/, /@envelop\//, /@graphql-tools\//, /@graphql-yoga\//] } },
  },
});
