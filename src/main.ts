#!/usr/bin/env node
import { readCommandLine, usage } from './config/command-line.ts';
import { ConfigError } from './config/config-error.ts';
import { readEnvironment } from './config/environment.ts';
import { toErrorText } from './server/error-text.ts';

// The first process of a container gets no signal that it does not listen to, and what is served takes a second to load: nothing
// that is slow to load is imported above, or by what is. Until there is a server nothing has to end first.
let stop = (_: NodeJS.Signals): void => process.exit(0);
process.on('SIGINT', (signal) => stop(signal));
process.on('SIGTERM', (signal) => stop(signal));

/** Says why there is no server; the process ends with 1. */
function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const environment = readEnvironment();
  const command = readCommandLine(process.argv.slice(2), environment);
  switch (command.kind) {
    case 'help':
      process.stdout.write(usage);
      return;
    case 'version': {
      const { readVersion } = await import('./config/version.ts');
      process.stdout.write(`${readVersion()}\n`);
      return;
    }
    case 'mistake':
      return fail(`${command.message}\n\n${usage}`);
    case 'serve': {
      const { serve } = await import('./serve.ts');
      await serve(command, (next) => {
        stop = next;
      });
    }
  }
}

run().catch((error: unknown) => {
  fail(toErrorText(error));
  // After what nobody expected something may be left that would keep the process alive.
  if (!(error instanceof ConfigError)) process.exit();
});
