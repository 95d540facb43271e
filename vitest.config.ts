import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

export default defineConfig({
  // Without this, tests and dependencies load two copies of graphql and `instanceof` fails between them.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    server: { deps: { inline: [/@pothos\//, /graphql-yoga/, /@envelop\//, /@graphql-tools\//, /@graphql-yoga\//] } },
  },
});
