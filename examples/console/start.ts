import { parseArgs } from 'node:util';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { buildConsole } from './build.ts';
import { serveConsole } from './serve.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4100' } } });

process.stdout.write('Building the console ...\n');
await buildConsole();
const sandbox = await startSandbox();
const server = await serveConsole(sandbox, { port: Number(values.port) }).catch(async (error: unknown) => {
  await sandbox.close();
  throw error;
});
process.stdout.write(`The console, with sample data, is at ${server.url}\nPress Ctrl-C to stop.\n`);

const stop = (): void => {
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  void server.close().then(() => sandbox.close());
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
