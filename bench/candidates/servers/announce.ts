import type { Server } from 'node:http';

/** Listens on a free port and prints the URL, as the runner expects of every candidate. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    process.stdout.write(`http://127.0.0.1:${port}/graphql\n`);
  });
  process.once('SIGTERM', () => process.exit());
}
